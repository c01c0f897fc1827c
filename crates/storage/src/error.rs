//! Errors of the database.

use std::sync::Arc;

/// The database failed. The requested change has not happened.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database engine reported an error.
    #[error("database: {0}")]
    Engine(#[from] EngineError),
    /// The migration of the schema failed.
    #[error("database migration: {0}")]
    Migration(String),
    /// A stored value cannot be read by this version. The text names the kind of value.
    #[error("database holds an unreadable {0}")]
    Unreadable(&'static str),
    /// The transaction that holds this change was not committed.
    #[error("database: {0}")]
    NotCommitted(Arc<EngineError>),
    /// The call ended without an answer. Either the database is shutting down, or the call panicked.
    #[error("database call was cancelled")]
    Cancelled,
}

/// An error of the engine, as text for people. The type does not show which engine is used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(#[source] rusqlite::Error);

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error)
    }
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error.into())
    }
}

/// The result of a database call.
pub type StorageResult<T> = Result<T, StorageError>;
