//! The engine's answer against the evaluator's.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::eval::{CURSOR, Evaluator, TOKEN, root_name};
use super::query::Query;
use super::random_query::Cursors;

/// Compares a whole answer; cursors that it gives are kept, and must be the same each time.
pub(super) fn answer(
    evaluator: &Evaluator<'_>,
    query: &Query,
    expected: &Json,
    actual: &Json,
    cursors: &mut Cursors,
) -> Result<(), String> {
    let data = actual.get("data").ok_or_else(|| format!("no data: {actual}"))?;
    let errors = actual.get("errors").and_then(Json::as_array).cloned().unwrap_or_default();
    for root in &query.roots {
        let key = root.key(root_name(&root.item));
        let codes: BTreeSet<&str> =
            errors.iter().filter(|error| error["path"][0] == key).filter_map(|error| error["extensions"]["code"].as_str()).collect();
        let allowed = evaluator.refusals(&root.item);
        if codes.is_empty() != allowed.is_empty() || !codes.is_subset(&allowed) {
            return Err(format!("{key}: refused with {codes:?} where {allowed:?} is right: {errors:?}"));
        }
    }
    if errors.len() > query.roots.len() {
        return Err(format!("more errors than roots: {errors:?}"));
    }
    value(expected, data, "", cursors)
}

fn value(expected: &Json, actual: &Json, path: &str, cursors: &mut Cursors) -> Result<(), String> {
    let differ = || Err(format!("{path}: {actual} where {expected} is right"));
    match (expected, actual) {
        (Json::Object(expected), Json::Object(given)) => {
            if !expected.keys().eq(given.keys()) {
                return differ();
            }
            expected
                .iter()
                .zip(given.values())
                .try_for_each(|((key, expected), given)| value(expected, given, &format!("{path}.{key}"), cursors))
        }
        (Json::Array(expected), Json::Array(given)) => {
            if expected.len() != given.len() {
                return differ();
            }
            let pairs = expected.iter().zip(given).enumerate();
            pairs.into_iter().try_for_each(|(index, (expected, given))| value(expected, given, &format!("{path}[{index}]"), cursors))
        }
        (Json::Number(expected), Json::Number(given)) => {
            let (expected, given) = (expected.as_f64().unwrap_or_default(), given.as_f64().unwrap_or_default());
            if (expected - given).abs() <= 1e-9 * expected.abs().max(1.0) { Ok(()) } else { differ() }
        }
        (Json::String(marker), Json::String(given)) if marker.starts_with(TOKEN) => {
            // A token is opaque: a value's must be the same each time, and no other value's.
            let known = cursors.entry(TOKEN.to_owned()).or_default();
            let spelled = format!("{marker}\n{given}");
            match known.iter().find(|(_, pair)| pair.starts_with(&format!("{marker}\n")) != pair.ends_with(&format!("\n{given}"))) {
                Some((_, pair)) => Err(format!("{path}: the token {given} of {marker} beside {pair}")),
                None if !known.iter().any(|(_, pair)| *pair == spelled) => {
                    known.push((0, spelled));
                    Ok(())
                }
                None => Ok(()),
            }
        }
        (Json::String(marker), Json::String(given)) if marker.starts_with(CURSOR) => cursor(&marker[CURSOR.len()..], given, path, cursors),
        (expected, given) => {
            if expected == given {
                Ok(())
            } else {
                differ()
            }
        }
    }
}

fn cursor(marker: &str, given: &str, path: &str, cursors: &mut Cursors) -> Result<(), String> {
    let (order, row) = marker.split_once(' ').expect("a marker names order and row");
    let row: usize = row.parse().expect("a marker names a row");
    let known = cursors.entry(order.to_owned()).or_default();
    match known.iter().find(|(known, _)| *known == row) {
        Some((_, text)) if text != given => Err(format!("{path}: the cursor {given} of a row whose cursor was {text}")),
        Some(_) => Ok(()),
        None => {
            known.push((row, given.to_owned()));
            Ok(())
        }
    }
}

/// How many rows and groups an answer holds.
pub(super) fn rows(json: &Json) -> usize {
    match json {
        Json::Object(entries) => entries.values().map(rows).sum::<usize>(),
        Json::Array(items) => items.iter().filter(|item| item.is_object()).count() + items.iter().map(rows).sum::<usize>(),
        _ => 0,
    }
}
