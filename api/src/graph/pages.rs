//! Pages of lists: sizes, orders and cursors.

use apollo_compiler::executable::Field;
use apollo_compiler::response::JsonMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entities::catalog::Register;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::policy::{Cover, FieldSet, Permit, Right};
use crate::store::expression::{Type, type_of};
use crate::store::filter::{Literal, OrderKey, Page, Seek};

use super::error::GraphError;
use super::filters::{full_name, withheld};
use super::limits::Limits;
use super::names::field_of_enum_value;
use super::refusals::lists;
use super::refusals::rights::{self, Use};
use super::values::argument;

/// The page that a list's arguments ask for. `full` are the fields that the filter confines to rows that show them.
pub(super) fn page(field: &Field, variables: &JsonMap, permit: &Permit, full: FieldSet, limits: &Limits) -> Result<Page, GraphError> {
    let register = permit.register();
    let order = order(register, argument(field, "orderBy", variables).as_ref(), permit, full)?;
    let (size, backward) = size(field, variables, limits)?;
    let seek = |name: &str| -> Result<Option<Seek>, GraphError> {
        match argument(field, name, variables).filter(|value| !value.is_null()) {
            Some(text) => Ok(Some(decode(register, &order, text.as_str().unwrap_or_default())?)),
            None => Ok(None),
        }
    };
    let (after, before) = (seek("after")?, seek("before")?);
    Ok(Page { size, backward, after, before, order })
}

fn size(field: &Field, variables: &JsonMap, limits: &Limits) -> Result<(usize, bool), GraphError> {
    let number = |name: &str| argument(field, name, variables).and_then(|value| value.as_i64());
    let (size, backward) = match (number("first"), number("last")) {
        (Some(_), Some(_)) => {
            return Err(lists::first_and_last());
        }
        (Some(first), None) => (first, false),
        (None, Some(last)) => (last, true),
        (None, None) => (limits.default_page_size as i64, false),
    };
    bounded(size, limits).map(|size| (size, backward))
}

/// A page size within the limits.
pub(super) fn bounded(size: i64, limits: &Limits) -> Result<usize, GraphError> {
    match usize::try_from(size) {
        Ok(size) if size <= limits.page_size => Ok(size),
        Ok(size) => Err(lists::page_too_large(size, limits.page_size)),
        Err(_) => Err(lists::no_page_size(size)),
    }
}

fn order(register: &Register, value: Option<&Value>, permit: &Permit, full: FieldSet) -> Result<Vec<OrderKey>, GraphError> {
    let items: Vec<&Value> = match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(_)) => value.into_iter().collect(),
        _ => Vec::new(),
    };
    let mut keys: Vec<OrderKey> = Vec::new();
    for item in items {
        let name = item["field"].as_str().unwrap_or_default();
        let field = field_of_enum_value(register, name).ok_or_else(|| lists::no_order_field(name))?;
        if keys.iter().any(|key| key.field == field) {
            return Err(lists::ordered_twice(name));
        }
        // A cursor holds the order's values, so ordering takes both rights.
        for right in [Right::Filter, Right::Show] {
            usable_everywhere(permit, right, field, full, Use::Order)?;
        }
        keys.push(OrderKey { field, descending: item["direction"] == "DESC" });
    }
    // The key that breaks ties ends the order: what follows `id` could not matter.
    if let Some(position) = keys.iter().position(|key| register.fields[key.field].name == "id") {
        keys.truncate(position + 1);
    }
    Ok(keys)
}

/// Refuses a field whose use is not the same on all rows, unless the filter keeps to the rows where it is.
pub(super) fn usable_everywhere(permit: &Permit, right: Right, field: usize, full: FieldSet, wanted: Use) -> Result<(), GraphError> {
    if permit.is_empty() {
        return Ok(());
    }
    match permit.cover(right, field) {
        Cover::Everywhere => Ok(()),
        Cover::Where { .. } if full.contains(field) => Ok(()),
        Cover::Where { .. } => {
            let name = super::names::enum_value(permit.register().fields[field].name);
            Err(rights::withheld_on_some_rows(&full_name(permit.register(), field), &name, wanted).about(permit.register(), field))
        }
        Cover::Nowhere => Err(withheld(permit.register(), field, wanted)),
    }
}

/// Where a page begins that is found by its number: the cursor is how many came before it, and the list it belongs to.
pub(super) fn offset_in(text: &str, kind: &str, signature: &str) -> Result<u64, GraphError> {
    let rest = text.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':'));
    let (number, of) = rest.and_then(|rest| rest.split_once(':')).ok_or_else(lists::no_cursor)?;
    let number = number.parse::<u64>().ok().filter(|number| *number < u64::from(u32::MAX)).ok_or_else(lists::no_cursor)?;
    if of == signature { Ok(number) } else { Err(lists::cursor_of_other_groups()) }
}

fn signature(register: &Register, order: &[OrderKey]) -> String {
    let keys = order.iter().map(|key| format!("{}{}", if key.descending { "-" } else { "+" }, register.fields[key.field].name));
    keys.collect::<Vec<_>>().join(",")
}

/// The cursor of a row.
pub(super) fn encode(register: &Register, order: &[OrderKey], values: &[Option<Literal>], id: Uuid) -> String {
    let values: Vec<Value> = values.iter().map(|value| value.as_ref().map_or(Value::Null, to_json)).collect();
    let cursor = json!([register.name, signature(register, order), values, id.simple().to_string()]);
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

fn decode(register: &Register, order: &[OrderKey], text: &str) -> Result<Seek, GraphError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| lists::no_cursor())?;
    let Ok(Value::Array(parts)) = serde_json::from_slice(&bytes) else { return Err(lists::no_cursor()) };
    let [Value::String(name), Value::String(signed), Value::Array(values), Value::String(id)] = parts.as_slice() else {
        return Err(lists::no_cursor());
    };
    if name != register.name {
        return Err(lists::no_cursor());
    }
    if *signed != signature(register, order) || values.len() != order.len() {
        return Err(lists::cursor_of_another_order());
    }
    let values =
        order.iter().zip(values).map(|(key, value)| from_json(type_of(&register.fields[key.field]), value).ok_or_else(lists::no_cursor));
    Ok(Seek { values: values.collect::<Result<_, _>>()?, id: Uuid::try_parse(id).map_err(|_| lists::no_cursor())? })
}

fn to_json(value: &Literal) -> Value {
    match value {
        Literal::Boolean(value) => json!(value),
        Literal::Integer(value) => json!(value),
        Literal::Float(value) => json!(value),
        Literal::Text(value) => json!(value),
        Literal::Uuid(value) => json!(value.simple().to_string()),
        Literal::Date(value) => json!(value.to_string()),
        Literal::Instant(value) => json!(value.timestamp_micros()),
    }
}

/// Some(None) for a null key, None for a value that is not of the type.
fn from_json(expected: Type, value: &Value) -> Option<Option<Literal>> {
    if value.is_null() {
        return Some(None);
    }
    Some(Some(match expected {
        Type::Uuid => Literal::Uuid(Uuid::try_parse(value.as_str()?).ok()?),
        Type::Boolean => Literal::Boolean(value.as_bool()?),
        Type::Integer | Type::Long => Literal::Integer(value.as_i64()?),
        Type::Float => Literal::Float(value.as_f64()?),
        Type::Text => Literal::Text(value.as_str().filter(|text| !text.contains('\0'))?.to_owned()),
        Type::Date => Literal::Date(value.as_str()?.parse().ok()?),
        Type::Instant => Literal::Instant(DateTime::<Utc>::from_timestamp_micros(value.as_i64()?)?),
    }))
}
