//! Functions as props of components.

use std::{fmt, marker::PhantomData, rc::Rc};

use super::cell::{ByValue, Cell, Place, Read as _, disposed, erase, store};

/// A function that a component calls. It is disposed with the owner in which it was created.
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
    ByValue::read(place, false, |function: &Function<In, Out>| Rc::clone(function))
}

impl<In: 'static, Out: 'static> Callback<In, Out> {
    /// Stores a function.
    pub fn new(function: impl Fn(In) -> Out + Send + Sync + 'static) -> Self {
        let function: Function<In, Out> = Rc::new(function);
        Self(store(Cell::Stored(erase(function))), PhantomData)
    }

    /// Calls the function.
    ///
    /// # Panics
    /// If the owner is disposed.
    #[track_caller]
    pub fn run(&self, input: In) -> Out {
        match self.try_run(input) {
            Some(output) => output,
            None => disposed(),
        }
    }

    /// Calls the function, unless the owner is disposed.
    pub fn try_run(&self, input: In) -> Option<Out> {
        Some(function(self.0)?(input))
    }
}

impl<In: 'static, Out: 'static, F: Fn(In) -> Out + Send + Sync + 'static> From<F> for Callback<In, Out> {
    fn from(function: F) -> Self {
        Self::new(function)
    }
}
