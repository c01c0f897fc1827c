//! What can stand in a view.

use web_sys::Node;

use super::{
    Part, Text, View,
    attribute::{follow, write},
    document,
};

/// What becomes a piece of the page.
pub trait IntoView: Sized {
    /// Builds it.
    fn into_any(self) -> View;
}

impl IntoView for View {
    fn into_any(self) -> View {
        self
    }
}

impl IntoView for () {
    fn into_any(self) -> View {
        View::nothing()
    }
}

impl IntoView for &str {
    fn into_any(self) -> View {
        View(Some(Node::from(document().create_text_node(self))))
    }
}

impl IntoView for String {
    fn into_any(self) -> View {
        self.as_str().into_any()
    }
}

impl<V: IntoView> IntoView for Option<V> {
    fn into_any(self) -> View {
        self.map_or_else(View::nothing, V::into_any)
    }
}

impl IntoView for Vec<View> {
    fn into_any(self) -> View {
        View::of(self)
    }
}

impl IntoView for Text {
    /// A text that follows what it reads.
    fn into_any(self) -> View {
        let node = document().create_text_node("");
        let shown = node.clone();
        write(self, move |text| shown.set_data(text));
        View(Some(node.into()))
    }
}

impl IntoView for Part {
    /// What it builds stands between two marks; when it builds anew, what stood there goes.
    fn into_any(self) -> View {
        let (from, to) = (document().create_comment(""), document().create_comment(""));
        let both = document().create_document_fragment();
        let _ = both.append_child(&from).and_then(|_| both.append_child(&to));
        let whole = View(Some(both.into()));
        follow(move || {
            let built = self();
            // What it was built of is disposed of by now; nothing can change between here and the document's next picture.
            while let Some(old) = from.next_sibling().filter(|node| !node.is_same_node(Some(&to))) {
                let _ = old.parent_node().map(|parent| parent.remove_child(&old));
            }
            if let (Some(node), Some(parent)) = (built.0, to.parent_node()) {
                let _ = parent.insert_before(&node, Some(&to));
            }
        });
        whole
    }
}

/// Views one after the other.
pub trait CollectView {
    /// As one view.
    fn collect_view(self) -> View;
}

impl<V: IntoView, I: IntoIterator<Item = V>> CollectView for I {
    fn collect_view(self) -> View {
        View::of(self.into_iter().map(V::into_any))
    }
}
