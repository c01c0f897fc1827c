//! Detects and decodes the encoding of a CSV file: UTF-8, or what Chinese spreadsheets write, GB18030 or Big5.
//! Detection needs the whole file, because a few lines in one encoding may also be valid in the other.

mod chinese;
mod decoded;
mod wide;

use std::{
    fmt,
    io::{self, Read},
};

use encoding_rs::{BIG5, Decoder, DecoderResult, GB18030, UTF_8};

use chinese::{Chinese, Evidence};
pub(super) use decoded::Decoded;
use wide::{Wide, wide};

const CHUNK: usize = 64 * 1024;
/// The first bytes of `.xlsx` and `.ods` files, and of `.xls` files.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];
const UNCLEAR: &str =
    "the text is GB18030 or Big5, and has too few characters to tell which: save the file as CSV in UTF-8";

/// The encoding of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// GB18030, which includes GB 2312 and GBK.
    Gb18030,
    /// Big5, with the characters of Hong Kong (HKSCS).
    Big5,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
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
    /// The file is GB18030 or Big5. It has too few characters to tell which.
    Unclear,
    /// The file is UTF-16 or UTF-32.
    Wide(Wide),
    /// The file is a workbook of a spreadsheet, and no text.
    Workbook,
}

/// The start of a file and its encoding.
pub(super) struct Detection {
    pub(super) detected: Detected,
    /// The first bytes, which have the header unless it is very long.
    pub(super) start: Vec<u8>,
}

impl Detection {
    /// Returns the encoding that the file is read in, or why it cannot be read.
    pub(super) fn encoding(&self) -> Result<Encoding, String> {
        match self.detected {
            Detected::Sound(encoding) | Detected::Broken(encoding) => Ok(encoding),
            Detected::Wide(wide) => Err(format!("the text is {wide}: save the file as CSV in UTF-8")),
            Detected::Workbook => Err("the file is a workbook: export the sheet as CSV in UTF-8".to_owned()),
            Detected::Unclear => Err(UNCLEAR.to_owned()),
        }
    }
}

/// Reads all of `source` and detects its encoding.
pub(super) fn detect(source: &mut impl Read) -> io::Result<Detection> {
    let mut utf8 = Attempt::new(UTF_8.new_decoder_with_bom_removal());
    let mut gb18030 = Attempt::new(GB18030.new_decoder_without_bom_handling());
    let mut big5 = Attempt::new(BIG5.new_decoder_without_bom_handling());
    let mut evidence = Evidence::default();
    let mut chunk = vec![0; CHUNK];
    let mut start = Vec::new();
    loop {
        let length = match source.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            length => length?,
        };
        start.extend(&chunk[..length.min(CHUNK.saturating_sub(start.len()))]);
        utf8.feed(&chunk[..length], length == 0);
        gb18030.feed(&chunk[..length], length == 0);
        big5.feed(&chunk[..length], length == 0);
        evidence.feed(&chunk[..length]);
        if length == 0 {
            break;
        }
    }
    let detected = wide(&start).map_or_else(|| judge(&start, &utf8, &gb18030, &big5, &evidence), Detected::Wide);
    Ok(Detection { detected, start })
}

fn judge(start: &[u8], utf8: &Attempt, gb18030: &Attempt, big5: &Attempt, evidence: &Evidence) -> Detected {
    if WORKBOOKS.iter().any(|bytes| start.starts_with(bytes)) {
        return Detected::Workbook;
    }
    if utf8.errors == 0 {
        return Detected::Sound(Encoding::Utf8);
    }
    // If a file has more wide UTF-8 characters than errors, it is damaged UTF-8, even if its bytes are also
    // valid GB18030. Real GB18030 rarely has three bytes in a row that form one UTF-8 character.
    if start.starts_with(b"\xef\xbb\xbf") || utf8.wide > utf8.errors {
        return Detected::Broken(Encoding::Utf8);
    }
    let (encoding, errors) = match evidence.judge(gb18030.errors, big5.errors) {
        Chinese::Big5 => (Encoding::Big5, big5.errors),
        Chinese::Unclear if gb18030.errors == 0 || big5.errors == 0 => return Detected::Unclear,
        Chinese::Gb18030 | Chinese::Unclear => (Encoding::Gb18030, gb18030.errors),
    };
    match errors {
        0 => Detected::Sound(encoding),
        errors if utf8.errors <= errors => Detected::Broken(Encoding::Utf8),
        _ => Detected::Broken(encoding),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn gb18030(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn big5(text: &str) -> Vec<u8> {
        BIG5.encode(text).0.into_owned()
    }

    fn detected(bytes: &[u8]) -> Detected {
        detect(&mut &*bytes).expect("memory can be read").detected
    }

    #[test]
    fn encodings_are_told_apart_by_the_whole_file() {
        let plain = "plain ".repeat(50_000);
        for (bytes, expected) in [
            (format!("{plain}梧桐里").into_bytes(), Encoding::Utf8),
            (gb18030(&format!("{plain}梧桐里")), Encoding::Gb18030),
            (big5(&format!("{plain}梧桐里")), Encoding::Big5),
            ("\u{feff}名".as_bytes().to_vec(), Encoding::Utf8),
            (b"".to_vec(), Encoding::Utf8),
            (gb18030("😀𠮷"), Encoding::Gb18030),
            (gb18030("会员"), Encoding::Gb18030),
            (gb18030("小吃铺,龘𠮷🐱"), Encoding::Gb18030),
            (gb18030("張學友與陳慧嫻的餐廳，臺灣風味"), Encoding::Gb18030),
            (big5("陳大文,香港中環士丹利街"), Encoding::Big5),
            (big5("茶餐廳"), Encoding::Big5),
        ] {
            assert_eq!(detected(&bytes), Detected::Sound(expected));
        }
    }

    #[test]
    fn workbooks_are_no_text() {
        for start in WORKBOOKS {
            assert_eq!(detected(start), Detected::Workbook);
        }
    }

    #[test]
    fn too_few_characters_are_unclear() {
        for bytes in [gb18030("店"), big5("廳"), gb18030("臺灣")] {
            assert_eq!(detected(&bytes), Detected::Unclear);
        }
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
        let traditional = "陳大文,香港中環\n";
        for (bytes, encoding, expected) in [
            (text.as_bytes().to_vec(), Encoding::Utf8, text),
            (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8, text),
            (gb18030(text), Encoding::Gb18030, text),
            (big5(traditional), Encoding::Big5, traditional),
        ] {
            assert_eq!(detect(&mut Cut(&bytes)).expect("readable").detected, Detected::Sound(encoding));
            let mut decoded = String::new();
            Decoded::new(Cut(&bytes), encoding).read_to_string(&mut decoded).expect("UTF-8");
            assert_eq!(decoded, expected);
        }
    }
}
