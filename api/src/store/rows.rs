//! Rows as the drivers give them, read in place: no model, no copy.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, ValueRef};
use uuid::Uuid;

use super::error::Error;
use super::expression::Type;
use super::filter::Literal;
use super::postgres::PostgresRows;

/// The rows of one statement.
#[derive(Default)]
pub enum Rows {
    /// No statement was run.
    #[default]
    None,
    /// From PostgreSQL, in its binary format.
    Postgres(PostgresRows),
    /// From PostgreSQL, read for an earlier request.
    Kept(Arc<PostgresRows>),
    /// From SQLite.
    Sqlite(Vec<SqliteRow>),
}

/// One value, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A key.
    Uuid(Uuid),
    /// A truth value.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(&'a str),
    /// A day.
    Date(NaiveDate),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
}

/// Microseconds from 1970 to PostgreSQL's epoch, 2000.
pub(super) const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Postgres(rows) => rows.len(),
            Self::Kept(rows) => rows.len(),
            Self::Sqlite(rows) => rows.len(),
        }
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the day in a column of a row, by [`day_number`]: to compare days without working them out.
    ///
    /// # Errors
    /// If the database's value is no day.
    pub fn day(&self, row: usize, column: usize) -> Result<Option<i64>, Error> {
        let rows = match self {
            Self::Postgres(rows) => rows,
            Self::Kept(rows) => &**rows,
            Self::None | Self::Sqlite(_) => {
                let cell = self.cell(row, column, Type::Date)?;
                return Ok(if let Cell::Date(day) = cell { Some(day_number(day)) } else { None });
            }
        };
        let bytes = rows.value(row, column).ok_or(Error::Undecodable { column })?;
        let number = |bytes: &[u8]| bytes.try_into().map(i32::from_be_bytes).map(i64::from).map_err(|_| Error::Undecodable { column });
        bytes.map(number).transpose()
    }

    /// The value of a column of a row.
    ///
    /// # Errors
    /// If the database's value is not of the type that the statement promises.
    pub fn cell(&self, row: usize, column: usize, expected: Type) -> Result<Cell<'_>, Error> {
        match self {
            Self::None => Ok(Cell::Null),
            Self::Postgres(rows) => postgres_cell(rows, row, column, expected).ok_or(Error::Undecodable { column }),
            Self::Kept(rows) => postgres_cell(rows, row, column, expected).ok_or(Error::Undecodable { column }),
            Self::Sqlite(rows) => sqlite_cell(&rows[row], column, expected).ok_or(Error::Undecodable { column }),
        }
    }
}

/// How many days a day lies after the first of 2000, from which PostgreSQL counts.
pub fn day_number(day: NaiveDate) -> i64 {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    (day - epoch).num_days()
}

fn postgres_cell(rows: &PostgresRows, row: usize, column: usize, expected: Type) -> Option<Cell<'_>> {
    let Some(bytes) = rows.value(row, column)? else { return Some(Cell::Null) };
    Some(match expected {
        Type::Uuid => Cell::Uuid(Uuid::from_slice(bytes).ok()?),
        Type::Boolean => Cell::Boolean(*bytes.first()? != 0),
        Type::Integer | Type::Long => Cell::Integer(match bytes.len() {
            4 => i64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
            8 => i64::from_be_bytes(bytes.try_into().ok()?),
            _ => return None,
        }),
        Type::Float => Cell::Float(f64::from_be_bytes(bytes.try_into().ok()?)),
        Type::Text => Cell::Text(std::str::from_utf8(bytes).ok()?),
        Type::Date => Cell::Date(postgres_date(i32::from_be_bytes(bytes.try_into().ok()?))?),
        Type::Instant => Cell::Instant(i64::from_be_bytes(bytes.try_into().ok()?).checked_add(POSTGRES_EPOCH)?),
    })
}

/// PostgreSQL counts days from 2000-01-01.
fn postgres_date(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let distance = Days::new(u64::from(days.unsigned_abs()));
    if days >= 0 { epoch.checked_add_days(distance) } else { epoch.checked_sub_days(distance) }
}

fn sqlite_cell(row: &SqliteRow, column: usize, expected: Type) -> Option<Cell<'_>> {
    let value = row.try_get_raw(column).ok()?;
    if value.is_null() {
        return Some(Cell::Null);
    }
    Some(match expected {
        Type::Uuid => Cell::Uuid(Uuid::from_slice(<&[u8] as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?).ok()?),
        Type::Boolean => Cell::Boolean(<i64 as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()? != 0),
        Type::Integer | Type::Long => Cell::Integer(<i64 as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?),
        Type::Float => Cell::Float(<f64 as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?),
        Type::Text => Cell::Text(<&str as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?),
        Type::Date => Cell::Date(<&str as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?.parse().ok()?),
        Type::Instant => {
            let text = <&str as sqlx::Decode<'_, sqlx::Sqlite>>::decode(value).ok()?;
            Cell::Instant(DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros())
        }
    })
}

impl Cell<'_> {
    /// The key in the cell.
    pub fn uuid(self) -> Option<Uuid> {
        if let Cell::Uuid(uuid) = self { Some(uuid) } else { None }
    }

    /// The integer in the cell.
    pub fn integer(self) -> Option<i64> {
        if let Cell::Integer(number) = self { Some(number) } else { None }
    }

    /// The value as one to compare with; None for null.
    pub fn literal(self) -> Option<Literal> {
        Some(match self {
            Cell::Null => return None,
            Cell::Uuid(uuid) => Literal::Uuid(uuid),
            Cell::Boolean(value) => Literal::Boolean(value),
            Cell::Integer(number) => Literal::Integer(number),
            Cell::Float(number) => Literal::Float(number),
            Cell::Text(text) => Literal::Text(text.to_owned()),
            Cell::Date(day) => Literal::Date(day),
            Cell::Instant(micros) => Literal::Instant(DateTime::<Utc>::from_timestamp_micros(micros)?),
        })
    }
}
