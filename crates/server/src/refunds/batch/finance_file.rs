//! A CSV file for finance. It appears complete or not at all, only its owner can read it, and a spreadsheet
//! runs none of its fields.

use std::{
    fs::Permissions,
    io::{self, BufWriter, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

use crate::spreadsheet::Csv;

/// The unfinished file, which has a temporary name in the same directory.
pub(super) struct FinanceFile {
    csv: Csv<BufWriter<NamedTempFile>>,
    path: PathBuf,
    replace: bool,
}

impl FinanceFile {
    /// Creates the file for `path`. An existing file is replaced only with `replace`.
    pub(super) fn create<const N: usize>(path: &Path, replace: bool, columns: [&str; N]) -> anyhow::Result<Self> {
        if path.is_dir() {
            bail!("{} is a directory: name a file", path.display());
        }
        if !replace && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        // A path without a directory is in the current one.
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let mut builder = tempfile::Builder::new();
        let file = builder.permissions(Permissions::from_mode(0o600)).tempfile_in(directory);
        let file = file.with_context(|| unwritable(path))?;
        let csv = Csv::new(BufWriter::new(file), columns).with_context(|| unwritable(path))?;
        Ok(Self { csv, path: path.to_owned(), replace })
    }

    /// Adds a row.
    pub(super) fn row<const N: usize>(&mut self, fields: [String; N]) -> anyhow::Result<()> {
        self.csv.row(fields).with_context(|| unwritable(&self.path))
    }

    /// Moves the finished file to its path.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Self { csv, path, replace } = self;
        let file = csv.finish().and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error));
        let mut file = file.with_context(|| unwritable(&path))?;
        file.flush().and_then(|()| file.as_file().sync_all()).with_context(|| unwritable(&path))?;
        let placed = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        match placed {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&path)),
            Err(error) => Err(error.error).with_context(|| unwritable(&path)),
        }
    }
}

fn exists(path: &Path) -> anyhow::Error {
    anyhow::anyhow!("{} exists: write another file, or replace it with --force", path.display())
}

fn unwritable(path: &Path) -> String {
    format!("cannot write {}", path.display())
}
