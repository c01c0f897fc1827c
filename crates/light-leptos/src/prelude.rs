//! The part of `leptos::prelude` that this crate supports, with the same names.

pub use leptos::{
    ev, html,
    prelude::{
        LocalStorage, Notify, Owner, Storage, SyncStorage, Track, Trigger, document, event_target_checked,
        event_target_value, on_cleanup, provide_context, request_animation_frame, set_timeout, set_timeout_with_handle,
        untrack, use_context, window, window_event_listener, window_event_listener_untyped,
    },
};

pub use crate::{
    component,
    reactive::{Callback, Effect, Memo, ReadSignal, RwSignal, Signal, StoredValue, WriteSignal, signal},
    view,
    view::{
        AnyView, AttributeValue, Children, ChildrenFn, CollectView, For, ForProps, IntoProperty, IntoView, NodeRef,
        Show, ShowProps, ToChildren, ViewFn,
    },
};
