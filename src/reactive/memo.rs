//! Values that are made of others.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::on_cleanup,
    reactive::{computed::ArcMemo, graph::ToAnySubscriber},
};
use send_wrapper::SendWrapper;

use super::{
    cell::{Cell, Held, Made, Place, handle, held, placed, readable},
    effect::unfollow,
};

handle! {
    /// A value made of others, made anew when they change; whoever follows it hears of it only if it differs.
    Memo
}
readable!(Memo);

/// Makes a value, given what was made before; the same thing again if nothing has changed.
type Make = dyn Fn(Option<Held>) -> Held;

#[inline(never)]
fn memo(make: Box<Make>) -> Place {
    let make = SendWrapper::new(make);
    let memo = ArcMemo::new_owning(move |before: Option<Made>| {
        let before = before.map(SendWrapper::take);
        let now = make(before.clone());
        let is_new = before.is_none_or(|before| !Rc::ptr_eq(&before, &now));
        (SendWrapper::new(now), is_new)
    });
    let who = memo.to_any_subscriber();
    on_cleanup(move || unfollow(&who));
    placed(Cell::Made(memo))
}

/// What was made before, if it is equal.
#[inline(never)]
fn settled<T: PartialEq + 'static>(before: Option<Held>, now: T) -> Held {
    if let Some(before) = before
        && before.downcast_ref::<RefCell<T>>().is_some_and(|before| *before.borrow() == now)
    {
        return before;
    }
    held(now)
}

impl<T: 'static> Memo<T> {
    /// A memo of what is not worth comparing: whoever follows it hears each time that it is made.
    pub fn always(make: impl Fn() -> T + 'static) -> Self {
        Self::at(memo(Box::new(move |_| held(make()))))
    }
}

impl<T: PartialEq + 'static> Memo<T> {
    /// A memo of what `make` makes.
    pub fn new(make: impl Fn() -> T + 'static) -> Self {
        Self::at(memo(Box::new(move |before| settled(before, make()))))
    }

    /// The same of what is made of what was made before.
    pub fn after(make: impl Fn(Option<&T>) -> T + 'static) -> Self {
        Self::at(memo(Box::new(move |before| {
            let now = {
                let before =
                    before.as_ref().and_then(|before| before.downcast_ref::<RefCell<T>>()).map(RefCell::borrow);
                make(before.as_deref())
            };
            settled(before, now)
        })))
    }
}
