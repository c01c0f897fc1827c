//! Shared code of the fuzz targets: their corpora, and edits of corpus files, which reach further than random bytes.
//!
//! The corpus of a target is the folder `tests/__fuzz__/TARGET/corpus`, where bolero looks for it. The first word of a
//! file's name gives its content.

use std::{fs, ops::Range, path::Path};

use proptest::{collection::vec, prelude::*, sample::Index};

/// One file of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Seed {
    /// The kind of content that the file's name gives.
    pub(crate) fn claim(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

/// The files of a folder in this package, sorted by name.
pub(crate) fn seeds(folder: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut seeds: Vec<Seed> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .map(|path| Seed {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: fs::read(&path).unwrap(),
        })
        .collect();
    seeds.sort_by(|a, b| a.name.cmp(&b.name));
    seeds
}

/// One edit of an input.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, Vec<u8>),
    Delete(Index, Index),
    Repeat(Index, Index),
    Overwrite(Index, u8),
    Cut(Index),
}

/// A corpus file after a few edits. `tokens` are inserted more often than random bytes.
pub(crate) fn edited(seeds: Vec<Seed>, tokens: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(tokens).prop_map(|token| token.as_bytes().to_vec());
    let edit = prop_oneof![
        4 => (any::<Index>(), token).prop_map(|(at, token)| Edit::Insert(at, token)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        1 => any::<(Index, Index)>().prop_map(|(from, to)| Edit::Delete(from, to)),
        1 => any::<(Index, Index)>().prop_map(|(from, to)| Edit::Repeat(from, to)),
        2 => (any::<Index>(), b' '..=b'~').prop_map(|(at, byte)| Edit::Overwrite(at, byte)),
        1 => any::<Index>().prop_map(Edit::Cut),
    ];
    (prop::sample::select(seeds), vec(edit, 0..4)).prop_map(|(seed, edits)| edits.into_iter().fold(seed.bytes, apply))
}

fn apply(mut bytes: Vec<u8>, edit: Edit) -> Vec<u8> {
    let place = |at: Index, bytes: &[u8]| at.index(bytes.len() + 1);
    let range = |from: Index, to: Index, bytes: &[u8]| -> Range<usize> {
        let (from, to) = (place(from, bytes), place(to, bytes));
        from.min(to)..from.max(to)
    };
    match edit {
        Edit::Insert(at, inserted) => {
            let at = place(at, &bytes);
            bytes.splice(at..at, inserted);
        }
        Edit::Delete(from, to) => {
            let range = range(from, to, &bytes);
            bytes.drain(range);
        }
        Edit::Repeat(from, to) => {
            let range = range(from, to, &bytes);
            let repeated = bytes[range.clone()].to_vec();
            bytes.splice(range.end..range.end, repeated);
        }
        Edit::Overwrite(at, byte) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        Edit::Overwrite(..) => {}
        Edit::Cut(at) => bytes.truncate(place(at, &bytes)),
    }
    bytes
}
