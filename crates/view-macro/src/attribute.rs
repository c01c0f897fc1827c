//! Attributes of elements: `name="text"`, `name=expression`, `name` alone, `class:name=flag`, `style:name=text`,
//! `style=("name", text)`, `prop:name=value`, `on:event=handler`, `node_ref=reference`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::NodeAttribute;
use syn::{Expr, spanned::Spanned};

/// The call that sets or binds an attribute of `element`, the name of the element that is being built.
pub(crate) fn of(element: &Ident, attribute: &NodeAttribute) -> TokenStream {
    let NodeAttribute::Attribute(keyed) = attribute else {
        return quote_spanned! { attribute.span() => compile_error!("name the attribute") };
    };
    let name = keyed.key.to_string();
    let Some(value) = value(attribute) else { return quote! { #element.attribute(#name, ""); } };
    match name.split_once(':') {
        Some(("class", class)) => quote! { #element.class_while(#class, #value); },
        Some(("style", property)) => quote! { #element.style(#property, #value); },
        Some(("prop", property)) => quote! { #element.property(#property, #value); },
        Some(("on", event)) => quote! { #element.on(#event, #value); },
        Some(_) => quote_spanned! { keyed.key.span() => compile_error!("no such kind of attribute") },
        None if name == "node_ref" => quote! { #element.bind(#value); },
        None if name == "style" => match value {
            Expr::Tuple(pair) if pair.elems.len() == 2 => {
                let (property, value) = (&pair.elems[0], &pair.elems[1]);
                quote! { #element.style(#property, #value); }
            }
            other => quote_spanned! { other.span() => compile_error!("inline style takes a pair: (property, text)") },
        },
        None => quote! { #element.attribute(#name, #value); },
    }
}

/// What stands behind the equals sign.
pub(crate) fn value(attribute: &NodeAttribute) -> Option<&Expr> {
    match attribute {
        NodeAttribute::Attribute(keyed) => keyed.value(),
        NodeAttribute::Block(_) => None,
    }
}
