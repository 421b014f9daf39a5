//! JSON text, written once.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use entities::mask::Left;
use uuid::Uuid;

/// Writes text as a JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text);
    out.push(b'"');
}

/// Writes what a mask leaves of a text.
pub(super) fn starred(out: &mut Vec<u8>, left: Left<'_>) {
    let Left { head, stars, tail } = left;
    out.push(b'"');
    escaped(out, head);
    out.resize(out.len() + stars, b'*');
    escaped(out, tail);
    out.push(b'"');
}

fn escaped(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = text.as_bytes();
    let mut start = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[start..index]);
        start = index + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => out.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]]),
        }
    }
    out.extend_from_slice(&bytes[start..]);
}

/// Writes an object's key with its colon. Response keys are GraphQL names, which need no escape.
pub(super) fn key(out: &mut Vec<u8>, first: &mut bool, name: &str) {
    if !*first {
        out.push(b',');
    }
    *first = false;
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Writes null.
pub(super) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Writes a truth value.
pub(super) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Writes an integer.
pub(super) fn integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes a number with a fraction; what JSON cannot say becomes null.
pub(super) fn float(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
    } else {
        null(out);
    }
}

/// Writes an id: the register's name and 26 characters.
pub(super) fn id(out: &mut Vec<u8>, register: &str, uuid: Uuid) {
    out.push(b'"');
    out.extend_from_slice(register.as_bytes());
    out.push(b'_');
    out.extend_from_slice(&entities::id::encode(uuid));
    out.push(b'"');
}

/// Writes a day.
pub(super) fn date(out: &mut Vec<u8>, day: NaiveDate) {
    out.push(b'"');
    day_digits(out, day);
    out.push(b'"');
}

/// Writes an instant from microseconds since 1970, always with six digits of fraction.
pub(super) fn instant(out: &mut Vec<u8>, micros: i64) {
    let Some(instant) = DateTime::<Utc>::from_timestamp_micros(micros) else {
        null(out);
        return;
    };
    out.push(b'"');
    day_digits(out, instant.date_naive());
    out.push(b'T');
    digits(out, instant.hour(), 2);
    out.push(b':');
    digits(out, instant.minute(), 2);
    out.push(b':');
    digits(out, instant.second(), 2);
    out.push(b'.');
    digits(out, instant.timestamp_subsec_micros(), 6);
    out.extend_from_slice(b"Z\"");
}

fn day_digits(out: &mut Vec<u8>, day: NaiveDate) {
    digits(out, u32::try_from(day.year()).unwrap_or_default(), 4);
    out.push(b'-');
    digits(out, day.month(), 2);
    out.push(b'-');
    digits(out, day.day(), 2);
}

/// Writes a number with leading zeros.
fn digits(out: &mut Vec<u8>, number: u32, width: usize) {
    let mut places = [b'0'; 10];
    let mut rest = number;
    for place in places[..width].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&places[..width]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    proptest! {
        #[test]
        fn any_text_is_written_as_json_reads_it(text in ".*") {
            let json = written(|out| string(out, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("valid JSON"), text);
        }

        #[test]
        fn any_instant_is_written_as_rfc_3339_reads_it(micros in -62_135_596_800_000_000i64..253_402_300_799_999_999) {
            let json = written(|out| instant(out, micros));
            let text: String = serde_json::from_str(&json).expect("valid JSON");
            prop_assert_eq!(DateTime::parse_from_rfc3339(&text).expect("RFC 3339").timestamp_micros(), micros);
        }
    }
}
