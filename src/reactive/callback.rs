//! What a component calls back.

use std::{fmt, marker::PhantomData, rc::Rc};

use super::cell::{Place, at, gone, kept};

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

type Function<In, Out> = Box<dyn Fn(In) -> Out>;

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// Keeps a function.
    pub fn new(function: impl Fn(In) -> Out + 'static) -> Self {
        let function: Function<In, Out> = Box::new(function);
        Self(kept(Rc::new(function)), PhantomData)
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
        Some(at(self.0)?.downcast_ref::<Function<In, Out>>()?(input))
    }
}
