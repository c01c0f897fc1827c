//! A parser for server-sent events (WHATWG HTML, section 9.2.6). It is for clients that cannot use the browser's
//! `EventSource`, because `EventSource` sends no `Authorization` header.

/// The maximum size of a line or an event, in bytes. The backend sends at most about a thousand.
const LONGEST: usize = 256 * 1024;

/// A line or an event is too long: more than 256 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLong;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// The event's name; `message` if the stream gives none.
    pub name: String,
    /// The event's data.
    pub data: String,
}

/// The state of the parser for one stream.
#[derive(Clone, Debug, Default)]
pub struct EventStream {
    line: String,
    /// Whether the last character was CR. An LF directly after it does not end another line.
    after_return: bool,
    /// Whether any character was read. A byte order mark is ignored only at the start.
    has_begun: bool,
    name: String,
    data: String,
    id: String,
    last_event_id: String,
    retry_millis: Option<u64>,
}

impl EventStream {
    /// Parses the next text (already decoded from UTF-8) and returns the events that it completes.
    pub fn feed(&mut self, text: &str) -> Result<Vec<StreamEvent>, EventTooLong> {
        let mut events = Vec::new();
        for character in text.chars() {
            let is_first = !std::mem::replace(&mut self.has_begun, true);
            let after_return = std::mem::replace(&mut self.after_return, character == '\r');
            match character {
                '\u{FEFF}' if is_first => {}
                '\n' if after_return => {}
                '\n' | '\r' => events.extend(self.end_line()),
                character => self.line.push(character),
            }
            if self.line.len() + self.data.len() > LONGEST {
                return Err(EventTooLong);
            }
        }
        Ok(events)
    }

    /// Resets the parser after the connection broke. Drops the incomplete event; keeps the last event id and the retry
    /// time.
    pub fn reconnect(&mut self) {
        *self = Self {
            id: self.last_event_id.clone(),
            last_event_id: std::mem::take(&mut self.last_event_id),
            retry_millis: self.retry_millis,
            ..Self::default()
        };
    }

    /// The id of the last event, for the `Last-Event-ID` header; empty before the first event.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// The time that the stream asks clients to wait before they reconnect, in milliseconds.
    pub fn retry_millis(&self) -> Option<u64> {
        self.retry_millis
    }

    fn end_line(&mut self) -> Option<StreamEvent> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry_millis = value.parse().ok().or(self.retry_millis);
            }
            // A comment, or a field that this version does not know.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<StreamEvent> {
        self.last_event_id.clone_from(&self.id);
        let (mut data, name) = (std::mem::take(&mut self.data), std::mem::take(&mut self.name));
        data.pop()?;
        let name = if name.is_empty() { "message".to_owned() } else { name };
        Some(StreamEvent { name, data })
    }
}
