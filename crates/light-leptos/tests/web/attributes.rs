//! Each kind of attribute: its first value, and its value after a signal has changed.

use light_leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use super::{Count, event, outside, settled};
use crate::Mounted;

#[wasm_bindgen_test]
fn what_never_changes_is_set_once() {
    let (owned, absent) = ("owned".to_owned(), None::<&str>);
    let mounted = Mounted::new(move || {
        view! {
            <input
                type="search"
                name=owned
                data-two-parts="a \"quoted\" <text>"
                required
                disabled=true
                readonly=false
                title=Some("there")
                placeholder=absent
            />
        }
    });
    let input = mounted.first("input");
    for (name, value) in [
        ("type", Some("search")),
        ("name", Some("owned")),
        ("data-two-parts", Some("a \"quoted\" <text>")),
        ("required", Some("")),
        ("disabled", Some("")),
        ("readonly", None),
        ("title", Some("there")),
        ("placeholder", None),
    ] {
        assert_eq!(input.get_attribute(name).as_deref(), value, "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_text_follows_what_it_reads() {
    let title = outside("before".to_owned());
    let mounted = Mounted::new(move || view! { <p title=move || title.get()></p> });
    let element = mounted.first("p");
    assert_eq!(element.get_attribute("title").as_deref(), Some("before"));
    title.set("after".to_owned());
    settled().await;
    assert_eq!(element.get_attribute("title").as_deref(), Some("after"));
    assert!(mounted.first("p").is_same_node(Some(&element)), "the element is the same one");
}

#[wasm_bindgen_test]
async fn an_attribute_that_may_be_absent_comes_and_goes() {
    let title = outside(None::<String>);
    let mounted = Mounted::new(move || view! { <p title=move || title.get()></p> });
    let element = mounted.first("p");
    assert!(!element.has_attribute("title"));
    for now in [Some("there"), Some(""), None, Some("again")] {
        title.set(now.map(str::to_owned));
        settled().await;
        assert_eq!(element.get_attribute("title").as_deref(), now);
    }
}

#[wasm_bindgen_test]
async fn a_flag_sets_and_removes_the_attribute() {
    let is_off = outside(true);
    let mounted = Mounted::new(move || view! { <button disabled=move || is_off.get()></button> });
    let button = mounted.first("button");
    assert_eq!(button.get_attribute("disabled").as_deref(), Some(""));
    is_off.set(false);
    settled().await;
    assert!(!button.has_attribute("disabled"));
    is_off.set(true);
    settled().await;
    assert!(button.has_attribute("disabled"));
}

#[wasm_bindgen_test]
async fn a_class_depends_on_a_flag_and_leaves_the_others_alone() {
    let is_late = outside(false);
    let mounted = Mounted::new(move || {
        view! { <p class="hint hint--wide" class:hint--late=move || is_late.get() class:always=true class:never=false></p> }
    });
    let classes = mounted.first("p").class_list();
    let has = |wanted: [bool; 5]| {
        let names = ["hint", "hint--wide", "hint--late", "always", "never"];
        assert_eq!(names.map(|name| classes.contains(name)), wanted, "{}", classes.value());
    };
    has([true, true, false, true, false]);
    is_late.set(true);
    settled().await;
    has([true, true, true, true, false]);
    is_late.set(false);
    settled().await;
    has([true, true, false, true, false]);
}

#[wasm_bindgen_test]
async fn styles_follow_both_ways_of_writing_them() {
    let height = outside(3);
    let mounted = Mounted::new(move || {
        let pixels = move || format!("{}px", height.get());
        view! { <p style:height=pixels style=("--share", move || height.get().to_string())></p> }
    });
    let style = mounted.first("p").unchecked_into::<HtmlElement>().style();
    let both = || ["height", "--share"].map(|name| style.get_property_value(name).unwrap());
    assert_eq!(both(), ["3px", "3"]);
    height.set(40);
    settled().await;
    assert_eq!(both(), ["40px", "40"]);
}

#[wasm_bindgen_test]
async fn a_property_is_the_objects_not_the_elements() {
    let value = outside("typed".to_owned());
    let mounted = Mounted::new(move || {
        view! { <input type="checkbox" prop:checked=true prop:value=move || value.get() /> }
    });
    let input: HtmlInputElement = mounted.first("input").unchecked_into();
    assert!(input.checked());
    assert!(!input.has_attribute("checked"), "as an attribute it would be the default, not the state");
    assert_eq!(input.value(), "typed");
    value.set("changed".to_owned());
    settled().await;
    assert_eq!(input.value(), "changed");
}

#[wasm_bindgen_test]
fn a_property_overrides_what_somebody_typed() {
    let mounted = Mounted::new(move || view! { <input prop:value=|| "set".to_owned() /> });
    let input: HtmlInputElement = mounted.first("input").unchecked_into();
    assert_eq!((input.value(), input.default_value()), ("set".to_owned(), String::new()));
}

#[wasm_bindgen_test]
fn handlers_hear_their_event_only_and_what_they_changed_before() {
    let (clicks, inputs) = (Count::default(), Count::default());
    let (clicked, typed) = (clicks.clone(), inputs.clone());
    let mounted = Mounted::new(move || {
        let mut so_far = 0;
        let input = move |event: Event| {
            so_far += 1;
            event.target().unwrap().unchecked_into::<HtmlInputElement>().set_value(&so_far.to_string());
            typed.one_more();
        };
        view! { <input on:click=move |_: web_sys::MouseEvent| clicked.one_more() on:input=input /> }
    });
    let input: HtmlInputElement = mounted.first("input").unchecked_into();
    mounted.click("input");
    assert_eq!((clicks.get(), inputs.get()), (1, 0));
    for _ in 0..2 {
        input.dispatch_event(&event("input")).unwrap();
    }
    assert_eq!((clicks.get(), inputs.get()), (1, 2));
    assert_eq!(input.value(), "2");
}

#[wasm_bindgen_test]
fn a_reference_knows_its_element_once_that_is_built() {
    let owner = Owner::new();
    let element = owner.with(NodeRef::<html::Input>::new);
    let mounted = Mounted::new(move || {
        assert!(element.get_untracked().is_none());
        view! { <p><input node_ref=element /></p> }
    });
    assert!(element.get_untracked().unwrap().is_same_node(Some(&mounted.first("input"))));
}

#[wasm_bindgen_test]
async fn an_attribute_that_is_not_concerned_is_not_made_again() {
    let (one, other) = (outside(1), outside(1));
    let (ones, others) = (Count::default(), Count::default());
    let (counted, counted_too) = (ones.clone(), others.clone());
    let _mounted = Mounted::new(move || {
        let title = move || {
            counted.one_more();
            one.get().to_string()
        };
        let label = move || {
            counted_too.one_more();
            other.get().to_string()
        };
        view! { <p title=title aria-label=label></p> }
    });
    assert_eq!((ones.get(), others.get()), (1, 1));
    other.set(2);
    settled().await;
    assert_eq!((ones.get(), others.get()), (1, 2));
}
