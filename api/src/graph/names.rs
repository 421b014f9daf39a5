//! How the catalog's names become GraphQL's.

use entities::catalog::Register;

/// `openedAt` as an enum value: `OPENED_AT`.
pub(super) fn enum_value(name: &str) -> String {
    let mut value = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            value.push('_');
        }
        value.push(letter.to_ascii_uppercase());
    }
    value
}

/// The index of the field whose name gives this enum value.
pub(super) fn field_of_enum_value(register: &Register, value: &str) -> Option<usize> {
    register.fields.iter().position(|field| enum_value(field.name) == value)
}
