//! Reactive parts of a view: each is rebuilt alone when its signals change, and leaves nothing of its previous view.

use light_leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Count, failures, outside, settled};
use crate::Mounted;

#[wasm_bindgen_test]
async fn a_part_is_built_anew_between_neighbours_that_stay() {
    let number = outside(1);
    let mounted = Mounted::new(move || {
        let built = move || match number.get() {
            0 => ().into_any(),
            several => (0..several).map(|one| view! { <b>{one.to_string()}</b> }).collect_view(),
        };
        view! { <i></i>{built}<u></u> }
    });
    let (before, behind) = (mounted.first("i"), mounted.first("u"));
    for now in [1, 3, 0, 2] {
        number.set(now);
        settled().await;
        let numbers: String = (0..now).map(|one| format!("<b>{one}</b>")).collect();
        assert_eq!(mounted.html(), format!("<i></i><!---->{numbers}<!----><u></u>"));
    }
    assert!(mounted.first("i").is_same_node(Some(&before)) && mounted.first("u").is_same_node(Some(&behind)));
}

#[wasm_bindgen_test]
async fn a_part_that_may_be_there_is_built_once_for_each_time_that_it_comes() {
    let number = outside(0);
    let builds = Count::default();
    let counted = builds.clone();
    let mounted = Mounted::new(move || {
        let counted = counted.clone();
        view! {
            <Show when=move || 1 < number.get()>
                {
                    counted.one_more();
                    view! { <b></b> }
                }
            </Show>
        }
    });
    for (now, there, built) in [(1, 0, 0), (2, 1, 1), (3, 1, 1), (0, 0, 1), (2, 1, 2)] {
        number.set(now);
        settled().await;
        assert_eq!((mounted.count("b"), builds.get()), (there, built), "at {now}");
    }
}

#[wasm_bindgen_test]
async fn a_part_within_a_part_is_built_alone() {
    let (outer, inner) = (outside(1), outside(1));
    let (outers, inners, ends) = (Count::default(), Count::default(), Count::default());
    let counts = [&outers, &inners, &ends].map(Clone::clone);
    let mounted = Mounted::new(move || {
        let [outers, inners, ends] = counts;
        move || {
            {
                outers.one_more();
                let (name, inners, ends) = (outer.get().to_string(), inners.clone(), SendWrapper::new(ends.clone()));
                on_cleanup(move || ends.one_more());
                let within = move || {
                    inners.one_more();
                    view! { <b>{inner.get().to_string()}</b> }
                };
                view! { <p>{name}{within}</p> }
            }
            .into_any()
        }
    });
    let counted = || [&outers, &inners, &ends].map(Count::get);
    let paragraph = mounted.first("p");
    inner.set(2);
    settled().await;
    assert_eq!((mounted.text(), counted()), ("12".to_owned(), [1, 2, 0]));
    assert!(mounted.first("p").is_same_node(Some(&paragraph)));
    outer.set(3);
    settled().await;
    assert_eq!((mounted.text(), counted()), ("32".to_owned(), [2, 3, 1]));
    // One inner part is left. The inner part of the first outer one no longer subscribes to anything.
    inner.set(4);
    settled().await;
    assert_eq!((mounted.text(), counted()), ("34".to_owned(), [2, 4, 1]));
}

#[wasm_bindgen_test]
async fn a_part_of_both_at_once_builds_the_inner_one_for_the_new_outer_one_only() {
    let number = outside(1);
    let seen = outside(Vec::<(u32, u32)>::new());
    let mounted = Mounted::new(move || {
        move || {
            {
                let outer = number.get();
                move || {
                    {
                        let inner = number.get();
                        seen.update(|seen| seen.push((outer, inner)));
                        view! { <b>{format!("{outer}{inner}")}</b> }
                    }
                    .into_any()
                }
            }
            .into_any()
        }
    });
    // In the turn in which the parts are built, the inner part is notified first. Afterwards the first subscriber is.
    settled().await;
    number.set(2);
    settled().await;
    assert_eq!(mounted.text(), "22");
    assert_eq!(seen.get_untracked(), [(1, 1), (2, 2)]);
}

#[wasm_bindgen_test]
async fn parts_at_the_edges_of_a_part_leave_nothing_behind() {
    let (outer, first, last) = (outside(1), outside(1), outside(1));
    let mounted = Mounted::new(move || {
        let rows = |count: RwSignal<u32>| move || (0..count.get()).map(|_| view! { <b></b> }).collect_view();
        let whole = move || {
            outer.track();
            view! { {rows(first)}{rows(last)} }
        };
        view! { <i></i>{whole}<u></u> }
    });
    for (change, count) in [(first, 3), (last, 2), (first, 0), (last, 0), (first, 2), (last, 4)] {
        change.set(count);
        settled().await;
        outer.update(|outer| *outer += 1);
        settled().await;
        let rows = |count: RwSignal<u32>| format!("<!---->{}<!---->", "<b></b>".repeat(count.get_untracked() as usize));
        let (first, last) = (rows(first), rows(last));
        assert_eq!(mounted.html(), format!("<i></i><!---->{first}{last}<!----><u></u>"));
    }
}

#[wasm_bindgen_test]
async fn what_follows_within_a_part_ends_with_it() {
    let (there, number) = (outside(true), outside(1));
    let (texts, clicks) = (Count::default(), Count::default());
    let (counted, clicked) = (texts.clone(), clicks.clone());
    let mounted = Mounted::new(move || {
        let button = move || {
            let (counted, clicked) = (counted.clone(), clicked.clone());
            let said = move || {
                counted.one_more();
                number.get().to_string()
            };
            view! { <button on:click=move |_| clicked.one_more()>{said}</button> }
        };
        view! { <Show when=move || there.get()>{button()}</Show> }
    });
    let button: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(mounted.first("button"));
    there.set(false);
    settled().await;
    number.set(2);
    settled().await;
    assert_eq!(failures(|| button.click()), 0);
    assert_eq!((mounted.count("button"), texts.get(), clicks.get()), (0, 1, 0));
    there.set(true);
    settled().await;
    mounted.click("button");
    assert_eq!((mounted.text(), texts.get(), clicks.get()), ("2".to_owned(), 2, 1));
}

#[wasm_bindgen_test]
async fn a_part_follows_what_it_read_last() {
    let (which, left, right) = (outside(true), outside(1), outside(1));
    let builds = Count::default();
    let counted = builds.clone();
    let mounted = Mounted::new(move || {
        move || {
            {
                counted.one_more();
                let number = if which.get() { left.get() } else { right.get() };
                view! { {number.to_string()} }
            }
            .into_any()
        }
    });
    right.set(5);
    settled().await;
    assert_eq!((mounted.text(), builds.get()), ("1".to_owned(), 1));
    which.set(false);
    settled().await;
    left.set(7);
    settled().await;
    assert_eq!((mounted.text(), builds.get()), ("5".to_owned(), 2));
}
