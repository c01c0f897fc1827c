//! `<For>`: a list that keeps the nodes of its rows while other rows are added and removed.

use std::{hash::Hash, rc::Rc};

use leptos::prelude::{Owner, untrack};
use web_sys::Node;

use super::{AnyView, IntoView, document, subscribe::render_effect};
use crate::component;

/// A row: its first and last node, and its owner. The nodes between the two can change. The two themselves stay,
/// because reactive views and lists are enclosed by comment nodes.
struct Row {
    ends: Option<(Node, Node)>,
    owner: Owner,
}

impl Row {
    /// The current nodes of the row.
    fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::new();
        if let Some((first, last)) = &self.ends {
            let mut next = Some(first.clone());
            while let Some(node) = next {
                next = (!node.is_same_node(Some(last))).then(|| node.next_sibling()).flatten();
                nodes.push(node);
            }
        }
        nodes
    }

    /// Disposes the row's owner and removes its nodes from the document.
    fn remove(&self) {
        self.owner.cleanup();
        for node in self.nodes() {
            let _ = node.parent_node().map(|parent| parent.remove_child(&node));
        }
    }
}

/// A list. Each key's row is built once and moves with its key. Data that changes within a row must be a signal that
/// the row reads.
#[component]
pub fn For<IF, I, T, EF, N, KF, K>(
    /// The items in order.
    each: IF,
    /// The key of an item. Each item gets a row, also if several items have the same key.
    key: KF,
    /// Builds the row of an item.
    children: EF,
) -> impl IntoView
where
    IF: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T> + Send + 'static,
    EF: Fn(T) -> N + Send + Clone + 'static,
    N: IntoView + 'static,
    KF: Fn(&T) -> K + Send + Clone + 'static,
    K: Eq + Hash + 'static,
    T: Send + 'static,
{
    // All lists share one copy of the code in `keyed`. It gets the origin of each row and a function that builds a row
    // by its index.
    let children = Rc::new(children);
    let mut keys: Vec<K> = Vec::new();
    keyed(Box::new(move || {
        let children = Rc::clone(&children);
        let mut items: Vec<Option<T>> = each().into_iter().map(Some).collect();
        let previous = std::mem::replace(&mut keys, items.iter().flatten().map(&key).collect());
        let build =
            move |index: usize| items[index].take().map_or_else(AnyView::empty, |item| children(item).into_any());
        (origins(&keys, &previous), Box::new(build))
    }))
}

/// For each key, the index of an equal key among the previous keys. Each previous key is used once. The number of
/// comparisons is the number of rows if the order stays, and its square for a shuffled list.
fn origins<K: Eq>(keys: &[K], previous: &[K]) -> Vec<Option<usize>> {
    let mut is_taken = vec![false; previous.len()];
    let mut from = 0;
    let find = |key: &K| {
        let place =
            (from..previous.len()).chain(0..from).find(|place| !is_taken[*place] && previous[*place] == *key)?;
        is_taken[place] = true;
        from = place + 1;
        Some(place)
    };
    keys.iter().map(find).collect()
}

/// Reads the list. Returns the index of each row's previous row, and a function that builds the row at an index.
type Read = Box<dyn FnMut() -> (Vec<Option<usize>>, Box<dyn FnMut(usize) -> AnyView>)>;

#[inline(never)]
fn keyed(mut read: Read) -> AnyView {
    let (start, end) = (document().create_comment(""), document().create_comment(""));
    let fragment = document().create_document_fragment();
    let _ = fragment.append_child(&start).and_then(|_| fragment.append_child(&end));
    // Rows outlive a run of the effect below, so their owners are children of the list's owner.
    let list = Owner::current().unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    render_effect(Box::new(move || {
        let (origins, mut build) = read();
        let mut previous: Vec<Option<Row>> = std::mem::take(&mut rows).into_iter().map(Some).collect();
        let mut next: Vec<Option<Row>> = origins.iter().map(|origin| previous[(*origin)?].take()).collect();
        // Removed rows go first, because the remaining rows are mostly in order already.
        previous.into_iter().flatten().for_each(|row| row.remove());
        // Other code may have removed the list's nodes from the document. Its rows are kept anyway.
        let parent = end.parent_node();
        let mut cursor = next.iter().flatten().find_map(|row| Some(row.ends.as_ref()?.0.clone()));
        for (index, row) in next.iter_mut().enumerate() {
            let row = row.take().unwrap_or_else(|| make(&list, index, &mut *build));
            for node in row.nodes() {
                if cursor.as_ref().is_some_and(|cursor| cursor.is_same_node(Some(&node))) {
                    cursor = node.next_sibling();
                } else if let Some(parent) = &parent {
                    let _ = parent.insert_before(&node, Some(cursor.as_ref().unwrap_or(&end)));
                }
            }
            rows.push(row);
        }
    }));
    AnyView(Some(fragment.into()))
}

fn make(list: &Owner, index: usize, build: &mut dyn FnMut(usize) -> AnyView) -> Row {
    let owner = list.child();
    let view = owner.with(|| untrack(|| build(index)));
    let ends = view.0.and_then(|node| {
        if node.node_type() == Node::DOCUMENT_FRAGMENT_NODE {
            node.first_child().zip(node.last_child())
        } else {
            Some((node.clone(), node))
        }
    });
    Row { ends, owner }
}
