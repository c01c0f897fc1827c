//! Elements, fragments and components, and their removal.

use light_leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::{Count, failures, outside, settled};
use crate::Mounted;

#[wasm_bindgen_test]
fn children_stand_in_the_order_they_are_written_in() {
    let mounted = Mounted::new(|| {
        let (word, number) = ("word", 7.to_string());
        view! {
            "text "
            <b>{word}" and "{number}</b>
            // A Rust comment and a comment in the markup.
            <!-- "says nothing" -->
            raw text
            <><i></i><u></u></>
            {Some("some")}
            {None::<&str>}
            {()}
            {vec![view! { <s>"1"</s> }, view! { <s>"2"</s> }]}
            {["3", "4"].map(|name| view! { <em>{name}</em> }).collect_view()}
            {
                let sum = 2 + 3;
                sum.to_string()
            }
        }
    });
    assert_eq!(mounted.html(), "text <b>word and 7</b>raw text<i></i><u></u>some<s>1</s><s>2</s><em>3</em><em>4</em>5");
}

#[wasm_bindgen_test]
fn a_view_may_be_empty() {
    let mounted = Mounted::new(|| view! {});
    assert_eq!(mounted.html(), "");
}

#[wasm_bindgen_test]
fn texts_are_texts_whatever_they_say() {
    let said = "<img src=x onerror=alert(1)>&amp;";
    let mounted = Mounted::new(move || view! { <p>{said}{move || said.to_owned()}</p> });
    assert_eq!(mounted.text(), said.repeat(2));
    assert_eq!(mounted.count("img"), 0);
}

#[wasm_bindgen_test]
async fn a_text_changes_in_place() {
    let said = outside("before".to_owned());
    let mounted = Mounted::new(move || view! { <p>"It was "{move || said.get()}"."</p> });
    let node = mounted.first("p").child_nodes().item(2).unwrap();
    assert_eq!(mounted.text(), "It was before.");
    said.set("after".to_owned());
    settled().await;
    assert_eq!(mounted.text(), "It was after.");
    assert!(mounted.first("p").child_nodes().item(2).unwrap().is_same_node(Some(&node)));
}

/// Changes of other software to a text node, such as a browser's translator.
type Change = fn(&web_sys::Text);

fn replace_by_element(text: &web_sys::Text) {
    let font = document().create_element("font").unwrap();
    font.set_text_content(Some("translated"));
    text.parent_node().unwrap().replace_child(&font, text).unwrap();
}

