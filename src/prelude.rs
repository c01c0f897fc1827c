//! What every part of the page is written with: leptos', with views and signals that weigh less under the names of its own.

pub use leptos::prelude::{
    Notify, Owner, Track, Trigger, document, event_target_value, on_cleanup, provide_context, request_animation_frame,
    set_timeout, set_timeout_with_handle, untrack, use_context, window, window_event_listener,
    window_event_listener_untyped,
};

pub use crate::{
    reactive::{Callback, Effect, Memo, RwSignal, Signal, StoredValue, begin_local, spawn_local},
    view::{CollectView, For, IntoView, NodeRef, View as AnyView, component, node_ref, view},
};

/// What is within a component.
pub type Children = Box<dyn FnOnce() -> AnyView>;
