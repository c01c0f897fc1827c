//! `For`: rows are added, removed and moved, and keep their nodes.

use light_leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::{Count, failures, outside, settled};
use crate::Mounted;

/// A list of numbers. Each row counts its events.
struct List {
    mounted: Mounted,
    numbers: RwSignal<Vec<u32>>,
    /// A signal that every row reads.
    unit: RwSignal<String>,
    reads: Count,
    builds: Count,
    ends: Count,
}

fn list(numbers: &[u32]) -> List {
    let numbers = outside(numbers.to_vec());
    let unit = outside("m".to_owned());
    let (reads, builds, ends) = (Count::default(), Count::default(), Count::default());
    let counts = [&reads, &builds, &ends].map(Clone::clone);
    let mounted = Mounted::new(move || {
        let [reads, builds, ends] = counts;
        let each = move || {
            reads.one_more();
            numbers.get()
        };
        let row = move |number: u32| {
            builds.one_more();
            let ends = SendWrapper::new(ends.clone());
            on_cleanup(move || ends.one_more());
            // A read during the row's construction: the list must not subscribe to it.
            let _ = unit.get();
            let presses = RwSignal::new(0);
            view! {
                <li data-number=number.to_string()>
                    <button on:click=move |_| presses.update(|presses| *presses += 1)>
                        {number.to_string()}{move || unit.get()}":"{move || presses.get().to_string()}
                    </button>
                </li>
            }
        };
        view! { <ul><p>"before"</p><For each key=|number| *number children=row /><p>"behind"</p></ul> }
    });
    List { mounted, numbers, unit, reads, builds, ends }
}

impl List {
    async fn set(&self, numbers: &[u32]) {
        self.numbers.set(numbers.to_vec());
        settled().await;
    }

    fn rows(&self) -> Vec<Element> {
        let rows = self.mounted.root.query_selector_all("li").unwrap();
        (0..rows.length()).map(|index| rows.get(index).unwrap().unchecked_into()).collect()
    }

    fn row(&self, number: u32) -> Element {
        self.mounted.first(&format!("[data-number='{number}']"))
    }

    fn shows(&self, rows: &str) {
        let said = self.rows().iter().map(|row| row.text_content().unwrap()).collect::<Vec<_>>().join(" ");
        assert_eq!(said, rows);
        let all = self.mounted.text();
        assert!(all.starts_with("before") && all.ends_with("behind"), "{all}");
    }

    fn press(&self, number: u32) {
        self.row(number).first_element_child().unwrap().unchecked_into::<HtmlElement>().click();
    }
}

#[wasm_bindgen_test]
async fn rows_are_put_in_at_every_place() {
    let list = list(&[]);
    list.shows("");
    for (numbers, rows) in [
        (&[5][..], "5m:0"),
        (&[5, 9], "5m:0 9m:0"),
        (&[1, 5, 9], "1m:0 5m:0 9m:0"),
        (&[1, 5, 7, 8, 9], "1m:0 5m:0 7m:0 8m:0 9m:0"),
    ] {
        list.set(numbers).await;
        list.shows(rows);
    }
    assert_eq!((list.builds.get(), list.ends.get()), (5, 0));
}

#[wasm_bindgen_test]
async fn rows_are_taken_out_at_every_place_and_their_owners_end() {
    let list = list(&[1, 2, 3, 4, 5]);
    for (numbers, rows, ended) in [
        (&[2, 3, 4, 5][..], "2m:0 3m:0 4m:0 5m:0", 1),
        (&[2, 4, 5], "2m:0 4m:0 5m:0", 2),
        (&[2, 4], "2m:0 4m:0", 3),
        (&[], "", 5),
    ] {
        list.set(numbers).await;
        list.shows(rows);
        assert_eq!(list.ends.get(), ended);
    }
    list.set(&[2]).await;
    list.shows("2m:0");
    assert_eq!(list.builds.get(), 6, "a row that comes again is another one");
}

#[wasm_bindgen_test]
async fn rows_that_move_are_the_same_elements_with_the_same_state() {
    let list = list(&[1, 2, 3, 4]);
    list.press(1);
    list.press(3);
    list.press(3);
    let before = [1, 2, 3, 4].map(|number| list.row(number));
    for (numbers, rows) in [
        (&[4, 3, 2, 1][..], "4m:0 3m:2 2m:0 1m:1"),
        (&[3, 4, 1, 2], "3m:2 4m:0 1m:1 2m:0"),
        (&[2, 3, 4, 1], "2m:0 3m:2 4m:0 1m:1"),
        (&[1, 9, 3, 2, 4], "1m:1 9m:0 3m:2 2m:0 4m:0"),
        (&[4, 1, 2, 3], "4m:0 1m:1 2m:0 3m:2"),
    ] {
        list.set(numbers).await;
        list.shows(rows);
    }
    for (number, row) in (1..).zip(&before) {
        assert!(list.row(number).is_same_node(Some(row)), "{number}");
    }
    assert_eq!((list.builds.get(), list.ends.get()), (5, 1));
}

