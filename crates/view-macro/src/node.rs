//! Elements, components, texts and blocks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use rstml::node::{Infallible, KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement, NodeName};
use syn::spanned::Spanned;

use crate::attribute;

/// Several nodes beside each other, or one.
pub(crate) fn of_all(nodes: &[Node]) -> TokenStream {
    let views: Vec<TokenStream> = nodes.iter().filter_map(of).collect();
    match &views[..] {
        [] => quote! { ::member_page::view::View::nothing() },
        [one] => quote! { ::member_page::view::IntoView::into_any(#one) },
        several => quote! {
            ::member_page::view::View::of([#(::member_page::view::IntoView::into_any(#several)),*])
        },
    }
}

fn of(node: &Node) -> Option<TokenStream> {
    Some(match node {
        Node::Element(element) if is_component(element) => component(element),
        Node::Element(named) => element(named),
        Node::Text(text) => {
            let text = &text.value;
            quote! { #text }
        }
        Node::RawText(text) => {
            let text = text.to_string_best();
            quote! { #text }
        }
        Node::Block(NodeBlock::ValidBlock(block)) => {
            // Most blocks hold one expression; their braces would be warned about.
            if let [syn::Stmt::Expr(only, None)] = &block.stmts[..] {
                quote! { #only }
            } else {
                quote! { #block }
            }
        }
        Node::Block(block) => quote_spanned! { block.span() => compile_error!("this block is no Rust") },
        Node::Fragment(fragment) => of_all(&fragment.children),
        Node::Comment(_) => return None,
        other => quote_spanned! { other.span() => compile_error!("the page's views have no such node") },
    })
}

fn is_component(element: &NodeElement<Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// The elements of SVG that the page draws with.
const DRAWN: [&str; 3] = ["svg", "path", "circle"];

fn element(node: &NodeElement<Infallible>) -> TokenStream {
    let name = node.name().to_string();
    let made = format_ident!("{}", if DRAWN.contains(&&*name) { "drawn" } else { "new" });
    // A variable of the macro's own: a view may use whatever names its surroundings have.
    let element = Ident::new("element", Span::mixed_site());
    let attributes = node.attributes().iter().map(|attribute| attribute::of(&element, attribute));
    let children = node.children.iter().filter_map(of);
    quote! {{
        let #element = ::member_page::view::Element::#made(#name);
        #(#attributes)*
        #(#element.child(#children);)*
        #element
    }}
}

fn component(element: &NodeElement<Infallible>) -> TokenStream {
    let NodeName::Path(name) = element.name() else {
        return quote_spanned! { element.name().span() => compile_error!("a component is named by a path") };
    };
    let properties = element.attributes().iter().map(property);
    let children = (!element.children.is_empty()).then(|| {
        let children = of_all(&element.children);
        quote! { .children(::std::boxed::Box::new(move || #children)) }
    });
    quote! {
        ::member_page::view::built(
            #name,
            ::leptos::component::component_props_builder(&#name)#(#properties)*#children.build(),
        )
    }
}

fn property(attribute: &NodeAttribute) -> TokenStream {
    match attribute {
        NodeAttribute::Attribute(KeyedAttribute { key: NodeName::Path(key), .. }) => {
            let value = attribute::value(attribute).map_or_else(|| quote! { #key }, |value| quote! { #value });
            quote! { .#key(#value) }
        }
        // `{name}` and `name` alone both stand for `name=name`.
        NodeAttribute::Block(NodeBlock::ValidBlock(block)) => {
            if let [syn::Stmt::Expr(syn::Expr::Path(name), None)] = &block.stmts[..] {
                quote! { .#name(#name) }
            } else {
                quote_spanned! { block.span() => compile_error!("name the property") }
            }
        }
        other => quote_spanned! { other.span() => compile_error!("a component takes plain properties") },
    }
}
