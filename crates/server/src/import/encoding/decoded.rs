//! Reads a file as UTF-8, whatever its encoding.

use std::{
    io::{self, BufRead, Read},
    ops::Range,
};

use encoding_rs::{BIG5, Decoder, GB18030, UTF_8};

use super::{CHUNK, Encoding};

/// Reads a file's text as UTF-8, without its byte order mark. Invalid bytes become U+FFFD.
pub(in crate::import) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    input: Box<[u8]>,
    unread: Range<usize>,
    output: Box<[u8]>,
    ready: Range<usize>,
    is_done: bool,
}

impl<R: Read> Decoded<R> {
    pub(in crate::import) fn new(source: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Encoding::Gb18030 => GB18030.new_decoder_with_bom_removal(),
            Encoding::Big5 => BIG5.new_decoder_without_bom_handling(),
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
