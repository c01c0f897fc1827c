//! Tracks which members have open pages, limits their number, and publishes changes to these pages. A batch of
//! refunds makes a change for every card of a programme. Only the changes of members with an open page are
//! published. So a stream receives at most as many of them as there are open pages, and does not fall behind.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard},
};

use member_domain::TokenHash;
use member_storage::Change;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::http::{connections::ConnectionLimits, problem::ApiError, rate::locked};

/// How many changes a slow stream may lag behind before it must resync.
const BUFFER: usize = 1024;
/// When a client that has too many streams may try again, in seconds. Streams of phones that have lost the
/// network have ended by then.
const STREAMS_AGAIN: u32 = 60;

/// The open pages of all members; clones share them.
#[derive(Clone)]
pub(crate) struct Listeners {
    changes: broadcast::Sender<Change>,
    limits: ConnectionLimits,
    pages: Arc<Mutex<Pages>>,
}

/// The numbers of open pages. Members and sessions without an open page have no entry.
#[derive(Default)]
struct Pages {
    members: HashMap<String, usize>,
    sessions: HashMap<[u8; 32], usize>,
    all: usize,
}

/// One open page. While it lives, changes of its member are published.
pub(crate) struct Listening {
    pages: Arc<Mutex<Pages>>,
    member_id: String,
    session: TokenHash,
}

/// There are too many open pages for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMany {
    OfSession(usize),
    OfMember(usize),
    InAll,
}

impl Listeners {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self { changes: broadcast::channel(BUFFER).0, limits, pages: Arc::default() }
    }

    /// Registers an open page of this member's session. The stream receives every change of the member that is
    /// written from now on. It also receives changes of other members with open pages.
    pub(crate) fn open(
        &self,
        member_id: &str,
        session: TokenHash,
    ) -> Result<(Listening, BroadcastStream<Change>), TooMany> {
        self.pages().add(member_id, session, &self.limits)?;
        let listening = Listening { pages: Arc::clone(&self.pages), member_id: member_id.to_owned(), session };
        Ok((listening, BroadcastStream::new(self.changes.subscribe())))
    }

    /// Publishes a change, if it concerns an open page. The change must have been read from the log just now.
    /// A page is registered before it reads the log, so it misses nothing.
    pub(crate) fn publish(&self, change: Change) {
        let concerns_anybody = change.member_id.as_ref().is_none_or(|id| self.pages().members.contains_key(id));
        if concerns_anybody {
            // An error means that there is no stream. That is fine: pages read the state when they open.
            let _ = self.changes.send(change);
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        locked(&self.pages)
    }
}

impl Pages {
    fn add(&mut self, member_id: &str, session: TokenHash, limits: &ConnectionLimits) -> Result<(), TooMany> {
        if self.sessions.get(&session.0).is_some_and(|open| *open >= limits.streams_a_session) {
            return Err(TooMany::OfSession(limits.streams_a_session));
        }
        if self.members.get(member_id).is_some_and(|open| *open >= limits.streams_a_member) {
            return Err(TooMany::OfMember(limits.streams_a_member));
        }
        if self.all >= limits.streams() {
            return Err(TooMany::InAll);
        }
        *self.sessions.entry(session.0).or_default() += 1;
        *self.members.entry(member_id.to_owned()).or_default() += 1;
        self.all += 1;
        Ok(())
    }

    fn remove(&mut self, member_id: &str, session: TokenHash) {
        subtract_one(&mut self.sessions, &session.0);
        subtract_one(&mut self.members, member_id);
        self.all -= 1;
    }
}

fn subtract_one<K: Borrow<Q> + Eq + Hash, Q: Eq + Hash + ?Sized>(counts: &mut HashMap<K, usize>, key: &Q) {
    match counts.get_mut(key) {
        Some(open) if *open > 1 => *open -= 1,
        _ => drop(counts.remove(key)),
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        locked(&self.pages).remove(&self.member_id, self.session);
    }
}

impl From<TooMany> for ApiError {
    fn from(too_many: TooMany) -> Self {
        let detail = match too_many {
            TooMany::OfSession(most) => format!("this session has {most} open event streams already: close some"),
            TooMany::OfMember(most) => format!("this member has {most} open event streams already: close some"),
            TooMany::InAll => return Self::NoConnection,
        };
        Self::RateLimited { detail, seconds: STREAMS_AGAIN }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use futures_util::{FutureExt, StreamExt};

    use super::*;
    use member_storage::ChangeKind;

    fn refund(seq: i64, member: Option<&str>) -> Change {
        Change { seq, member_id: member.map(str::to_owned), kind: ChangeKind::Refund }
    }

    const SESSION: TokenHash = TokenHash([0; 32]);

    /// A page of a member's session.
    type Page = (&'static str, u8);

    #[test]
    fn a_change_is_passed_on_while_a_page_of_its_member_is_open() {
        let listeners = Listeners::new(ConnectionLimits::default());
        let (_bystander, mut live) = listeners.open("bystander", SESSION).unwrap();
        let (first, _) = listeners.open("m", SESSION).unwrap();
        let (second, _) = listeners.open("m", SESSION).unwrap();
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
        assert_eq!(listeners.pages().members.len(), 1, "who left is forgotten");
    }

    #[test]
    fn sessions_members_and_all_together_have_a_limit_of_open_pages() {
        let (of_session, of_member) = (Err(TooMany::OfSession(2)), Err(TooMany::OfMember(3)));
        let cases: [(&[Page], Page, Result<(), TooMany>); 7] = [
            (&[], ("a", 1), Ok(())),
            (&[("a", 1)], ("a", 1), Ok(())),
            (&[("a", 1), ("a", 1)], ("a", 1), of_session),
            (&[("a", 1), ("a", 1)], ("a", 2), Ok(())),
            (&[("a", 1), ("a", 1), ("a", 2)], ("a", 2), of_member),
            (&[("a", 1), ("a", 1), ("a", 2)], ("b", 3), Ok(())),
            (&[("a", 1), ("a", 1), ("a", 2), ("b", 3), ("b", 3), ("c", 4)], ("d", 5), Err(TooMany::InAll)),
        ];
        for (open, next, result) in cases {
            // Of eight connections, six may be streams.
            let limits =
                ConnectionLimits { connections: 8, streams_a_session: 2, streams_a_member: 3, ..Default::default() };
            let listeners = Listeners::new(limits);
            let page = |(member, session): Page| listeners.open(member, TokenHash([session; 32]));
            let mut pages: Vec<_> = open.iter().map(|one| page(*one).unwrap()).collect();
            assert_eq!(page(next).map(drop), result, "{open:?} {next:?}");
            // Any page that closes makes room for the same page again.
            for one in open {
                pages.remove(0);
                pages.push(page(*one).unwrap());
            }
            pages.clear();
            let left = listeners.pages();
            assert_eq!((left.members.len(), left.sessions.len(), left.all), (0, 0, 0));
        }
    }
}
