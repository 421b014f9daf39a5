//! Searches in names: by the index of a district's keys, or in the keys of the rows at hand.

use entities::catalog::{Field, Register};

use super::database::Backend;
use super::scope::never;
use super::sql::{Sql, Value};

/// Writes the condition that one of the row's keys begins with the needle, or that none does. With a district, whose index
/// is then used, rows elsewhere count as without such a key.
pub(super) fn matches(sql: &mut Sql, register: &Register, field: &Field, needle: &str, district: Option<i64>, alias: &str, negated: bool) {
    let (Some(search), Some(placing)) = (field.search, register.placing) else {
        sql.push(never());
        return;
    };
    sql.push(if negated { "NOT (" } else { "(" });
    match (district, sql.backend()) {
        (None, backend) => {
            sql.push(if backend == Backend::Postgres { "strpos(' ' || " } else { "instr(' ' || " }).column(alias, search.keys);
            sql.push(", ").bind(Value::Text(format!(" {needle}"))).push(") > 0");
        }
        (Some(district), Backend::Postgres) => {
            // Asked by itself, so that no plan weighs the index against a range of places whose width it cannot know.
            let found = sql.alias();
            sql.column(alias, "id").push(" = ANY(ARRAY(SELECT ").column(&found, "id").push(" FROM ").push(register.table).push(" ");
            sql.push(&found).push(" WHERE ");
            lexemes(sql, search.keys, placing.place, &found);
            // A needle has letters and digits only, so nothing in it ends the quotation.
            sql.push(" @@ ").bind(Value::Text(format!("'{district}:{needle}':*"))).push("::tsquery))");
        }
        (Some(district), Backend::Sqlite) => {
            sql.column(alias, "id")
                .push(" IN (SELECT id FROM ")
                .push(register.table)
                .push("_")
                .push(search.keys)
                .push(" WHERE district = ");
            sql.bind(Value::Integer(district)).push(" AND key >= ").bind(Value::Text(needle.to_owned()));
            if let Some(end) = after_prefix(needle) {
                sql.push(" AND key < ").bind(Value::Text(end));
            }
            sql.push(")");
        }
    }
    sql.push(")");
}

/// The expression that the migrations' `search::index` indexes, word for word.
fn lexemes(sql: &mut Sql, keys: &str, place: &str, alias: &str) {
    let district = |sql: &mut Sql| {
        sql.push("(").column(alias, place).push(" / 1000000000)::text");
    };
    sql.push("array_to_tsvector(string_to_array(");
    district(sql);
    sql.push(" || ':' || replace(").column(alias, keys).push(", ' ', ' ' || ");
    district(sql);
    sql.push(" || ':'), ' '))");
}

/// The least text greater than every text with this prefix: the last character raised by one. None if there is none.
pub(super) fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last as u32 + 1 {
            0xD800 => 0xE000,
            next => next,
        };
        if let Some(next) = char::from_u32(next) {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_follows_everything_that_begins_with_it() {
        assert_eq!(after_prefix("zhang").as_deref(), Some("zhanh"));
        assert_eq!(after_prefix("王\u{10FFFF}").as_deref(), Some("玌"));
        assert_eq!(after_prefix("\u{D7FF}").as_deref(), Some("\u{E000}"));
        assert_eq!(after_prefix("\u{10FFFF}"), None);
        assert_eq!(after_prefix(""), None);
    }
}
