//! The views that the macro refuses, with the reason. The tests of `light-leptos` cover the views that it accepts.

use quote::quote;
use rstml::{Parser, ParserConfig};

use crate::{node, refused_arguments};

fn written(view: proc_macro2::TokenStream) -> String {
    let (nodes, errors) = Parser::new(ParserConfig::default()).parse_recoverable(view).split_vec();
    assert!(errors.is_empty(), "the view can be parsed");
    node::view_of(&nodes).to_string()
}

#[test]
fn views_that_are_not_in_the_subset_do_not_compile() {
    for (view, reason) in [
        (quote! { <p style="color: red" /> }, "inline style takes a pair"),
        (quote! { <p style=("color",) /> }, "inline style takes a pair"),
        (quote! { <p attr:title="a" /> }, "no such kind of attribute"),
        (quote! { <p use:directive=1 /> }, "no such kind of attribute"),
        (quote! { <p {title} /> }, "name the attribute"),
        (quote! { <p {..spread} /> }, "name the attribute"),
        (quote! { <my-element /> }, "no custom elements"),
        (quote! { <Icon {glyph.clone()} /> }, "name the prop"),
        (quote! { <Icon class:wide=true /> }, "a component takes plain props"),
        (quote! { <!DOCTYPE html> }, "no such node"),
    ] {
        let text = view.to_string();
        assert!(written(view).contains(reason), "{text}");
    }
}

#[test]
fn views_of_the_subset_compile() {
    for view in [
        quote! { <p style=("color", red) title="a" hidden on:click=press>"text"</p> },
        quote! { <ui::Icon {glyph} wide=true>{inner}</ui::Icon> },
        quote! { <For each=rows key=id let:row><p>{row}</p></For> },
        quote! { <><!-- "a comment" --></> },
    ] {
        let text = view.to_string();
        assert!(!written(view).contains("compile_error"), "{text}");
    }
}

/// Unknown names become paths that do not exist. The doc tests of `light-leptos` show that these do not compile.
#[test]
fn elements_and_events_are_looked_up_in_leptos() {
    for (view, path) in [
        (quote! { <buton /> }, "macro_support :: html :: buton"),
        (quote! { <g /> }, "macro_support :: svg :: g"),
        (quote! { <use /> }, "macro_support :: svg :: use_"),
        (quote! { <p on:clik=press /> }, "macro_support :: ev :: clik"),
    ] {
        assert!(written(view).contains(path), "{path}");
    }
}

#[test]
fn arguments_of_components_are_not_dropped() {
    assert!(refused_arguments(&quote! {}).is_none());
    assert!(refused_arguments(&quote! { transparent }).is_none());
    for arguments in [quote! { lazy }, quote! { transparent, lazy }, quote! { name = "Icon" }] {
        let refusal = refused_arguments(&arguments).map(|refusal| refusal.to_string());
        assert!(refusal.is_some_and(|refusal| refusal.contains("compile_error")), "{arguments}");
    }
}
