//! Components in a view: `<Name prop=value other />`, with or without children. `let:item` names a parameter of the
//! children.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::{Infallible, KeyedAttribute, NodeAttribute, NodeBlock, NodeElement, NodeName};
use syn::spanned::Spanned;

use crate::{attribute, node};

/// Whether an element's name is the name of a component.
pub(crate) fn is_component(element: &NodeElement<Infallible>) -> bool {
    let name = element.name().to_string();
    name.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// The call of a component.
pub(crate) fn call(element: &NodeElement<Infallible>) -> TokenStream {
    let NodeName::Path(name) = element.name() else {
        return quote_spanned! { element.name().span() => compile_error!("a component is named by a path") };
    };
    let parameters: Vec<Ident> = element.attributes().iter().filter_map(parameter).collect();
    let props = element.attributes().iter().filter(|attribute| parameter(attribute).is_none()).map(prop);
    let children = (!element.children.is_empty()).then(|| {
        let children = node::view_of(&element.children);
        if parameters.is_empty() {
            quote! { .children(::light_leptos::prelude::ToChildren::to_children(move || #children)) }
        } else {
            quote! { .children(move |#(#parameters),*| #children) }
        }
    });
    quote! {
        ::light_leptos::macro_support::build_component(
            #name,
            ::light_leptos::macro_support::component_props_builder(&#name)#(#props)*#children.build(),
        )
    }
}

/// The name in `let:name`.
fn parameter(attribute: &NodeAttribute) -> Option<Ident> {
    let NodeAttribute::Attribute(keyed) = attribute else { return None };
    let name = keyed.key.to_string();
    let name = name.strip_prefix("let:")?;
    // With the span of the source, so that the children can use the name.
    syn::parse_str::<Ident>(name).ok().map(|name| Ident::new(&name.to_string(), last_span(&keyed.key)))
}

fn last_span(name: &NodeName) -> Span {
    match name {
        NodeName::Punctuated(parts) => parts.last().map_or_else(|| name.span(), Spanned::span),
        other => other.span(),
    }
}

fn prop(attribute: &NodeAttribute) -> TokenStream {
    match attribute {
        NodeAttribute::Attribute(KeyedAttribute { key: NodeName::Path(key), .. }) => {
            let value = attribute::value(attribute).map_or_else(|| quote! { #key }, |value| quote! { #value });
            quote! { .#key(#value) }
        }
        // `{name}` and `name` alone both mean `name=name`.
        NodeAttribute::Block(NodeBlock::ValidBlock(block)) => {
            if let [syn::Stmt::Expr(syn::Expr::Path(name), None)] = &block.stmts[..] {
                quote! { .#name(#name) }
            } else {
                quote_spanned! { block.span() => compile_error!("name the prop") }
            }
        }
        other => quote_spanned! { other.span() => compile_error!("a component takes plain props") },
    }
}
