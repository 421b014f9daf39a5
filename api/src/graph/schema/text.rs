//! Small pieces of the schema's text.

use entities::catalog::{Field, Kind};

use crate::graph::names::enum_value;

/// Writes a description.
pub(in crate::graph::schema) fn describe(out: &mut String, indent: &str, text: &str) {
    out.push_str(&format!("{indent}\"{}\"\n", text.replace('\\', "\\\\").replace('"', "\\\"")));
}

/// `CaseCategory` in words: `case category`.
pub(in crate::graph::schema) fn words(type_name: &str) -> String {
    enum_value(type_name).trim_start_matches('_').replace('_', " ").to_lowercase()
}

/// The GraphQL type of a field's values.
pub(in crate::graph::schema) fn output_type(field: &Field) -> String {
    match field.kind {
        Kind::Id => "ID".to_owned(),
        Kind::Boolean => "Boolean".to_owned(),
        Kind::Int => "Int".to_owned(),
        Kind::Float => "Float".to_owned(),
        Kind::Money => "Decimal".to_owned(),
        Kind::Text | Kind::Identifier | Kind::FreeText => "String".to_owned(),
        Kind::Date => "Date".to_owned(),
        Kind::Instant => "DateTime".to_owned(),
        Kind::Code(list) => list.name.to_owned(),
        Kind::RegionCode => "RegionCode".to_owned(),
        Kind::Place => "Region".to_owned(),
        Kind::Point => "Point".to_owned(),
        Kind::GeoJson => "GeoJson".to_owned(),
        Kind::Reference(target) => entities::catalog::register(target).map_or("ID", |register| register.type_name).to_owned(),
    }
}