#[wasm_bindgen_test]
async fn a_text_is_current_whatever_other_software_did_to_its_node() {
    let changes: [(&str, Change); 8] = [
        ("replaced by an element", replace_by_element),
        ("wrapped into an element", |text| {
            let font = document().create_element("font").unwrap();
            text.parent_node().unwrap().replace_child(&font, text).unwrap();
            font.append_child(text).unwrap();
        }),
        ("hidden behind a translation", |text| {
            let font = document().create_element("font").unwrap();
            font.set_text_content(Some("translated"));
            text.parent_node().unwrap().insert_before(&font, text.next_sibling().as_ref()).unwrap();
            text.set_data("");
        }),
        ("replaced by another text", |text| {
            let other = document().create_text_node("translated");
            text.parent_node().unwrap().replace_child(&other, text).unwrap();
        }),
        ("split", |text| drop(text.split_text(3).unwrap())),
        ("removed", |text| drop(text.parent_node().unwrap().remove_child(text).unwrap())),
        ("rewritten", |text| text.set_data("translated")),
        ("normalized", |text| text.parent_node().unwrap().normalize()),
    ];
    for (name, change) in changes {
        let said = outside("before".to_owned());
        let mounted =
            Mounted::new(move || view! { <p>"It was "{move || said.get()}{move || "!".repeat(said.get().len())}</p> });
        let dynamic_text = |index| mounted.first("p").child_nodes().item(index).unwrap().unchecked_into();
        change(&dynamic_text(2));
        for now in ["after", "later"] {
            said.set(now.to_owned());
            settled().await;
            assert_eq!(mounted.text(), format!("It was {now}{}", "!".repeat(now.len())), "{name}");
        }
        said.set(String::new());
        settled().await;
        assert_eq!(mounted.text(), "It was ", "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_view_is_current_whatever_other_software_did_to_its_texts() {
    let number = outside(1);
    let mounted = Mounted::new(move || {
        let lines = move || (0..number.get()).map(|line| format!("line {line} ").into_any()).collect_view();
        view! { <p>{lines}</p> }
    });
    for now in [3, 1, 2] {
        let texts = mounted.first("p").child_nodes();
        let texts: Vec<web_sys::Node> = (0..texts.length()).filter_map(|index| texts.item(index)).collect();
        texts.iter().filter_map(|node| node.dyn_ref()).for_each(replace_by_element);
        number.set(now);
        settled().await;
        let lines: String = (0..now).map(|line| format!("line {line} ")).collect();
        assert_eq!(mounted.text(), lines);
    }
}

#[wasm_bindgen_test]
fn drawings_are_svg_and_all_else_is_html() {
    let mounted = Mounted::new(|| {
        view! {
            <p>
                <svg viewBox="0 0 36 36">
                    <path d="M0 0h1" />
                    <circle cx="18" cy="18" r="1" pathLength="100" />
                </svg>
            </p>
        }
    });
    let space = |selector| mounted.first(selector).namespace_uri().unwrap();
    assert_eq!(space("p"), "http://www.w3.org/1999/xhtml");
    for name in ["svg", "path", "circle"] {
        assert_eq!(space(name), "http://www.w3.org/2000/svg", "{name}");
    }
    assert_eq!(mounted.first("svg").get_attribute("viewBox").as_deref(), Some("0 0 36 36"));
    assert_eq!(mounted.first("circle").get_attribute("pathLength").as_deref(), Some("100"));
}

#[wasm_bindgen_test]
fn names_of_the_surroundings_mean_what_they_say_there() {
    let element = "not the element that is being built";
    let mounted = Mounted::new(move || view! { <p title=element>{element}<b title=element></b></p> });
    assert_eq!(mounted.text(), element);
    assert_eq!(mounted.first("b").get_attribute("title").as_deref(), Some(element));
}

/// A component with each kind of property.
#[component]
fn Greeting(
    /// The name that is greeted.
    #[prop(into)]
    name: Signal<String>,
    /// The word before the name.
    word: &'static str,
    /// The text at the end.
    #[prop(optional)]
    end: Option<&'static str>,
    /// The text after the name.
    children: Children,
) -> impl IntoView {
    view! { <p>{word}" "{move || name.get()}{children()}{end}</p> }
}

#[wasm_bindgen_test]
async fn components_take_properties_by_name_and_children() {
    let name = outside("Lin".to_owned());
    let mounted = Mounted::new(move || {
        let word = "Hello";
        view! { <Greeting name word><b>"!"</b></Greeting><Greeting {word} name=name end="?">"…"</Greeting> }
    });
    assert_eq!(mounted.html(), "<p>Hello <!---->Lin<!----><b>!</b></p><p>Hello <!---->Lin<!---->…?</p>");
    name.set("Wang".to_owned());
    settled().await;
    assert_eq!(mounted.text(), "Hello Wang!Hello Wang…?");
}

/// Reads a signal while it is built.
#[component]
fn Once(
    /// The signal.
    number: RwSignal<u32>,
) -> impl IntoView {
    let number = number.get().to_string();
    view! { <b>{number}</b> }
}

#[wasm_bindgen_test]
async fn what_a_component_reads_while_it_is_built_does_not_build_its_surroundings_anew() {
    let number = outside(1);
    let builds = Count::default();
    let counted = builds.clone();
    let mounted = Mounted::new(move || {
        move || {
            {
                counted.one_more();
                view! { <Once number /> }
            }
            .into_any()
        }
    });
    number.set(2);
    settled().await;
    assert_eq!((builds.get(), mounted.text()), (1, "1".to_owned()));
}

#[wasm_bindgen_test]
async fn what_is_unmounted_hears_nothing_and_does_nothing_more() {
    let number = outside(1);
    let (clicks, texts, effects, ends) = (Count::default(), Count::default(), Count::default(), Count::default());
    let counts = [&clicks, &texts, &effects, &ends].map(Clone::clone);
    let mounted = Mounted::new(move || {
        let [clicks, texts, effects, ends] = counts;
        Effect::new(move |_| {
            number.track();
            effects.one_more();
        });
        let ends = send_wrapper::SendWrapper::new(ends);
        on_cleanup(move || ends.one_more());
        let said = move || {
            texts.one_more();
            number.get().to_string()
        };
        view! { <button on:click=move |_| clicks.one_more()>{said}</button> }
    });
    settled().await;
    let button: HtmlElement = mounted.first("button").unchecked_into();
    button.click();
    number.set(2);
    settled().await;
    let counted = || [&clicks, &texts, &effects, &ends].map(Count::get);
    assert_eq!(counted(), [1, 2, 2, 0]);

    let root = mounted.unmount();
    assert_eq!(root.child_nodes().length(), 0);
    assert_eq!(failures(|| button.click()), 0);
    number.set(3);
    settled().await;
    assert_eq!(counted(), [1, 2, 2, 1]);
    assert_eq!(button.text_content().as_deref(), Some("2"));
}
