//! Detects and decodes the encoding of a CSV file: UTF-8, or GB18030, which Chinese spreadsheets write.
//! Detection needs the whole file, because a few lines in one encoding may also be valid in the other.

use std::{
    fmt,
    io::{self, BufRead, Read},
    ops::Range,
};

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8};

const CHUNK: usize = 64 * 1024;

/// The encoding of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which includes GB 2312 and GBK.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        })
    }
}

/// The result of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detected {
    /// The whole file is text in this encoding.
    Sound(Encoding),
    /// The file is damaged. This encoding fits best.
    Broken(Encoding),
    /// The file starts like UTF-16.
    Utf16,
}

impl Detected {
    pub(super) const fn encoding(self) -> Encoding {
        match self {
            Self::Sound(encoding) | Self::Broken(encoding) => encoding,
            Self::Utf16 => Encoding::Utf8,
        }
    }
}

/// Reads all of `source` and detects its encoding.
pub(super) fn detect(source: &mut impl Read) -> io::Result<Detected> {
    let mut utf8 = Attempt::new(UTF_8.new_decoder_with_bom_removal());
    let mut gb18030 = Attempt::new(GB18030.new_decoder_without_bom_handling());
    let mut chunk = vec![0; CHUNK];
    let mut start = Vec::new();
    loop {
        let length = match source.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            length => length?,
        };
        start.extend(&chunk[..length.min(3_usize.saturating_sub(start.len()))]);
        utf8.feed(&chunk[..length], length == 0);
        gb18030.feed(&chunk[..length], length == 0);
        if length == 0 {
            break;
        }
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Ok(Detected::Utf16);
    }
    // If a file has more wide UTF-8 characters than errors, it is damaged UTF-8, even if its bytes are also
    // valid GB18030. Real GB18030 rarely has three bytes in a row that form one UTF-8 character.
    let is_damaged_utf8 = start.starts_with(b"\xef\xbb\xbf") || utf8.wide > utf8.errors;
    Ok(match (utf8.errors, gb18030.errors) {
        (0, _) => Detected::Sound(Encoding::Utf8),
        _ if is_damaged_utf8 => Detected::Broken(Encoding::Utf8),
        (_, 0) => Detected::Sound(Encoding::Gb18030),
        (utf8, gb18030) if utf8 <= gb18030 => Detected::Broken(Encoding::Utf8),
        _ => Detected::Broken(Encoding::Gb18030),
    })
}

/// A trial decoding in one encoding, which counts the errors.
struct Attempt {
    decoder: Decoder,
    output: Vec<u8>,
    errors: u64,
    /// The number of characters that have three or more bytes in UTF-8, as Chinese characters have.
    wide: u64,
}

impl Attempt {
    fn new(decoder: Decoder) -> Self {
        Self { decoder, output: vec![0; 4 * CHUNK], errors: 0, wide: 0 }
    }

    fn feed(&mut self, mut bytes: &[u8], is_last: bool) {
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.output, is_last);
            self.wide += self.output[..written].iter().filter(|byte| **byte >= 0xe0).count() as u64;
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.errors += 1,
            }
        }
    }
}

/// Reads a file's text as UTF-8, without its byte order mark. Invalid bytes become U+FFFD.
pub(super) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    input: Box<[u8]>,
    unread: Range<usize>,
    output: Box<[u8]>,
    ready: Range<usize>,
    is_done: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Gb18030 => GB18030.new_decoder_with_bom_removal(),
        };
        Self {
            source,
            decoder,
            input: vec![0; CHUNK].into(),
            unread: 0..0,
            output: vec![0; 4 * CHUNK].into(),
            ready: 0..0,
            is_done: false,
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready.is_empty() && !self.is_done {
            let mut is_last = false;
            if self.unread.is_empty() {
                let length = match self.source.read(&mut self.input) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    length => length?,
                };
                self.unread = 0..length;
                is_last = length == 0;
            }
            let bytes = &self.input[self.unread.clone()];
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.output, is_last);
            self.unread.start += read;
            self.ready = 0..written;
            self.is_done = is_last && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(&self.output[self.ready.clone()])
    }

    fn consume(&mut self, length: usize) {
        self.ready.start += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb18030(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn detected(bytes: &[u8]) -> Detected {
        detect(&mut &*bytes).expect("memory can be read")
    }

    #[test]
    fn both_encodings_are_told_apart_by_the_whole_file() {
        let text = format!("{}梧桐里", "plain ".repeat(50_000));
        assert_eq!(detected(text.as_bytes()), Detected::Sound(Encoding::Utf8));
        assert_eq!(detected(&gb18030(&text)), Detected::Sound(Encoding::Gb18030));
        assert_eq!(detected("\u{feff}名".as_bytes()), Detected::Sound(Encoding::Utf8));
        assert_eq!(detected(b""), Detected::Sound(Encoding::Utf8));
        assert_eq!(detected(&gb18030("😀𠮷")), Detected::Sound(Encoding::Gb18030), "four bytes a character");
        assert_eq!(detected(b"\xff\xfei\0d\0"), Detected::Utf16);
    }

    /// "路陆" in GB18030 is also valid UTF-8. One more character makes the encoding clear.
    #[test]
    fn text_that_passes_for_utf_8_in_part_is_gb18030_as_a_whole() {
        assert_eq!(detected(&gb18030("路陆")), Detected::Sound(Encoding::Utf8));
        assert_eq!(detected(&gb18030("路陆卡")), Detected::Sound(Encoding::Gb18030));
    }

    #[test]
    fn damaged_utf_8_is_not_taken_for_gb18030() {
        let damaged = ["小吃小吃".as_bytes(), b"\xb0\x8f,x"].concat();
        assert!(GB18030.decode_without_bom_handling_and_without_replacement(&damaged).is_some(), "it could be");
        assert_eq!(detected(&damaged), Detected::Broken(Encoding::Utf8));
        assert_eq!(detected(b"\xef\xbb\xbf\xce\xe0\xcd\xa9"), Detected::Broken(Encoding::Utf8), "the mark says UTF-8");
    }

    #[test]
    fn decoding_gives_the_same_text_however_the_file_is_cut() {
        struct Cut<'a>(&'a [u8]);
        impl Read for Cut<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let length = 1.min(buffer.len());
                self.0.read(&mut buffer[..length])
            }
        }
        let text = "梧桐里,😀,café\n";
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8),
            (gb18030(text), Encoding::Gb18030),
        ] {
            assert_eq!(detect(&mut Cut(&bytes)).expect("readable"), Detected::Sound(encoding));
            let mut decoded = String::new();
            Decoded::new(Cut(&bytes), encoding).read_to_string(&mut decoded).expect("UTF-8");
            assert_eq!(decoded, text);
        }
    }
}
