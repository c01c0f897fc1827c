//! What the macro refuses, and that it says so where it is written. What it understands is tested in the page's `tests/web/view`.

use quote::quote;
use rstml::{Parser, ParserConfig};

use crate::node;

fn written(view: proc_macro2::TokenStream) -> String {
    let (nodes, mistakes) = Parser::new(ParserConfig::default()).parse_recoverable(view).split_vec();
    assert!(mistakes.is_empty(), "the view reads as one");
    node::of_all(&nodes).to_string()
}

#[test]
fn what_is_not_understood_does_not_compile() {
    for (view, said) in [
        (quote! { <p style="color: red" /> }, "inline style takes a pair"),
        (quote! { <p style=("color",) /> }, "inline style takes a pair"),
        (quote! { <p attr:title="a" /> }, "no such kind of attribute"),
        (quote! { <p {title} /> }, "name the attribute"),
        (quote! { <Icon {glyph.clone()} /> }, "name the property"),
        (quote! { <Icon class:wide=true /> }, "a component takes plain properties"),
        (quote! { <!DOCTYPE html> }, "the page's views have no such node"),
    ] {
        let text = view.to_string();
        assert!(written(view).contains(said), "{text}");
    }
}

#[test]
fn what_is_understood_compiles() {
    for view in [
        quote! { <p style=("color", red) title="a" hidden on:click=press>"text"</p> },
        quote! { <ui::Icon {glyph} wide=true>{inner}</ui::Icon> },
        quote! { <><!-- "said to readers" --></> },
    ] {
        let text = view.to_string();
        assert!(!written(view).contains("compile_error"), "{text}");
    }
}

#[test]
fn elements_of_svg_are_made_in_its_namespace() {
    assert!(written(quote! { <circle r="1" /> }).contains("drawn"));
    assert!(!written(quote! { <p /> }).contains("drawn"));
}
