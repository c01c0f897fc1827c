//! A minimal HTTP/1.1 client: one connection that stays open and waits for each answer. Client and server
//! share the machine, so requests must cost little.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

/// One open connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    line: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream), line: Vec::new(), body: Vec::new() })
    }

    /// Sends a request and reads the whole answer: its status and its body.
    pub(crate) fn ask(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.get_mut().write_all(request).unwrap();
        let status = self.line().get(9..12).and_then(|digits| digits.parse().ok()).expect("a status");
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            is_chunked |= line == "transfer-encoding: chunked";
        }
        self.body.clear();
        if is_chunked {
            while self.chunk() > 0 {}
        } else {
            self.read_on(length);
        }
        (status, &self.body)
    }

    fn line(&mut self) -> &str {
        self.line.clear();
        self.stream.read_until(b'\n', &mut self.line).unwrap();
        std::str::from_utf8(&self.line).unwrap().trim_end()
    }

    fn chunk(&mut self) -> usize {
        let length = usize::from_str_radix(self.line(), 16).unwrap();
        self.read_on(length);
        self.line();
        length
    }

    fn read_on(&mut self, length: usize) {
        let start = self.body.len();
        self.body.resize(start + length, 0);
        self.stream.read_exact(&mut self.body[start..]).unwrap();
    }
}

/// A request without a body. The answer may be compressed, as for browsers.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\
         Accept-Encoding: gzip\r\n\r\n"
    )
    .into_bytes()
}

/// A till's request to redeem.
pub(crate) fn redeem(token: &str, key: &str, code: &str, bill_fen: i64) -> Vec<u8> {
    let body = format!(r#"{{"code":"{code}","billFen":{bill_fen}}}"#);
    format!(
        "POST /v1/redemptions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
