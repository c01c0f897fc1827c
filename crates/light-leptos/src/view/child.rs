//! The values that can be children in a view.

use std::borrow::Cow;

use web_sys::{Comment, Node};

use super::{
    AnyView, document,
    subscribe::{render_effect, write_changes},
};
use crate::reactive::{Memo, ReadSignal, RwSignal, Signal};

/// A value that a view can contain: text, an element, a view, a list of these, or a closure that returns one of these.
/// The closure re-runs when a signal that it read changes.
pub trait IntoView: Sized {
    /// Builds the view.
    fn into_any(self) -> AnyView;

    /// Builds a view from a closure that returns such values.
    #[doc(hidden)]
    fn reactive(read: impl Fn() -> Self + 'static) -> AnyView {
        reactive_view(Box::new(move || read().into_any()))
    }
}

/// Two comment nodes that enclose a view. Other software can change the nodes of a page: a browser's translator replaces
/// text nodes by elements. The comments stay, so that the current view can replace all nodes between them.
struct Enclosure {
    start: Comment,
    end: Comment,
}

impl Enclosure {
    /// Creates an empty enclosure, and the view of its two comments.
    fn new() -> (Self, AnyView) {
        let (start, end) = (document().create_comment(""), document().create_comment(""));
        let both = document().create_document_fragment();
        let _ = both.append_child(&start).and_then(|_| both.append_child(&end));
        (Self { start, end }, AnyView(Some(both.into())))
    }

    /// Replaces all nodes between the comments. The browser does not paint before this function ends.
    fn replace(&self, node: Option<&Node>) {
        while let Some(previous) = self.start.next_sibling().filter(|node| !node.is_same_node(Some(&self.end))) {
            let _ = previous.parent_node().map(|parent| parent.remove_child(&previous));
        }
        if let (Some(node), Some(parent)) = (node, self.end.parent_node()) {
            let _ = parent.insert_before(node, Some(&self.end));
        }
    }

    /// Whether the enclosure contains exactly this node.
    fn contains_only(&self, node: &Node) -> bool {
        let is_node = |other: Option<Node>| other.is_some_and(|other| other.is_same_node(Some(node)));
        is_node(self.start.next_sibling()) && is_node(self.end.previous_sibling())
    }
}

/// Builds the view of a closure. A re-run of the closure replaces the previous view, whose owner is already disposed.
#[inline(never)]
fn reactive_view(build: Box<dyn Fn() -> AnyView>) -> AnyView {
    let (enclosure, whole) = Enclosure::new();
    render_effect(Box::new(move || enclosure.replace(build().0.as_ref())));
    whole
}

/// A text node that follows the result of a closure.
#[inline(never)]
fn reactive_text(read: Box<dyn Fn() -> Cow<'static, str>>) -> AnyView {
    let (enclosure, whole) = Enclosure::new();
    let node = document().create_text_node("");
    enclosure.replace(Some(&node));
    let write = move |text: &Cow<'static, str>| {
        node.set_data(text);
        if !enclosure.contains_only(&node) {
            enclosure.replace(Some(&node));
        }
    };
    write_changes(read, Box::new(write));
    whole
}

#[inline(never)]
fn text(text: &str) -> AnyView {
    AnyView(Some(Node::from(document().create_text_node(text))))
}

impl<F, R> IntoView for F
where
    F: Fn() -> R + Send + 'static,
    R: IntoView + 'static,
{
    fn into_any(self) -> AnyView {
        R::reactive(self)
    }
}

impl IntoView for AnyView {
    fn into_any(self) -> AnyView {
        self
    }
}

impl IntoView for () {
    fn into_any(self) -> AnyView {
        AnyView::empty()
    }
}

impl IntoView for &'static str {
    fn into_any(self) -> AnyView {
        text(self)
    }

    fn reactive(read: impl Fn() -> Self + 'static) -> AnyView {
        reactive_text(Box::new(move || Cow::Borrowed(read())))
    }
}

impl IntoView for String {
    fn into_any(self) -> AnyView {
        text(&self)
    }

    fn reactive(read: impl Fn() -> Self + 'static) -> AnyView {
        reactive_text(Box::new(move || Cow::Owned(read())))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl IntoView for $number {
            fn into_any(self) -> AnyView {
                self.to_string().into_any()
            }

            fn reactive(read: impl Fn() -> Self + 'static) -> AnyView {
                String::reactive(move || read().to_string())
            }
        })*
    };
}
numbers!(u8, u16, u32, u64, usize, i32, i64, f64);

macro_rules! signals {
    ($($signal:ident),*) => {
        $(impl<V: IntoView + Clone + 'static, S: 'static> IntoView for $signal<V, S> {
            fn into_any(self) -> AnyView {
                V::reactive(move || self.get())
            }
        })*
    };
}
signals!(RwSignal, ReadSignal, Signal, Memo);

impl<V: IntoView> IntoView for Option<V> {
    fn into_any(self) -> AnyView {
        self.map_or_else(AnyView::empty, V::into_any)
    }
}

impl<V: IntoView> IntoView for Vec<V> {
    fn into_any(self) -> AnyView {
        AnyView::of(self.into_iter().map(V::into_any))
    }
}

impl<V: IntoView, const N: usize> IntoView for [V; N] {
    fn into_any(self) -> AnyView {
        AnyView::of(self.into_iter().map(V::into_any))
    }
}

/// A sequence of views.
pub trait CollectView {
    /// Collects them into one view.
    fn collect_view(self) -> AnyView;
}

impl<V: IntoView, I: IntoIterator<Item = V>> CollectView for I {
    fn collect_view(self) -> AnyView {
        AnyView::of(self.into_iter().map(V::into_any))
    }
}
