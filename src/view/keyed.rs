//! A list whose rows stay what they are while others come and go.

use std::rc::Rc;

use leptos::prelude::{Owner, untrack};
use web_sys::Node;

use super::{IntoView, View, attribute::follow, component, document};

/// A row of a list: what it was made for, its first and last node, and what lives as long as it does. Between those two it may
/// change as it likes; they stay, since parts and lists stand between marks.
struct Row {
    key: String,
    ends: Option<(Node, Node)>,
    owner: Owner,
}

impl Row {
    /// Its nodes in the document, as they are now.
    fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::new();
        if let Some((first, last)) = &self.ends {
            let mut at = Some(first.clone());
            while let Some(node) = at {
                at = (!node.is_same_node(Some(last))).then(|| node.next_sibling()).flatten();
                nodes.push(node);
            }
        }
        nodes
    }
}

/// A list. A row is built once for its key and moved when others come before it; what changes in a row it reads itself.
#[component]
pub fn For<T: 'static, I: IntoIterator<Item = T>, K: ToString, V: IntoView>(
    /// What there is, in order.
    each: impl Fn() -> I + 'static,
    /// What a row is known by.
    key: impl Fn(&T) -> K + 'static,
    /// Builds a row.
    children: impl Fn(T) -> V + 'static,
) -> View {
    // One copy of the list's code for all lists: it sees keys, and builds by their place.
    let children = Rc::new(children);
    keyed_by_name(Box::new(move || {
        let children = Rc::clone(&children);
        let mut items: Vec<Option<T>> = each().into_iter().map(Some).collect();
        let keys = items.iter().flatten().map(|item| key(item).to_string()).collect();
        let build =
            move |index: usize| items[index].take().map_or_else(View::nothing, |item| children(item).into_any());
        (keys, Box::new(build))
    }))
}

type Rows = Box<dyn Fn() -> (Vec<String>, Box<dyn FnMut(usize) -> View>)>;

fn keyed_by_name(read: Rows) -> View {
    let (start, end) = (document().create_comment(""), document().create_comment(""));
    let fragment = document().create_document_fragment();
    let _ = fragment.append_child(&start).and_then(|_| fragment.append_child(&end));
    // Rows outlive a run of what follows here; they belong to the list.
    let list = Owner::current().unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    follow(move || {
        let (keys, mut build) = read();
        let mut old: Vec<Option<Row>> = std::mem::take(&mut rows).into_iter().map(Some).collect();
        let Some(parent) = end.parent_node() else { return };
        // Rows that go, go first: what is left is mostly in order already.
        for row in &mut old {
            if row.as_ref().is_some_and(|row| !keys.contains(&row.key)) {
                remove(&parent, row.take());
            }
        }
        let mut at: Option<Node> = old.iter().flatten().find_map(|row| Some(row.ends.as_ref()?.0.clone()));
        let mut left = old;
        for (index, key) in keys.into_iter().enumerate() {
            let known = left.iter().position(|row| row.as_ref().is_some_and(|row| row.key == key));
            let row = match known.and_then(|known| left[known].take()) {
                Some(row) => row,
                None => make(&list, key, index, &mut *build),
            };
            for node in row.nodes() {
                if at.as_ref().is_some_and(|at| at.is_same_node(Some(&node))) {
                    at = node.next_sibling();
                } else {
                    let _ = parent.insert_before(&node, Some(at.as_ref().unwrap_or(&end)));
                }
            }
            rows.push(row);
        }
        // Doubles of a key.
        for row in left {
            remove(&parent, row);
        }
    });
    View(Some(fragment.into()))
}

fn make(list: &Owner, key: String, index: usize, build: &mut dyn FnMut(usize) -> View) -> Row {
    let owner = list.child();
    let view = owner.with(|| untrack(|| build(index)));
    let ends = view.0.and_then(|node| {
        if node.node_type() == Node::DOCUMENT_FRAGMENT_NODE {
            node.first_child().zip(node.last_child())
        } else {
            Some((node.clone(), node))
        }
    });
    Row { key, ends, owner }
}

fn remove(parent: &Node, row: Option<Row>) {
    let Some(row) = row else { return };
    row.owner.cleanup();
    for node in row.nodes() {
        let _ = parent.remove_child(&node);
    }
}
