//! Both servers must give the same values.

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Fails with the first place where the data of two answers differ.
pub(crate) fn same_data(civigrid: &[u8], hand: &[u8]) -> Result<()> {
    let parse = |body: &[u8], who: &str| -> Result<Value> {
        let answer: Value = serde_json::from_slice(body).with_context(|| format!("{who} does not answer in JSON"))?;
        if let Some(errors) = answer.get("errors") {
            bail!("{who} answers with errors: {errors}");
        }
        answer.get("data").cloned().with_context(|| format!("{who} gives no data"))
    };
    let (left, right) = (parse(civigrid, "Civigrid")?, parse(hand, "the handler")?);
    match difference(&left, &right, "data") {
        Some(text) => bail!("the answers differ at {text}"),
        None => Ok(()),
    }
}

/// How many rows an answer's lists hold, to tell whether a work is what it is meant to be.
pub(crate) fn objects(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| usize::from(item.is_object()) + objects(item)).sum(),
        Value::Object(members) => members.values().map(objects).sum(),
        _ => 0,
    }
}

fn difference(left: &Value, right: &Value, path: &str) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            if !left.keys().eq(right.keys()) {
                let names = |keys: serde_json::map::Keys<'_>| keys.cloned().collect::<Vec<_>>().join(",");
                return Some(format!("{path}: members {} / {}", names(left.keys()), names(right.keys())));
            }
            left.iter().zip(right.values()).find_map(|((name, left), right)| difference(left, right, &format!("{path}.{name}")))
        }
        (Value::Array(left), Value::Array(right)) => {
            let both = left.iter().zip(right).enumerate();
            let inside = both.filter_map(|(index, (left, right))| difference(left, right, &format!("{path}[{index}]"))).next();
            inside.or_else(|| (left.len() != right.len()).then(|| format!("{path}: {} / {} items", left.len(), right.len())))
        }
        _ => (left != right).then(|| format!("{path}: Civigrid {left}, the handler {right}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_with_its_place() {
        let civigrid = br#"{"data":{"a":[{"b":1},{"b":2}]},"extensions":{}}"#;
        assert!(same_data(civigrid, br#"{"data":{"a":[{"b":1},{"b":2}]}}"#).is_ok());
        let error = same_data(civigrid, br#"{"data":{"a":[{"b":1},{"b":3}]}}"#).expect_err("different");
        assert_eq!(error.to_string(), "the answers differ at data.a[1].b: Civigrid 2, the handler 3");
        assert!(same_data(civigrid, br#"{"data":{"a":[{"b":1}]}}"#).is_err());
    }
}
