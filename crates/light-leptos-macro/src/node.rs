//! Elements, texts and blocks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use rstml::node::{Infallible, Node, NodeBlock, NodeElement, NodeName};
use syn::spanned::Spanned;

use crate::{attribute, component, svg};

/// The view of these nodes.
pub(crate) fn view_of(nodes: &[Node]) -> TokenStream {
    let views: Vec<TokenStream> = nodes.iter().filter_map(node).collect();
    match &views[..] {
        [] => quote! { ::light_leptos::prelude::IntoView::into_any(()) },
        [one] => quote! { ::light_leptos::prelude::IntoView::into_any(#one) },
        several => quote! {
            ::light_leptos::prelude::AnyView::of([#(::light_leptos::prelude::IntoView::into_any(#several)),*])
        },
    }
}

fn node(node: &Node) -> Option<TokenStream> {
    Some(match node {
        Node::Element(element) if component::is_component(element) => component::call(element),
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
            // Most blocks contain one expression, and their braces would cause a warning.
            if let [syn::Stmt::Expr(only, None)] = &block.stmts[..] {
                quote! { #only }
            } else {
                quote! { #block }
            }
        }
        Node::Block(block) => quote_spanned! { block.span() => compile_error!("this block is no Rust") },
        Node::Fragment(fragment) => view_of(&fragment.children),
        Node::Comment(_) => return None,
        other => quote_spanned! { other.span() => compile_error!("light-leptos has no such node") },
    })
}

fn element(node: &NodeElement<Infallible>) -> TokenStream {
    let span = node.name().span();
    let name = node.name().to_string();
    let NodeName::Path(_) = node.name() else {
        return quote_spanned! { span => compile_error!("light-leptos has no custom elements") };
    };
    let namespace = format_ident!("{}", if svg::has(&name) { "svg" } else { "html" });
    // `use` is the only keyword that is also an element.
    let function = Ident::new(if name == "use" { "use_" } else { &name }, span);
    // An element that leptos does not know causes a compile error at its place in the view.
    let function = quote_spanned! { span => ::light_leptos::macro_support::#namespace::#function };
    // Hygienic, because a view can use any name of its surroundings.
    let element = Ident::new("element", Span::mixed_site());
    let attributes = node.attributes().iter().map(|attribute| attribute::call(&element, &function, attribute));
    let children = node.children.iter().filter_map(self::node);
    quote! {{
        let _ = #function;
        let #element = ::light_leptos::macro_support::Element::#namespace(#name);
        #(#attributes)*
        #(#element.child(#children);)*
        #element
    }}
}
