//! Parsers for values that columns store as text.

use member_domain::CivilDate;

use crate::{StorageError, StorageResult};

/// Parses a date.
pub(crate) fn date(text: &str) -> StorageResult<CivilDate> {
    text.parse().map_err(|_| StorageError::Unreadable("date"))
}

/// Parses a list of names separated by `;`. `read` parses one name.
pub(crate) fn names<T, E>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> StorageResult<Vec<T>> {
    let parts = text.split(';').filter(|name| !name.is_empty());
    parts.map(|name| read(name).map_err(|_| StorageError::Unreadable("name"))).collect()
}
