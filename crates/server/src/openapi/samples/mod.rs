//! The bodies of the document's examples, by the server's folders.

pub(crate) mod counter;
pub(crate) mod events;
pub(crate) mod member;
pub(crate) mod refunds;
pub(crate) mod shops;
