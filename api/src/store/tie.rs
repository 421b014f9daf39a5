//! What ties the rows of a relation to their parents.

use entities::catalog::Placing;
use entities::codes::RegionLevel;
use uuid::Uuid;

use super::database::Backend;
use super::scope::never;
use super::sql::{Sql, Value};

/// What ties the rows to their parents.
#[derive(Clone, Debug)]
pub enum Tie {
    /// A reference column holds the parent's key.
    Reference(&'static str, Vec<Uuid>),
    /// The place lies in a parent's span; the level if all parents share one.
    Place(Vec<(i64, i64)>, Option<RegionLevel>),
}

impl Tie {
    /// True if a parent has so few rows that looking at each costs little.
    pub(super) fn holds_few(&self) -> bool {
        matches!(self, Self::Reference(..) | Self::Place(_, Some(RegionLevel::Community | RegionLevel::Grid)))
    }
}

/// What tells a parent's position, from 0.
pub(super) fn position(backend: Backend) -> &'static str {
    match backend {
        Backend::Postgres => "k.i - 1",
        Backend::Sqlite => "k.key",
    }
}

/// Writes the parents as a table `k`.
pub(super) fn parents(sql: &mut Sql, tie: &Tie) {
    match (sql.backend(), tie) {
        (Backend::Postgres, Tie::Reference(_, ids)) => {
            sql.push("unnest(").bind(Value::Uuids(ids.clone())).push(") WITH ORDINALITY k(id, i)");
        }
        (Backend::Postgres, Tie::Place(spans, _)) => {
            sql.push("unnest(").bind(Value::Integers(spans.iter().map(|span| span.0).collect()));
            sql.push(", ").bind(Value::Integers(spans.iter().map(|span| span.1).collect())).push(") WITH ORDINALITY k(first, last, i)");
        }
        (Backend::Sqlite, Tie::Reference(_, ids)) => {
            sql.push("json_each(").bind(Value::Uuids(ids.clone())).push(") k");
        }
        (Backend::Sqlite, Tie::Place(spans, _)) => {
            let pairs: Vec<String> = spans.iter().map(|(first, last)| format!("[{first},{last}]")).collect();
            sql.push("json_each(").bind(Value::Text(format!("[{}]", pairs.join(",")))).push(") k");
        }
    }
}

/// Writes the condition that a row `t` hangs on a parent of `k`.
pub(super) fn tied(sql: &mut Sql, placing: Option<&Placing>, tie: &Tie) {
    match (tie, placing) {
        (Tie::Reference(column, _), _) => {
            let key = if sql.backend() == Backend::Postgres { " = k.id" } else { " = unhex(k.value)" };
            sql.column("t", column).push(key);
        }
        (Tie::Place(_, level), Some(placing)) => {
            let equal = match level {
                Some(RegionLevel::Community) => placing.community,
                Some(RegionLevel::Street) => placing.street,
                _ => None,
            };
            let (first, last) = match sql.backend() {
                Backend::Postgres => ("k.first", "k.last"),
                Backend::Sqlite => ("json_extract(k.value, '$[0]')", "json_extract(k.value, '$[1]')"),
            };
            match equal {
                Some(column) => sql.column("t", column).push(" = ").push(first),
                None => sql.column("t", placing.place).push(" BETWEEN ").push(first).push(" AND ").push(last),
            };
        }
        (Tie::Place(..), None) => {
            sql.push(never());
        }
    }
}
