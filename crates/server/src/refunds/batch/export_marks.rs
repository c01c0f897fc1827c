//! Collects the refunds that were written for finance, until they are marked as exported. There may be a
//! million, so they are kept in an unnamed temporary file.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Seek, Write},
};

use anyhow::Context;
use member_domain::{RefundState, UnixMillis};
use member_storage::Database;

use super::turn::{MARKS_AT_ONCE, Turn};

/// The refunds to mark once the instruction file is complete.
pub(super) struct ExportMarks(BufWriter<File>);

impl ExportMarks {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self(BufWriter::new(tempfile::tempfile().context("cannot make a temporary file")?)))
    }

    pub(super) fn add(&mut self, refund_id: &str) -> anyhow::Result<()> {
        writeln!(self.0, "{refund_id}").context("cannot write a temporary file")
    }

    /// Marks the refunds in batches. Returns the number of marked refunds.
    pub(super) async fn write(
        self,
        database: &Database,
        state: RefundState,
        again: bool,
        now: UnixMillis,
    ) -> anyhow::Result<u64> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut lines = BufReader::new(file).lines();
        let mut marked = 0;
        loop {
            let ids = lines.by_ref().take(MARKS_AT_ONCE).collect::<io::Result<Vec<String>>>()?;
            if ids.is_empty() {
                return Ok(marked);
            }
            let turn = Turn::begin();
            marked += database.mark_exported(ids, state, again, now).await?;
            turn.end().await;
        }
    }
}
