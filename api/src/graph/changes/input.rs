//! Reading a change's input: what is wrong is gathered, so that all of it is told at once.

use chrono::{DateTime, SubsecRound, Utc};
use entities::region_code::RegionCode;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::outcome::{FieldError, Stop};
use crate::graph::refusals::changes as refusals;
use crate::policy::Key;

/// The name of the key in every input.
const KEY: &str = "idempotencyKey";
/// The longest key.
const LONGEST_KEY: usize = 128;
/// The most items of a list.
const MOST_ITEMS: usize = 100;

/// An input being read.
pub(super) struct Input<'i> {
    values: &'i Map<String, Value>,
    errors: Vec<FieldError>,
}

impl<'i> Input<'i> {
    pub(super) fn new(values: &'i Map<String, Value>) -> Self {
        Self { values, errors: Vec::new() }
    }

    /// Notes what is wrong.
    pub(super) fn refuse(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// Ends the reading: all that is wrong, or nothing.
    pub(super) fn finish(self) -> Result<(), Stop> {
        if self.errors.is_empty() { Ok(()) } else { Err(Stop::Refused(self.errors)) }
    }

    /// The text of a field whose length in characters, spaces around it aside, lies between these.
    pub(super) fn text(&mut self, name: &str, shortest: usize, longest: usize) -> &'i str {
        let text = self.values.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        let length = text.chars().count();
        if length < shortest {
            self.errors.push(refusals::too_short(name, shortest));
        } else if length > longest {
            self.errors.push(refusals::too_long(name, longest));
        } else if text.contains('\0') {
            self.errors.push(refusals::unprintable(name));
        }
        text
    }

    /// The text of a field that may be absent.
    pub(super) fn maybe_text(&self, name: &str) -> Option<&'i str> {
        self.values.get(name).and_then(Value::as_str)
    }

    /// A word of letters, digits, `-` and `_`.
    pub(super) fn word(&mut self, name: &str, longest: usize) -> &'i str {
        let text = self.text(name, 1, longest);
        if !text.is_empty() && !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            self.errors.push(refusals::no_word(name));
        }
        text
    }

    /// The texts of a list, each once.
    pub(super) fn texts(&mut self, name: &str) -> Vec<&'i str> {
        let items: Vec<&Value> = match self.values.get(name) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(single) => vec![single],
        };
        if items.is_empty() {
            self.errors.push(refusals::required(name));
        }
        if items.len() > MOST_ITEMS {
            self.errors.push(refusals::too_many(name, MOST_ITEMS));
            return Vec::new();
        }
        let mut texts: Vec<&str> = Vec::with_capacity(items.len());
        for text in items.iter().filter_map(|item| item.as_str()) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// Regions of a list.
    pub(super) fn regions(&mut self, name: &str) -> Vec<RegionCode> {
        let mut regions = Vec::new();
        for text in self.texts(name) {
            match text.parse() {
                Ok(code) => regions.push(code),
                Err(_) => self.errors.push(refusals::no_region_code(name, text)),
            }
        }
        regions
    }

    /// The key of a row of a register.
    pub(super) fn id(&mut self, name: &str, register: &str) -> Option<Uuid> {
        let text = self.maybe_text(name).unwrap_or_default();
        let parsed = entities::id::parse(text).filter(|(prefix, _)| *prefix == register).map(|(_, uuid)| uuid);
        if parsed.is_none() {
            self.errors.push(refusals::no_id(name, register));
        }
        parsed
    }

    /// An instant, cut to what the databases hold.
    pub(super) fn instant(&mut self, name: &str) -> Option<DateTime<Utc>> {
        let text = self.maybe_text(name).unwrap_or_default();
        let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc().trunc_subsecs(6));
        let at = at.filter(|at| (0..=9999).contains(&chrono::Datelike::year(at)));
        if at.is_none() {
            self.errors.push(refusals::no_instant(name));
        }
        at
    }
}

/// The key that the caller chose.
pub(super) fn key(values: &Map<String, Value>) -> Result<&str, FieldError> {
    let key = values.get(KEY).and_then(Value::as_str).unwrap_or_default();
    let length = key.chars().count();
    if length == 0 || length > LONGEST_KEY || key.chars().any(char::is_control) {
        return Err(refusals::no_key(KEY, LONGEST_KEY));
    }
    Ok(key)
}

/// A digest of the input without its key, in whatever order its entries stand: keyed where what it says must not be guessed at.
pub(super) fn digest(values: &Map<String, Value>, secret: Option<&Key>) -> String {
    let mut text = String::new();
    let rest: Map<String, Value> =
        values.iter().filter(|(name, _)| *name != KEY).map(|(name, value)| (name.clone(), value.clone())).collect();
    canonical(&Value::Object(rest), &mut text);
    match secret {
        Some(secret) => hexadecimal(&secret.digest(&[b"input of a change", text.as_bytes()])),
        None => hexadecimal(&Sha256::digest(&text)),
    }
}

/// A keyed digest of what was looked up, in hexadecimal digits.
pub(super) fn lookup_digest(secret: &Key, known: &[&str]) -> String {
    let parts: Vec<&[u8]> = std::iter::once("look-up").chain(known.iter().copied()).map(str::as_bytes).collect();
    hexadecimal(&secret.digest(&parts))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value with the entries of its objects in order.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(entries) => {
            let mut names: Vec<&String> = entries.keys().collect();
            names.sort_unstable();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                canonical(&entries[name], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: &Value) -> String {
        digest(value.as_object().expect("an object"), None)
    }

    #[test]
    fn a_digest_follows_what_is_said_and_neither_order_nor_key() {
        let one = json!({ "a": 1, "b": { "c": [1, 2], "d": null }, "idempotencyKey": "x" });
        assert_eq!(of(&one), of(&json!({ "idempotencyKey": "y", "b": { "d": null, "c": [1, 2] }, "a": 1 })));
        assert_ne!(of(&one), of(&json!({ "a": 1, "b": { "c": [2, 1], "d": null } })));
        let text = one.as_object().expect("an object");
        assert_ne!(digest(text, Some(&Key::new("one"))), digest(text, Some(&Key::new("two"))));
        assert_ne!(digest(text, Some(&Key::new("one"))), digest(text, None));
    }
}
