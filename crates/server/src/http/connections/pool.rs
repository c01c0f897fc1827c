//! The slots of open connections: who holds one, what each connection does at the moment, and until when.

use std::{
    collections::BTreeMap,
    mem,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::Waker,
};

use futures_util::task::AtomicWaker;
use tokio::{sync::Notify, time::Instant};

use super::ConnectionLimits;

/// What a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for its first request, or for the rest of a request's header.
    HalfOpen,
    /// It has answered a request and waits for the next one.
    Idle,
    /// It answers a request.
    Busy,
}

/// What a connection must do. Later orders include earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Order {
    /// Continue.
    None,
    /// Close after the current request. The server stops.
    Finish,
    /// Close after the current request, or now if its header is incomplete. The slot has a new holder.
    MakeRoom,
    /// Close now.
    Abort,
}

impl Order {
    fn of(number: u8) -> Self {
        [Self::None, Self::Finish, Self::MakeRoom].get(usize::from(number)).copied().unwrap_or(Self::Abort)
    }
}

/// A number of slots.
pub(super) struct Pool {
    limits: ConnectionLimits,
    open: Mutex<Places>,
    emptied: Notify,
}

/// The open connections by phase, each with a number that grows with the time at which the phase began.
#[derive(Default)]
struct Places {
    next: u64,
    half_open: BTreeMap<u64, Arc<Slot>>,
    idle: BTreeMap<u64, Arc<Slot>>,
    busy: BTreeMap<u64, Arc<Slot>>,
}

/// A connection's place in the pool.
pub(super) struct Slot {
    pool: Arc<Pool>,
    state: Mutex<State>,
    order: AtomicU8,
    /// Wakes the connection's task when it gets an order.
    waker: AtomicWaker,
}

struct State {
    phase: Phase,
    number: u64,
    /// When the phase must have ended.
    deadline: Option<Instant>,
    /// Since when the client has taken no byte of the bytes that wait for it.
    stalled_since: Option<Instant>,
}

/// A slot that becomes free when this is dropped.
pub(super) struct Held(Arc<Slot>);

/// A request that is being answered. When it is dropped, the connection is idle.
pub(super) struct Answering(Arc<Slot>);

impl Pool {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default(), emptied: Notify::new() })
    }

    pub(super) fn limits(&self) -> &ConnectionLimits {
        &self.limits
    }

    /// Gives a slot to a new connection. If none is free, takes the slot of the connection that has waited
    /// longest: first of those that wait for a header, then of the idle ones. `None` if there is none.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Held> {
        let mut open = lock(&self.open);
        if open.len() >= self.limits.connections && !open.make_room() {
            return None;
        }
        let number = open.number();
        let state = State {
            phase: Phase::HalfOpen,
            number,
            deadline: Some(Instant::now() + self.limits.header),
            stalled_since: None,
        };
        let slot = Arc::new(Slot {
            pool: Arc::clone(self),
            state: Mutex::new(state),
            order: AtomicU8::default(),
            waker: AtomicWaker::new(),
        });
        open.half_open.insert(number, Arc::clone(&slot));
        Some(Held(slot))
    }

    /// Closes the connection that has waited longest for a request, if there is one.
    pub(super) fn make_room(&self) {
        lock(&self.open).make_room();
    }

    /// Closes each connection after its current request.
    pub(super) fn finish(&self) {
        self.order_all(Order::Finish);
    }

    /// Closes all connections now.
    pub(super) fn abort(&self) {
        self.order_all(Order::Abort);
    }

    fn order_all(&self, order: Order) {
        let open = lock(&self.open);
        let all = open.half_open.values().chain(open.idle.values()).chain(open.busy.values());
        all.for_each(|slot| slot.give(order));
    }

    /// Waits until no connection is open. Only one task may wait.
    pub(super) async fn emptied(&self) {
        while lock(&self.open).len() > 0 {
            self.emptied.notified().await;
        }
    }
}

impl Places {
    fn len(&self) -> usize {
        self.half_open.len() + self.idle.len() + self.busy.len()
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn of(&mut self, phase: Phase) -> &mut BTreeMap<u64, Arc<Slot>> {
        match phase {
            Phase::HalfOpen => &mut self.half_open,
            Phase::Idle => &mut self.idle,
            Phase::Busy => &mut self.busy,
        }
    }

    fn make_room(&mut self) -> bool {
        let oldest = self.half_open.pop_first().or_else(|| self.idle.pop_first());
        oldest.is_some_and(|(_, slot)| {
            slot.give(Order::MakeRoom);
            true
        })
    }
}

impl Slot {
    fn give(&self, order: Order) {
        self.order.fetch_max(order as u8, Ordering::AcqRel);
        self.waker.wake();
    }

    /// Returns the order, and wakes `waker` when the next one comes.
    pub(super) fn order(&self, waker: &Waker) -> Order {
        self.waker.register(waker);
        Order::of(self.order.load(Ordering::Acquire))
    }

    pub(super) fn phase(&self) -> Phase {
        lock(&self.state).phase
    }

    /// Returns when the connection must be closed if nothing changes.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let state = lock(&self.state);
        let stalled = state.stalled_since.map(|since| since + self.pool.limits.stall);
        state.deadline.into_iter().chain(stalled).min()
    }

    /// Begins a request whose header is complete.
    pub(super) fn begin(self: &Arc<Self>) -> Answering {
        self.enter(Phase::Busy);
        Answering(Arc::clone(self))
    }

    /// Notes that bytes have arrived. On an idle connection, they begin the next request.
    pub(super) fn received(&self) {
        if self.phase() == Phase::Idle {
            self.enter(Phase::HalfOpen);
        }
    }

    /// Notes whether the client could take bytes of an answer.
    pub(super) fn wrote(&self, is_stalled: bool) {
        let mut state = lock(&self.state);
        if is_stalled {
            state.stalled_since.get_or_insert_with(Instant::now);
        } else {
            state.stalled_since = None;
        }
    }

    fn enter(&self, phase: Phase) {
        let limits = &self.pool.limits;
        let limit = match phase {
            Phase::HalfOpen => limits.header,
            Phase::Idle => limits.idle,
            Phase::Busy => limits.answer,
        };
        let mut state = lock(&self.state);
        state.deadline = Some(Instant::now() + limit);
        let before = mem::replace(&mut state.phase, phase);
        let mut open = lock(&self.pool.open);
        // If the slot is not there, the connection has had to make room, and another one has the slot.
        if let Some(slot) = open.of(before).remove(&state.number) {
            state.number = open.number();
            open.of(phase).insert(state.number, slot);
        }
    }
}

impl Answering {
    /// Notes that the answer has no end of its own.
    pub(super) fn is_endless(&self) {
        lock(&self.0.state).deadline = None;
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

impl Deref for Held {
    type Target = Arc<Slot>;

    fn deref(&self) -> &Arc<Slot> {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let state = lock(&self.0.state);
        let mut open = lock(&self.0.pool.open);
        open.of(state.phase).remove(&state.number);
        if open.len() == 0 {
            self.0.pool.emptied.notify_one();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
