//! The macros of `light-leptos`. They accept leptos' view syntax and generate calls of that crate.
//!
//! leptos gives every element its own type with its own code, and a page has hundreds of elements. Here all elements
//! share one type, and an element costs only the calls that build it. [`attribute`] lists the supported attributes.

mod attribute;
mod component;
mod node;
#[cfg(test)]
mod refusals;
mod svg;

use proc_macro::TokenStream;
use proc_macro2_diagnostics::Diagnostic;
use quote::{quote, quote_spanned};
use rstml::{Parser, ParserConfig};
use syn::spanned::Spanned;

/// Builds a view.
///
/// ```ignore
/// view! {
///     <p class="hint" class:hint--late=move || late.get()>
///         {move || language.text().hint}
///         <Icon glyph=Glyph::Clock />
///     </p>
/// }
/// ```
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    let parser = Parser::new(ParserConfig::default());
    let (nodes, errors) = parser.parse_recoverable(tokens).split_vec();
    let errors = errors.into_iter().map(Diagnostic::emit_as_expr_tokens);
    let view = node::view_of(&nodes);
    quote! {{ #(#errors;)* #view }}.into()
}

/// Turns a function into a component. The parameters become props, as with leptos' attribute, which this macro calls.
/// The only supported argument is `transparent`. It changes nothing, because no component is wrapped.
#[proc_macro_attribute]
pub fn component(arguments: TokenStream, function: TokenStream) -> TokenStream {
    let arguments = proc_macro2::TokenStream::from(arguments);
    let function = proc_macro2::TokenStream::from(function);
    let refusal = refused_arguments(&arguments);
    quote! {
        #refusal
        #[::leptos::component(transparent)]
        #function
    }
    .into()
}

fn refused_arguments(arguments: &proc_macro2::TokenStream) -> Option<proc_macro2::TokenStream> {
    let is_known = arguments.is_empty() || arguments.to_string() == "transparent";
    (!is_known).then(|| {
        quote_spanned! { arguments.span() => compile_error!("light-leptos knows no such component; `transparent` is its only argument"); }
    })
}
