//! Tracks which members have open pages, and publishes changes to these pages. A batch of refunds makes a
//! change for every card of a programme. Only the changes of members with an open page are published. So a
//! stream receives at most as many of them as there are open pages, and does not fall behind.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use member_storage::Change;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// How many changes a slow stream may lag behind before it must resync.
const BUFFER: usize = 1024;

/// The open pages of all members; clones share them.
#[derive(Clone)]
pub(crate) struct Listeners {
    changes: broadcast::Sender<Change>,
    /// The number of open pages by member. Members without an open page have no entry.
    members: Arc<Mutex<HashMap<String, usize>>>,
}

/// One open page. While it lives, changes of its member are published.
pub(crate) struct Listening {
    listeners: Listeners,
    member_id: String,
}

impl Listeners {
    pub(crate) fn new() -> Self {
        Self { changes: broadcast::channel(BUFFER).0, members: Arc::default() }
    }

    /// Registers an open page of this member. The stream receives every change of the member that is written
    /// from now on. It also receives changes of other members with open pages.
    pub(crate) fn open(&self, member_id: &str) -> (Listening, BroadcastStream<Change>) {
        let live = BroadcastStream::new(self.changes.subscribe());
        *self.members().entry(member_id.to_owned()).or_default() += 1;
        (Listening { listeners: self.clone(), member_id: member_id.to_owned() }, live)
    }

    /// Publishes a change, if it concerns an open page. The change must have been read from the log just now.
    /// A page is registered before it reads the log, so it misses nothing.
    pub(crate) fn publish(&self, change: Change) {
        let concerns_anybody = change.member_id.as_ref().is_none_or(|id| self.members().contains_key(id));
        if concerns_anybody {
            // An error means that there is no stream. That is fine: pages read the state when they open.
            let _ = self.changes.send(change);
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut members = self.listeners.members();
        match members.get_mut(&self.member_id) {
            Some(open) if *open > 1 => *open -= 1,
            _ => drop(members.remove(&self.member_id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;
    use member_storage::ChangeKind;

    fn refund(seq: i64, member: Option<&str>) -> Change {
        Change { seq, member_id: member.map(str::to_owned), kind: ChangeKind::Refund }
    }

    #[test]
    fn a_change_is_passed_on_while_a_page_of_its_member_is_open() {
        let listeners = Listeners::new();
        let (_bystander, mut live) = listeners.open("bystander");
        let (first, _) = listeners.open("m");
        let (second, _) = listeners.open("m");
        listeners.publish(refund(1, Some("m")));
        drop(first);
        listeners.publish(refund(2, Some("m")));
        drop(second);
        listeners.publish(refund(3, Some("m")));
        listeners.publish(refund(4, None));
        let mut heard = Vec::new();
        while let Some(Some(Ok(change))) = live.next().now_or_never() {
            heard.push(change.seq);
        }
        assert_eq!(heard, [1, 2, 4]);
        assert_eq!(listeners.members().len(), 1, "who left is forgotten");
    }
}
