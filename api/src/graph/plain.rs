//! Answers that no register backs: who asks, and the code lists.

use entities::id;
use entities::registers::{self, REGISTERS};
use sea_orm::ActiveEnum;
use serde_json::{Value, json};

use crate::policy::{Caller, CallerKind, Cover, Permit, Permits, Right};

use super::error::GraphError;
use super::json;
use super::refusals::documents::no_code_list;
use super::selection::Plain;

/// Who asks, and what that caller may do.
pub(super) fn me(caller: &Caller, permits: &Permits) -> Value {
    let kind = match caller.kind {
        CallerKind::Anonymous => "ANONYMOUS",
        CallerKind::Person => "PERSON",
        CallerKind::Client => "CLIENT",
    };
    let assignments: Vec<Value> = caller
        .assignments
        .iter()
        .map(|assignment| {
            json!({
                "role": assignment.role,
                "regions": assignment.regions.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "board": assignment.board.map(|board| board.to_value()),
                "department": assignment.department.map(|uuid| id::text("department", uuid)),
                "projects": assignment.projects,
            })
        })
        .collect();
    json!({
        "kind": kind,
        "subject": caller.account.as_ref().map(|account| &account.subject),
        "person": caller.person.map(|uuid| id::text("person", uuid)),
        "client": caller.client,
        "assignments": assignments,
        "emergencyAccess": caller.break_glass.map(|uuid| id::text("emergency_access", uuid)),
        "purposes": permits.purposes().iter().filter(|purpose| caller.may_state(&purpose.code)).map(|purpose| json!({ "code": purpose.code, "title": purpose.title })).collect::<Vec<_>>(),
        "permissions": permissions(permits),
    })
}

fn permissions(permits: &Permits) -> Value {
    let registers = REGISTERS.iter().map(|register| {
        let permit = permits.of(register);
        let fields: Vec<Value> = register
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| {
                let extent = |right| word(permit.cover(right, index));
                let filter = if field.filters || field.orders { extent(Right::Filter) } else { "NONE" };
                let aggregate = if field.groups || field.measures { word(permit.aggregates(index)) } else { "NONE" };
                json!({
                    "name": field.name,
                    "show": extent(Right::Show),
                    "mask": masked(permit, index),
                    "filter": filter,
                    "aggregate": aggregate,
                    "duplicates": extent(Right::Duplicates),
                    "write": "NONE",
                })
            })
            .collect();
        let menu = permits.menu(register);
        let extent = menu.map_or("NONE", |menu| if menu.regions().is_some() { "SOME" } else { "ALL" });
        let regions: Vec<String> = menu.and_then(|menu| menu.regions()).unwrap_or_default().iter().map(ToString::to_string).collect();
        json!({ "type": register.type_name, "rows": !permit.is_empty(), "fields": fields, "menu": extent, "menuRegions": regions })
    });
    Value::Array(registers.collect())
}

const fn word(cover: Cover) -> &'static str {
    match cover {
        Cover::Everywhere => "ALL",
        Cover::Where { .. } => "SOME",
        Cover::Nowhere => "NONE",
    }
}

/// On which rows a field is shown masked, where it is not shown in full.
fn masked(permit: &Permit, index: usize) -> &'static str {
    let covers: Vec<Cover> = permit.masks(index).map(|(_, cover)| cover).collect();
    match covers.as_slice() {
        [] => "NONE",
        covers if covers.contains(&Cover::Everywhere) => "ALL",
        _ => "SOME",
    }
}

/// The code lists of these names, or all.
pub(super) fn code_lists(names: Option<&Value>) -> Result<Value, GraphError> {
    let names: Option<Vec<&str>> = names.and_then(Value::as_array).map(|names| names.iter().filter_map(Value::as_str).collect());
    let all = registers::code_lists();
    for name in names.iter().flatten() {
        if !all.iter().any(|list| list.name == *name) {
            let known: Vec<&str> = all.iter().map(|list| list.name).collect();
            return Err(no_code_list(name, &known.join(", ")));
        }
    }
    let lists = all.iter().filter(|list| names.as_ref().is_none_or(|names| names.contains(&list.name)));
    let lists = lists.map(|list| {
        let codes = list.codes.iter();
        let codes: Vec<Value> =
            codes.map(|code| json!({ "value": code.value, "code": code.code, "chinese": code.chinese, "english": code.english })).collect();
        json!({ "name": list.name, "description": list.description, "standard": list.standard, "codes": codes })
    });
    Ok(Value::Array(lists.collect()))
}

/// Writes what is selected of a plain value.
pub(super) fn write(out: &mut Vec<u8>, parts: &[Plain], value: &Value) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(out, parts, item);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            out.push(b'{');
            let mut first = true;
            for part in parts {
                json::key(out, &mut first, &part.key);
                match fields.get(&part.name) {
                    Some(inner) => write(out, &part.inner, inner),
                    None if part.name == "__typename" => json::string(out, &part.type_name),
                    None => json::null(out),
                }
            }
            out.push(b'}');
        }
        Value::Null => json::null(out),
        Value::Bool(value) => json::boolean(out, *value),
        Value::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::String(text) => json::string(out, text),
    }
}
