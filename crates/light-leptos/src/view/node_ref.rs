//! References to elements.

use std::{fmt, marker::PhantomData};

use leptos::{html::ElementType, prelude::LocalStorage};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::reactive::RwSignal;

/// A reference to an element of one type, such as `NodeRef<html::Dialog>`. It is empty until the view is built.
pub struct NodeRef<E>(RwSignal<Option<Element>, LocalStorage>, PhantomData<fn() -> E>);

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for NodeRef<E> {}

impl<E> fmt::Debug for NodeRef<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NodeRef")
    }
}

impl<E> Default for NodeRef<E> {
    fn default() -> Self {
        Self(RwSignal::new_local(None), PhantomData)
    }
}

impl<E: ElementType> NodeRef<E>
where
    E::Output: JsCast,
{
    /// An empty reference.
    pub fn new() -> Self {
        Self::default()
    }

    /// The element, if it is built.
    ///
    /// # Panics
    /// If the owner is disposed.
    #[track_caller]
    pub fn get(self) -> Option<E::Output> {
        self.0.get().map(JsCast::unchecked_into)
    }

    /// The element without subscribing to the reference.
    ///
    /// # Panics
    /// If the owner is disposed.
    #[track_caller]
    pub fn get_untracked(self) -> Option<E::Output> {
        self.0.get_untracked().map(JsCast::unchecked_into)
    }

    /// The element, unless the owner is disposed.
    pub fn try_get_untracked(self) -> Option<Option<E::Output>> {
        Some(self.0.try_get_untracked()?.map(JsCast::unchecked_into))
    }

    pub(super) fn load(self, element: &Element) {
        self.0.set(Some(element.clone()));
    }
}
