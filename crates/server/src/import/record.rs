//! Reads the records of a CSV file (RFC 4180), one at a time and in bounded memory. The bound matters,
//! because a quote that is never closed makes one record of the rest of the file.

use std::io::{self, BufRead};

use csv_core::ReadRecordResult;

/// The maximum length of a record, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// The maximum number of fields of a record: the number of columns in a spreadsheet.
const MOST_FIELDS: usize = 16_384;

/// Reads records from text in UTF-8.
pub(super) struct Records<R> {
    source: R,
    parser: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    field_count: usize,
    /// The number of line ends read so far: line feeds, carriage returns, or pairs of both.
    lines_passed: u64,
    is_after_return: bool,
    line: u64,
}

/// The result of a reading step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A record. [`Records::fields`] returns its fields.
    Record,
    /// A record that is too long.
    TooLong {
        /// The field in which the limit was reached, counted from zero.
        field: usize,
    },
    /// The end of the file.
    End,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(source: R, separator: u8) -> Self {
        Self {
            source,
            parser: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            text: vec![0; 4096],
            ends: vec![0; 64],
            field_count: 0,
            lines_passed: 0,
            is_after_return: false,
            line: 1,
        }
    }

    /// Returns the line, as editors count, on which the last record starts.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// Returns the fields of the last record as they are written.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.field_count).filter_map(|index| self.field(index))
    }

    /// Returns one field of the last record as it is written.
    pub(super) fn field(&self, index: usize) -> Option<&str> {
        if index >= self.field_count {
            return None;
        }
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let field = str::from_utf8(&self.text[start..self.ends[index]]);
        Some(field.expect("decoded text that is cut at ASCII is UTF-8"))
    }

    pub(super) const fn field_count(&self) -> usize {
        self.field_count
    }

    /// Reads the next record. Skips blank lines.
    pub(super) fn advance(&mut self) -> io::Result<Step> {
        self.field_count = 0;
        self.pass_line_ends()?;
        self.line = self.lines_passed + 1;
        let (mut length, mut fields, mut too_long) = (0, 0, None);
        loop {
            let input = self.source.fill_buf()?;
            // A record that is too long is parsed to its end, into the same memory again and again.
            let (text_from, ends_from) = if too_long.is_some() { (0, 0) } else { (length, fields) };
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.text[text_from..], &mut self.ends[ends_from..]);
            self.lines_passed += line_ends(&input[..read], &mut self.is_after_return);
            self.source.consume(read);
            length += written;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if too_long.is_some() || self.text.len() >= LONGEST => {
                    too_long.get_or_insert(fields);
                }
                ReadRecordResult::OutputEndsFull if too_long.is_some() || self.ends.len() >= MOST_FIELDS => {
                    too_long.get_or_insert(fields);
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    return Ok(if let Some(field) = too_long {
                        Step::TooLong { field }
                    } else {
                        self.field_count = fields;
                        Step::Record
                    });
                }
                ReadRecordResult::End => return Ok(Step::End),
            }
        }
    }

    fn pass_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.source.fill_buf()?;
            let ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let is_all = ends == input.len();
            let is_end = input.is_empty();
            self.lines_passed += line_ends(&input[..ends], &mut self.is_after_return);
            self.source.consume(ends);
            if is_end || !is_all {
                return Ok(());
            }
        }
    }
}

/// Counts the line ends of the next piece of a text.
fn line_ends(text: &[u8], is_after_return: &mut bool) -> u64 {
    let mut count = 0;
    for byte in text {
        let is_end = *byte == b'\r' || (*byte == b'\n' && !*is_after_return);
        *is_after_return = *byte == b'\r';
        count += u64::from(is_end);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns every record with its line; `None` for a record that is too long.
    fn records(csv: &[u8]) -> Vec<(u64, Option<Vec<String>>)> {
        // A small buffer splits records, quotes and line ends at any point.
        let mut records = Records::new(io::BufReader::with_capacity(3, csv), b',');
        let mut all = Vec::new();
        loop {
            match records.advance().expect("memory can be read") {
                Step::Record => {
                    let fields = records.fields().map(|field| field.trim().to_owned());
                    all.push((records.line(), Some(fields.collect())));
                }
                Step::TooLong { .. } => all.push((records.line(), None)),
                Step::End => return all,
            }
        }
    }

    fn record(line: u64, fields: &[&str]) -> (u64, Option<Vec<String>>) {
        (line, Some(fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn records_know_the_line_they_start_on() {
        for csv in ["a,b\n\n1,\"two\nlines\"\n3, x ", "a,b\r\n\r\n1,\"two\nlines\"\r\n3, x \r\n\r\n"] {
            let expected = [record(1, &["a", "b"]), record(3, &["1", "two\nlines"]), record(5, &["3", "x"])];
            assert_eq!(records(csv.as_bytes()), expected, "{csv:?}");
        }
        let expected = [record(1, &["a", "b"]), record(3, &["1", "two\rlines"]), record(5, &["3", "x"])];
        assert_eq!(records(b"a,b\r\r1,\"two\rlines\"\r3, x \r"), expected, "carriage returns only");
        assert_eq!(records(b""), []);
        assert_eq!(records(b"\n\n"), []);
        assert_eq!(records(b"\"a \"\"b\"\"\",,"), [record(1, &["a \"b\"", "", ""])]);
    }

    #[test]
    fn a_record_that_is_too_long_ends_where_it_ends() {
        let long = "x".repeat(LONGEST + 1);
        let csv = format!("a,b,c\n1,{long},3\n4,5,6\n");
        let mut records = Records::new(csv.as_bytes(), b',');
        let mut steps = Vec::new();
        while steps.last() != Some(&Step::End) {
            steps.push(records.advance().expect("memory can be read"));
        }
        assert_eq!(steps, [Step::Record, Step::TooLong { field: 1 }, Step::Record, Step::End]);
        assert!(records.text.len() <= LONGEST);
    }

    #[test]
    fn a_record_of_too_many_fields_is_too_long() {
        let csv = format!("1\n{}\n2\n", ",".repeat(MOST_FIELDS));
        assert_eq!(records(csv.as_bytes()), [record(1, &["1"]), (2, None), record(3, &["2"])]);
    }
}
