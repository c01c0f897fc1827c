//! The attributes of elements: `name="text"`, `name=expression`, `name` alone, `class:name=condition`,
//! `style:name=text`, `style=("name", text)`, `prop:name=value`, `on:event=handler`, `node_ref=reference`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use rstml::node::NodeAttribute;
use syn::{Expr, spanned::Spanned};

/// The call that sets or binds an attribute of the variable `element`. `function` is leptos' function for the element.
pub(crate) fn call(element: &Ident, function: &TokenStream, attribute: &NodeAttribute) -> TokenStream {
    let NodeAttribute::Attribute(keyed) = attribute else {
        return quote_spanned! { attribute.span() => compile_error!("name the attribute"); };
    };
    let span = keyed.key.span();
    let name = keyed.key.to_string();
    let Some(value) = value(attribute) else { return quote! { #element.attribute(#name, ""); } };
    match name.split_once(':') {
        Some(("class", class)) => quote! { #element.class(#class, #value); },
        Some(("style", property)) => quote! { #element.style(#property, #value); },
        Some(("prop", property)) => quote! { #element.property(#property, #value); },
        Some(("on", event)) if syn::parse_str::<Ident>(event).is_ok() => {
            // An event that leptos does not know causes a compile error at its place in the view.
            let event = format_ident!("{event}", span = span);
            quote_spanned! { span => #element.on(::light_leptos::macro_support::ev::#event, #value); }
        }
        Some(_) => quote_spanned! { span => compile_error!("light-leptos has no such kind of attribute"); },
        None if name == "node_ref" => {
            quote_spanned! { value.span() => #element.node_ref(#function, #value); }
        }
        None if name == "style" => match value {
            Expr::Tuple(pair) if pair.elems.len() == 2 => {
                let (property, value) = (&pair.elems[0], &pair.elems[1]);
                quote! { #element.style(#property, #value); }
            }
            other => {
                quote_spanned! { other.span() => compile_error!("inline style takes a pair: (property, text)"); }
            }
        },
        None => quote! { #element.attribute(#name, #value); },
    }
}

/// The expression after the equals sign.
pub(crate) fn value(attribute: &NodeAttribute) -> Option<&Expr> {
    match attribute {
        NodeAttribute::Attribute(keyed) => keyed.value(),
        NodeAttribute::Block(_) => None,
    }
}