#[wasm_bindgen_test]
async fn a_row_that_stays_in_place_is_not_taken_out_of_the_document() {
    let list = list(&[1, 2, 3]);
    let button: HtmlElement = list.row(2).first_element_child().unwrap().unchecked_into();
    button.focus().unwrap();
    list.set(&[0, 2, 3, 4]).await;
    list.set(&[2]).await;
    // An element that is removed and inserted again loses the focus.
    assert!(document().active_element().is_some_and(|active| active.is_same_node(Some(&button))));
}

#[wasm_bindgen_test]
async fn what_rows_read_concerns_the_rows_alone() {
    let list = list(&[1, 2]);
    let before = (list.reads.get(), list.builds.get());
    list.unit.set("km".to_owned());
    settled().await;
    list.shows("1km:0 2km:0");
    list.press(2);
    settled().await;
    list.shows("1km:0 2km:1");
    assert_eq!((list.reads.get(), list.builds.get()), before);
}

#[wasm_bindgen_test]
async fn a_key_that_stands_twice_is_a_row_twice_for_as_long() {
    let list = list(&[1, 2, 1]);
    list.shows("1m:0 2m:0 1m:0");
    list.set(&[2, 1, 1, 1]).await;
    list.shows("2m:0 1m:0 1m:0 1m:0");
    list.set(&[1, 2]).await;
    list.shows("1m:0 2m:0");
    assert_eq!((list.builds.get(), list.ends.get()), (4, 2));
}

#[wasm_bindgen_test]
async fn a_removed_row_follows_nothing_any_more() {
    let list = list(&[1, 2]);
    let gone = list.row(1);
    list.set(&[2]).await;
    list.unit.set("km".to_owned());
    settled().await;
    assert_eq!(gone.text_content().as_deref(), Some("1m:0"));
    let button: HtmlElement = gone.first_element_child().unwrap().unchecked_into();
    assert_eq!(failures(|| button.click()), 0);
    settled().await;
    assert_eq!(gone.text_content().as_deref(), Some("1m:0"));
}

#[wasm_bindgen_test]
async fn all_rows_end_with_the_list() {
    let list = list(&[1, 2, 3]);
    list.set(&[2, 4]).await;
    let (ends, reads) = (list.ends.clone(), list.reads.clone());
    let numbers = list.numbers;
    drop(list);
    assert_eq!(ends.get(), 4);
    let before = reads.get();
    numbers.set(vec![7]);
    settled().await;
    assert_eq!(reads.get(), before);
}

#[wasm_bindgen_test]
async fn a_list_may_be_the_whole_of_a_part() {
    let (outer, numbers) = (outside(1), outside(vec![1, 2]));
    let mounted = Mounted::new(move || {
        move || {
            {
                outer.track();
                view! {
                    <For
                        each=move || numbers.get()
                        key=|number| *number
                        children=|number| view! { <b>{number.to_string()}</b> }
                    />
                }
            }
            .into_any()
        }
    });
    for now in [vec![2, 3, 1], vec![], vec![4, 5]] {
        let rows = now.iter().map(|number| format!("<b>{number}</b>")).collect::<String>();
        numbers.set(now);
        settled().await;
        assert_eq!(mounted.html(), format!("<!----><!---->{rows}<!----><!---->"));
        outer.update(|outer| *outer += 1);
        settled().await;
        assert_eq!(mounted.html(), format!("<!----><!---->{rows}<!----><!---->"));
    }
}

#[wasm_bindgen_test]
async fn a_row_that_is_a_part_moves_and_goes_as_a_whole() {
    let (numbers, length) = (outside(vec![1, 2, 3]), outside(1));
    let mounted = Mounted::new(move || {
        let row = move |number: usize| {
            move || (0..length.get()).map(|_| view! { <b>{number.to_string()}</b> }).collect_view()
        };
        view! { <For each=move || numbers.get() key=|number| *number children=row /> }
    });
    length.set(2);
    settled().await;
    assert_eq!(mounted.text(), "112233");
    numbers.set(vec![3, 1]);
    settled().await;
    assert_eq!(mounted.text(), "3311");
    length.set(3);
    settled().await;
    assert_eq!(mounted.text(), "333111");
}

#[wasm_bindgen_test]
async fn a_list_whose_document_was_emptied_by_others_still_disposes_its_rows() {
    let list = list(&[1, 2]);
    list.mounted.first("ul").set_text_content(None);
    list.set(&[2, 3]).await;
    assert_eq!((list.builds.get(), list.ends.get()), (3, 1));
    let ends = list.ends.clone();
    drop(list);
    assert_eq!(ends.get(), 3);
}
