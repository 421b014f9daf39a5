//! Kinds of values in plain words: the parser speaks of the program's own types.

use figment::error::Actual;

/// What a setting must be.
pub(super) fn wanted(expected: &str) -> String {
    let text = match expected {
        "u8" => return below(u8::MAX.into()),
        "u16" => return below(u16::MAX.into()),
        "u32" => return below(u32::MAX.into()),
        "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text in quotes",
        "path string" => "the name of a file in quotes",
        "a sequence" => "a list in square brackets",
        "socket address" => "an address and a port in quotes, like \"127.0.0.1:8080\"",
        struct_of if struct_of.starts_with("struct ") => "a table of settings",
        other => other,
    };
    text.to_owned()
}

fn below(most: u64) -> String {
    format!("a whole number from 0 to {most}")
}

/// What stands there instead. A text is repeated only as far as it may be: it could be an address with a password in it.
pub(super) fn found(actual: &Actual) -> String {
    match actual {
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(value) => value.to_string(),
        Actual::Signed(value) => value.to_string(),
        Actual::Float(value) => value.to_string(),
        Actual::Char(_) | Actual::Str(_) | Actual::Bytes(_) => "a text".to_owned(),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        Actual::Unit | Actual::Option => "nothing".to_owned(),
        other => other.to_string(),
    }
}
