//! The `view!` of the page: leptos' syntax, written out as calls of `member_page::view`.
//!
//! leptos gives every element a type of its own, with code of its own to build it, and the page has hundreds. Here all share
//! one type, and what is left of an element in the wasm are its calls. What the page uses of the syntax is understood:
//! elements, components, text, blocks, and the attributes that [`attribute`] lists.

mod attribute;
mod node;
#[cfg(test)]
mod refusals;

use proc_macro::TokenStream;
use proc_macro2_diagnostics::Diagnostic;
use quote::quote;
use rstml::{Parser, ParserConfig};

/// Builds a piece of the page.
///
/// ```ignore
/// view! {
///     <p class="hint" class:hint--late=flag(move || late.get())>
///         {message(|text| text.hint)}
///         <Icon glyph=Glyph::Clock />
///     </p>
/// }
/// ```
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    let parser = Parser::new(ParserConfig::default());
    let (nodes, mistakes) = parser.parse_recoverable(tokens).split_vec();
    let mistakes = mistakes.into_iter().map(Diagnostic::emit_as_expr_tokens);
    let view = node::of_all(&nodes);
    quote! {{ #(#mistakes;)* #view }}.into()
}

/// A function whose parameters are the properties of a component: leptos', without what it would wrap around the view.
#[proc_macro_attribute]
pub fn component(_: TokenStream, function: TokenStream) -> TokenStream {
    let function = proc_macro2::TokenStream::from(function);
    quote! {
        #[::leptos::component(transparent)]
        #function
    }
    .into()
}
