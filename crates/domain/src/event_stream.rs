//! Server-sent events as text, after WHATWG HTML, section 9.2.6: for clients that cannot leave the stream to a browser's
//! `EventSource`, which sends no `Authorization`.

/// The longest line or event that is taken, in bytes. The backend's are a thousand at most.
const LONGEST: usize = 256 * 1024;

/// A line or an event is longer than any of the backend's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLong;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// Its name; `message` where the stream gives none.
    pub name: String,
    /// What it says.
    pub data: String,
}

/// A stream being read.
#[derive(Clone, Debug, Default)]
pub struct EventStream {
    line: String,
    /// Whether the last character was CR: an LF after it ends no second line.
    after_return: bool,
    /// Whether anything was read; a byte order mark counts only at the start.
    has_begun: bool,
    name: String,
    data: String,
    id: String,
    last_event_id: String,
    retry_millis: Option<u64>,
}

impl EventStream {
    /// Takes what has arrived, decoded from UTF-8, and gives the events that it completes.
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

    /// The connection broke: what had not come whole is dropped, what the stream said about itself is kept.
    pub fn reconnect(&mut self) {
        *self = Self {
            id: self.last_event_id.clone(),
            last_event_id: std::mem::take(&mut self.last_event_id),
            retry_millis: self.retry_millis,
            ..Self::default()
        };
    }

    /// The id of the last event, for `Last-Event-ID`; empty before any.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// How long the stream asks to wait before reconnecting.
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
            // A comment, or a field of a later version.
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
