//! Values as text: fixed-width instants and days for both databases, and COPY's escapes.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use sea_orm::sea_query::Value;

/// Appends `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
pub(super) fn instant(instant: &DateTime<Utc>, text: &mut Vec<u8>) {
    day(instant.date_naive(), text);
    text.push(b'T');
    digits(instant.hour(), 2, text);
    text.push(b':');
    digits(instant.minute(), 2, text);
    text.push(b':');
    digits(instant.second(), 2, text);
    text.push(b'.');
    digits(instant.timestamp_subsec_micros(), 6, text);
    text.push(b'Z');
}

/// Appends `YYYY-MM-DD`.
pub(super) fn day(day: NaiveDate, text: &mut Vec<u8>) {
    digits(u32::try_from(day.year()).unwrap_or(0), 4, text);
    text.push(b'-');
    digits(day.month(), 2, text);
    text.push(b'-');
    digits(day.day(), 2, text);
}

/// Appends a value as a cell of COPY's text format; false if it is of a kind that no register has.
pub(super) fn cell(value: &Value, text: &mut Vec<u8>) -> bool {
    match value {
        Value::Bool(Some(value)) => text.push(if *value { b't' } else { b'f' }),
        Value::Int(Some(value)) => text.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
        Value::BigInt(Some(value)) => text.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
        Value::Double(Some(value)) => text.extend_from_slice(ryu::Buffer::new().format(*value).as_bytes()),
        Value::String(Some(value)) => escaped(value, text),
        Value::Uuid(Some(value)) => text.extend_from_slice(value.simple().encode_lower(&mut [0; 32]).as_bytes()),
        Value::ChronoDate(Some(value)) => day(*value, text),
        Value::ChronoDateTimeUtc(Some(value)) => instant(value, text),
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Double(None)
        | Value::String(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTimeUtc(None) => text.extend_from_slice(b"\\N"),
        _ => return false,
    }
    true
}

fn escaped(value: &str, text: &mut Vec<u8>) {
    for byte in value.bytes() {
        match byte {
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            other => text.push(other),
        }
    }
}

/// Appends a number with leading zeros.
fn digits(number: u32, width: u32, text: &mut Vec<u8>) {
    for place in (0..width).rev() {
        text.push(b'0' + (number / 10u32.pow(place) % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell_of(value: impl Into<Value>) -> String {
        let mut text = Vec::new();
        assert!(cell(&value.into(), &mut text));
        String::from_utf8(text).expect("text")
    }

    #[test]
    fn instants_have_a_fixed_width() {
        let instant = DateTime::from_timestamp(1_700_000_000, 5_000).expect("an instant");
        assert_eq!(cell_of(instant), "2023-11-14T22:13:20.000005Z");
    }

    #[test]
    fn cells_are_escaped_and_null_is_apart_from_text() {
        assert_eq!(cell_of("a\tb\nc\\N"), "a\\tb\\nc\\\\N");
        assert_eq!(cell_of(Option::<String>::None), "\\N");
        assert_eq!(cell_of(true), "t");
        assert_eq!(cell_of(-5i64), "-5");
    }
}
