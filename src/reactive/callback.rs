//! What a component calls back.

use std::{cell::RefCell, fmt, marker::PhantomData, rc::Rc};

use super::cell::{Cell, Place, at, gone, held, placed};

/// A function that a component is given; it lives as long as the owner that it was made in.
pub struct Callback<In, Out = ()>(Place, PhantomData<fn(In) -> Out>);

impl<In, Out> Clone for Callback<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<In, Out> Copy for Callback<In, Out> {}

impl<In, Out> fmt::Debug for Callback<In, Out> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Callback")
    }
}

type Function<In, Out> = Rc<dyn Fn(In) -> Out>;

#[inline(never)]
fn function<In: 'static, Out: 'static>(place: Place) -> Option<Function<In, Out>> {
    Some(Rc::clone(&at(place, false)?.downcast_ref::<RefCell<Function<In, Out>>>()?.borrow()))
}

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// Keeps a function.
    pub fn new(function: impl Fn(In) -> Out + 'static) -> Self {
        let function: Function<In, Out> = Rc::new(function);
        Self(placed(Cell::Kept(held(function))), PhantomData)
    }

    /// Calls it.
    ///
    /// # Panics
    /// If its owner is gone.
    pub fn run(&self, input: In) -> Out {
        self.try_run(input).unwrap_or_else(|| gone())
    }

    /// Calls it, unless its owner is gone.
    pub fn try_run(&self, input: In) -> Option<Out> {
        Some(function(self.0)?(input))
    }
}
