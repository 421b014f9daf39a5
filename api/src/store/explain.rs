//! How the database would run statements, without running them.
//!
//! Its estimates come from its statistics. A plan for given values tells how common such a value is, so callers who may
//! not read the rows get the plan for any value: then no value reaches the database at all.

use serde::Serialize;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Executor, Row, SqliteConnection};

use super::database::{Backend, Database};
use super::error::Error;
use super::session::Statement;
use super::sql::Value;

/// What the database plans for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planning {
    /// Any value: no value is sent.
    AnyValue,
    /// These values, which the plan then shows. PostgreSQL only; SQLite's plans depend on no value.
    TheseValues,
}

/// How the database would run one statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabasePlan {
    /// The plan as the database words it.
    pub text: String,
    /// Rows that it expects; SQLite does not say.
    pub rows: Option<f64>,
    /// Its cost in the database's units; SQLite does not say.
    pub cost: Option<f64>,
}

/// The plans of statements, in their order.
///
/// # Errors
/// If the database cannot be reached or refuses a statement.
pub async fn explain(database: &Database, statements: &[Statement], planning: Planning) -> Result<Vec<DatabasePlan>, Error> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let connection = database.writer().await?;
    let mut plans = Vec::with_capacity(statements.len());
    match database.backend() {
        Backend::Postgres => {
            let mut postgres = connection.get_postgres_connection_pool().acquire().await?;
            postgres.execute("BEGIN READ ONLY; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan").await?;
            for Statement { text, values, keep: _, anew: _ } in statements {
                plans.push(match planning {
                    Planning::AnyValue => postgres_any(&mut postgres, text, values).await?,
                    Planning::TheseValues => postgres_these(&mut postgres, text, values).await?,
                });
            }
            postgres.execute("ROLLBACK").await?;
        }
        Backend::Sqlite => {
            let mut sqlite = connection.get_sqlite_connection_pool().acquire().await?;
            for Statement { text, .. } in statements {
                plans.push(sqlite_plan(&mut sqlite, text).await?);
            }
        }
    }
    connection.close().await?;
    Ok(plans)
}

async fn postgres_any(connection: &mut PgConnection, text: &str, values: &[Value]) -> Result<DatabasePlan, Error> {
    let types: Vec<&str> = values.iter().map(type_name).collect();
    let (types, nulls) = match types.as_slice() {
        [] => (String::new(), String::new()),
        types => (format!("({})", types.join(", ")), format!("({})", vec!["NULL"; types.len()].join(", "))),
    };
    connection.execute(AssertSqlSafe(format!("PREPARE civigrid_explained {types} AS {text}"))).await?;
    let execute = format!("EXECUTE civigrid_explained {nulls}");
    let lines = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN {execute}"))).fetch_all(&mut *connection).await?;
    let figures = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) {execute}"))).fetch_all(&mut *connection).await?;
    connection.execute("DEALLOCATE civigrid_explained").await?;
    postgres_plan(&lines, &figures)
}

async fn postgres_these(connection: &mut PgConnection, text: &str, values: &[Value]) -> Result<DatabasePlan, Error> {
    let mut read = Vec::with_capacity(2);
    for format in ["", "(FORMAT JSON) "] {
        let statement = AssertSqlSafe(format!("EXPLAIN {format}{text}"));
        read.push(sqlx::query_with(statement, arguments(values)?).persistent(false).fetch_all(&mut *connection).await?);
    }
    postgres_plan(&read[0], &read[1])
}

fn postgres_plan(lines: &[PgRow], figures: &[PgRow]) -> Result<DatabasePlan, Error> {
    let text_of = |row: &PgRow| -> Result<String, Error> {
        let value = row.try_get_raw(0)?;
        // What is not text comes as JSON, whose binary form is its text.
        let bytes = value.as_bytes().map_err(sqlx::Error::Decode)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    };
    let text = lines.iter().map(text_of).collect::<Result<Vec<_>, _>>()?.join("\n");
    let json = figures.first().map(text_of).transpose()?.unwrap_or_default();
    let figures: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
    let figure = |name: &str| figures.pointer("/0/Plan").and_then(|plan| plan.get(name)).and_then(serde_json::Value::as_f64);
    Ok(DatabasePlan { text, rows: figure("Plan Rows"), cost: figure("Total Cost") })
}

/// The plan's lines come as a tree: each names its parent's number.
async fn sqlite_plan(connection: &mut SqliteConnection, text: &str) -> Result<DatabasePlan, Error> {
    let rows = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(connection).await?;
    let mut depths = std::collections::HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, parent): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let detail: String = row.try_get(3)?;
        let depth = depths.get(&parent).map_or(0, |depth| depth + 1);
        depths.insert(id, depth);
        lines.push(format!("{}{detail}", "  ".repeat(depth)));
    }
    Ok(DatabasePlan { text: lines.join("\n"), rows: None, cost: None })
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Boolean(_) => "boolean",
        Value::Integer(_) => "bigint",
        Value::Float(_) => "double precision",
        Value::Text(_) => "text",
        Value::Uuid(_) => "uuid",
        Value::Date(_) => "date",
        Value::Instant(_) => "timestamptz",
        Value::Integers(_) => "bigint[]",
        Value::Texts(_) => "text[]",
        Value::Uuids(_) => "uuid[]",
    }
}

fn arguments(values: &[Value]) -> Result<PgArguments, Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Boolean(value) => arguments.add(value),
            Value::Integer(value) => arguments.add(value),
            Value::Float(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Uuid(value) => arguments.add(value),
            Value::Date(value) => arguments.add(value),
            Value::Instant(value) => arguments.add(value),
            Value::Integers(values) => arguments.add(values),
            Value::Texts(values) => arguments.add(values),
            Value::Uuids(values) => arguments.add(values),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
