//! Tells GB18030 and Big5 apart. Most texts in one of them are also valid in the other, as rare or meaningless
//! characters. So the frequencies decide: each pair of bytes is more probable in one of the encodings.
//!
//! GB 2312 has its 3,755 most frequent characters in rows B0 to D7, by pronunciation. Big5 has its 5,401 most
//! frequent ones from A440 to C67E, by strokes, so that their frequency falls with the first byte.

/// The encoding of a Chinese text that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chinese {
    Gb18030,
    Big5,
    /// The evidence is too weak.
    Unclear,
}

/// How much more probable one encoding must be, as a natural logarithm: 400 times.
const CLEAR: f64 = 6.0;
/// GB18030 is usual here: it is 3 times as probable before a byte is read.
const USUAL: f64 = 1.0;
/// A pair of bytes that the encoding does not have.
const ERROR: f64 = 25.0;

/// The evidence of a text, fed in pieces.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    gb18030: Pairs,
    big5: Pairs,
}

/// A walk through the pairs of bytes, as one of the encodings forms them.
#[derive(Debug, Default)]
struct Pairs {
    lead: Option<u8>,
    /// Bytes of a character of four bytes that are still to come.
    skipped: u8,
    /// The natural logarithm of the probability of all pairs.
    probability: f64,
}

impl Evidence {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.gb18030.feed(*byte, true, gb18030_probability);
            self.big5.feed(*byte, false, big5_probability);
        }
    }

    /// Judges the text, which has these numbers of errors in the two encodings.
    #[expect(clippy::cast_precision_loss, reason = "the difference of two large numbers of errors is clear anyway")]
    pub(super) fn judge(&self, gb18030_errors: u64, big5_errors: u64) -> Chinese {
        let gb18030 = self.gb18030.probability - ERROR * gb18030_errors as f64 + USUAL;
        let big5 = self.big5.probability - ERROR * big5_errors as f64;
        match gb18030 - big5 {
            more if more >= CLEAR => Chinese::Gb18030,
            less if less <= -CLEAR => Chinese::Big5,
            _ => Chinese::Unclear,
        }
    }
}

impl Pairs {
    fn feed(&mut self, byte: u8, has_four_bytes: bool, probability: fn(u8, u8) -> f64) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(lead) = self.lead.take() else {
            self.lead = (0x81..=0xfe).contains(&byte).then_some(byte);
            return;
        };
        match byte {
            b'0'..=b'9' if has_four_bytes => {
                self.skipped = 2;
                self.probability += among(0.01, 10_000);
            }
            // Errors are counted by the decoders.
            0x40..=0x7e | 0x80..=0xfe => self.probability += probability(lead, byte),
            _ => {}
        }
    }
}

/// Returns the logarithm of the probability of one of `count` signs that share this part of all texts.
fn among(share: f64, count: u32) -> f64 {
    (share / f64::from(count)).ln()
}

fn gb18030_probability(lead: u8, trail: u8) -> f64 {
    match (lead, trail) {
        (0xa1..=0xa3, 0xa1..) => among(0.09, 282),
        (0xa4..=0xa9, 0xa1..) => among(0.004, 400),
        (0xb0..=0xd7, 0xa1..) => among(0.88, 3_755),
        (0xd8..=0xf7, 0xa1..) => among(0.02, 3_008),
        // Private use.
        (0xaa..=0xaf | 0xf8.., 0xa1..) | (0xa1..=0xa7, ..=0xa0) => among(0.002, 1_000),
        _ => among(0.01, 14_000),
    }
}

fn big5_probability(lead: u8, trail: u8) -> f64 {
    match u16::from_be_bytes([lead, trail]) {
        0xa140..=0xa1fe => among(0.09, 157),
        0xa240..=0xa3bf => among(0.01, 280),
        0xa440..=0xa7fe => among(0.30, 628),
        0xa840..=0xaffe => among(0.28, 1_256),
        0xb040..=0xb7fe => among(0.17, 1_256),
        0xb840..=0xbffe => among(0.10, 1_256),
        0xc040..=0xc67e => among(0.03, 1_000),
        0xc940..=0xf9d5 => among(0.015, 7_652),
        _ => among(0.003, 5_000),
    }
}
