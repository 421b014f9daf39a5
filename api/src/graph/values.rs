//! Argument values: literals of the document with the request's variables put in.

use apollo_compiler::Node;
use apollo_compiler::ast;
use apollo_compiler::executable::Field;
use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::{Map, Number, Value};

/// The value of a field's argument; None if it is absent, or a variable that was not given.
///
/// The document is validated and the variables are coerced, so the value has the argument's type, but for custom
/// scalars, which their readers check.
pub(super) fn argument(field: &Field, name: &str, variables: &JsonMap) -> Option<Value> {
    let given = field.arguments.iter().find(|argument| argument.name == name).and_then(|argument| value(&argument.value, variables));
    given.or_else(|| {
        let definition = field.definition.arguments.iter().find(|argument| argument.name == name)?;
        value(definition.default_value.as_ref()?, variables)
    })
}

fn value(literal: &Node<ast::Value>, variables: &JsonMap) -> Option<Value> {
    Some(match &**literal {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::String(name.to_string()),
        ast::Value::Variable(name) => from_variable(variables.get(name.as_str())?),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => number.try_to_f64().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        ast::Value::Int(number) => match number.as_str().parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => number.try_to_f64().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        },
        ast::Value::Boolean(value) => Value::Bool(*value),
        ast::Value::List(items) => Value::Array(items.iter().map(|item| value(item, variables).unwrap_or(Value::Null)).collect()),
        ast::Value::Object(entries) => {
            // A variable that was not given leaves its entry out, as the specification says.
            let entries = entries.iter().filter_map(|(name, entry)| Some((name.to_string(), value(entry, variables)?)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    })
}

fn from_variable(variable: &JsonValue) -> Value {
    match variable {
        JsonValue::Null => Value::Null,
        JsonValue::Bool(value) => Value::Bool(*value),
        JsonValue::Number(number) => Value::Number(number.clone()),
        JsonValue::String(text) => Value::String(text.as_str().to_owned()),
        JsonValue::Array(items) => Value::Array(items.iter().map(from_variable).collect()),
        JsonValue::Object(entries) => {
            Value::Object(entries.iter().map(|(name, entry)| (name.as_str().to_owned(), from_variable(entry))).collect())
        }
    }
}

/// A request's variables in the form that coercion reads.
pub(super) fn to_variables(values: &Map<String, Value>) -> JsonMap {
    values.iter().map(|(name, value)| (name.as_str().into(), to_variable(value))).collect()
}

fn to_variable(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Bool(value) => JsonValue::Bool(*value),
        Value::Number(number) => JsonValue::Number(number.clone()),
        Value::String(text) => JsonValue::String(text.as_str().into()),
        Value::Array(items) => JsonValue::Array(items.iter().map(to_variable).collect()),
        Value::Object(entries) => JsonValue::Object(to_variables(entries)),
    }
}
