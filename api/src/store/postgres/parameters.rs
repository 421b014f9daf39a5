//! Values on their way to PostgreSQL, in its binary formats.

use std::error::Error as StdError;

use bytes::BytesMut;
use chrono::NaiveDate;
use postgres_protocol::types::{
    ArrayDimension, array_to_sql, bool_to_sql, date_to_sql, float8_to_sql, int8_to_sql, text_to_sql, timestamp_to_sql, uuid_to_sql,
};
use postgres_protocol::{IsNull, Oid};

use super::super::rows::POSTGRES_EPOCH;
use super::super::sql::Value;

const INT8: Oid = 20;
const TEXT: Oid = 25;
const UUID: Oid = 2950;

/// The type of a value, by its number in `pg_type`: declared, so that a statement means the same whatever its context.
pub(super) fn type_of(value: &Value) -> Oid {
    match value {
        Value::Boolean(_) => 16,
        Value::Integer(_) => INT8,
        Value::Float(_) => 701,
        Value::Text(_) => TEXT,
        Value::Uuid(_) => UUID,
        Value::Date(_) => 1082,
        Value::Instant(_) => 1184,
        Value::Integers(_) => 1016,
        Value::Texts(_) => 1009,
        Value::Uuids(_) => 2951,
    }
}

/// Writes a value.
///
/// # Errors
/// If a list has more elements, or a text more bytes, than the protocol can count.
pub(super) fn write(value: &Value, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Send + Sync>> {
    match value {
        Value::Boolean(value) => bool_to_sql(*value, out),
        Value::Integer(value) => int8_to_sql(*value, out),
        Value::Float(value) => float8_to_sql(*value, out),
        Value::Text(value) => text_to_sql(value, out),
        Value::Uuid(value) => uuid_to_sql(*value.as_bytes(), out),
        Value::Date(value) => date_to_sql(days(*value)?, out),
        Value::Instant(value) => timestamp_to_sql(value.timestamp_micros() - POSTGRES_EPOCH, out),
        Value::Integers(values) => list(INT8, values, |value, out| int8_to_sql(*value, out), out)?,
        Value::Texts(values) => list(TEXT, values, |value, out| text_to_sql(value, out), out)?,
        Value::Uuids(values) => list(UUID, values, |value, out| uuid_to_sql(*value.as_bytes(), out), out)?,
    }
    Ok(IsNull::No)
}

fn list<T>(
    element: Oid,
    values: &[T],
    write: impl Fn(&T, &mut BytesMut),
    out: &mut BytesMut,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    let dimension = ArrayDimension { len: i32::try_from(values.len())?, lower_bound: 1 };
    let each = |value: &T, out: &mut BytesMut| {
        write(value, out);
        Ok(IsNull::No)
    };
    array_to_sql((!values.is_empty()).then_some(dimension), element, values, each, out)
}

/// Days since 2000-01-01, PostgreSQL's epoch.
fn days(day: NaiveDate) -> Result<i32, Box<dyn StdError + Send + Sync>> {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    Ok(i32::try_from(day.signed_duration_since(epoch).num_days())?)
}
