//! Rows in PostgreSQL's binary format, as JSON text: no value in between.

use std::error::Error;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

/// The answer's text.
pub(super) struct Text(Vec<u8>);

/// A column as it came.
pub(super) type Cell<'a> = Option<&'a [u8]>;

struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A column of a row.
pub(super) fn cell(row: &Row, column: usize) -> Cell<'_> {
    row.try_get::<_, Option<Raw<'_>>>(column).ok().flatten().map(|raw| raw.0)
}

/// A 64-bit integer of a row.
pub(super) fn long(cell: Cell<'_>) -> Option<i64> {
    cell.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes)
}

/// Days since 2000 of a day's column.
pub(super) fn days(cell: Cell<'_>) -> Option<i32> {
    cell.and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes)
}

/// Microseconds and days from 1970 to PostgreSQL's epoch, 2000.
const EPOCH_DAYS: i64 = 10_957;
const DAY: i64 = 86_400_000_000;

impl Text {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(4_096))
    }

    /// The bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Text of JSON itself.
    pub(super) fn raw(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// Bytes of JSON itself.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A comma, but for the first of a list.
    pub(super) fn comma(&mut self, first: bool) -> &mut Self {
        if !first {
            self.0.push(b',');
        }
        self
    }

    /// Null, or what is written of the bytes.
    fn or_null(&mut self, cell: Cell<'_>, write: impl FnOnce(&mut Self, &[u8])) -> &mut Self {
        match cell {
            Some(bytes) => write(self, bytes),
            None => self.0.extend_from_slice(b"null"),
        }
        self
    }

    /// A text.
    pub(super) fn text(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| text.escaped(bytes))
    }

    /// A text of a code list: nothing in it needs an escape.
    pub(super) fn code(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| {
            text.0.push(b'"');
            text.0.extend_from_slice(bytes);
            text.0.push(b'"');
        })
    }

    /// An id.
    pub(super) fn id(&mut self, prefix: &str, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| {
            text.0.push(b'"');
            text.0.extend_from_slice(prefix.as_bytes());
            text.0.push(b'_');
            text.0.extend_from_slice(&entities::id::encode(Uuid::from_slice(bytes).unwrap_or_default()));
            text.0.push(b'"');
        })
    }

    /// A truth value.
    pub(super) fn boolean(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| text.0.extend_from_slice(if bytes == [0] { b"false" } else { b"true" }))
    }

    /// A 32-bit integer.
    pub(super) fn integer(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| {
            let number = bytes.try_into().map(i32::from_be_bytes).unwrap_or_default();
            text.number(i64::from(number));
        })
    }

    /// A number.
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.0.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self
    }

    /// A day.
    pub(super) fn date(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| {
            let days = bytes.try_into().map(i32::from_be_bytes).unwrap_or_default();
            text.0.push(b'"');
            text.day(i64::from(days) + EPOCH_DAYS);
            text.0.push(b'"');
        })
    }

    /// Completed years at a day, given as eight digits.
    pub(super) fn age(&mut self, cell: Cell<'_>, today: i64) -> &mut Self {
        match days(cell) {
            Some(days) => {
                let (year, month, day) = civil(i64::from(days) + EPOCH_DAYS);
                self.number((today - (year * 10_000 + month * 100 + day)) / 10_000)
            }
            None => self.raw("null"),
        }
    }

    /// An instant.
    pub(super) fn instant(&mut self, cell: Cell<'_>) -> &mut Self {
        self.or_null(cell, |text, bytes| {
            let micros = bytes.try_into().map(i64::from_be_bytes).unwrap_or_default();
            let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
            let seconds = rest / 1_000_000;
            text.0.push(b'"');
            text.day(days + EPOCH_DAYS);
            text.0.push(b'T');
            text.digits(seconds / 3_600, 2);
            text.0.push(b':');
            text.digits(seconds / 60 % 60, 2);
            text.0.push(b':');
            text.digits(seconds % 60, 2);
            text.0.push(b'.');
            text.digits(rest % 1_000_000, 6);
            text.0.extend_from_slice(b"Z\"");
        })
    }

    /// A string.
    pub(super) fn quoted(&mut self, text: &str) -> &mut Self {
        self.escaped(text.as_bytes());
        self
    }

    fn escaped(&mut self, bytes: &[u8]) {
        self.0.push(b'"');
        if bytes.iter().all(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\') {
            self.0.extend_from_slice(bytes);
        } else {
            for byte in bytes {
                match byte {
                    b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', *byte]),
                    0..0x20 => self.0.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                    _ => self.0.push(*byte),
                }
            }
        }
        self.0.push(b'"');
    }

    /// A day from the days since 1970.
    fn day(&mut self, days: i64) {
        let (year, month, day) = civil(days);
        self.digits(year, 4);
        self.0.push(b'-');
        self.digits(month, 2);
        self.0.push(b'-');
        self.digits(day, 2);
    }

    fn digits(&mut self, number: i64, width: usize) {
        let mut places = [b'0'; 6];
        let mut rest = number;
        for place in places[..width].iter_mut().rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.0.extend_from_slice(&places[..width]);
    }
}

/// Year, month and day from the days since 1970 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_spelled() {
        let mut text = Text::new();
        text.date(Some(&0i32.to_be_bytes())).comma(false).date(Some(&8_825i32.to_be_bytes())).comma(false);
        text.instant(Some(&(-1i64).to_be_bytes())).comma(false).age(Some(&8_825i32.to_be_bytes()), 20_260_228);
        let written = String::from_utf8(text.finish()).expect("UTF-8");
        assert_eq!(written, "\"2000-01-01\",\"2024-02-29\",\"1999-12-31T23:59:59.999999Z\",1");
    }
}
