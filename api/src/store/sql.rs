//! Writing SQL text with bound values, for both databases. Names come from the catalog and are constants of the
//! program; every value that comes from outside is bound.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::database::Backend;

/// A bound value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value; 0 or 1 on SQLite.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(String),
    /// A key; 16 bytes on SQLite.
    Uuid(Uuid),
    /// A day; text on SQLite.
    Date(NaiveDate),
    /// An instant; text of fixed width on SQLite, so that bytes compare as instants do.
    Instant(DateTime<Utc>),
    /// Many integers; a JSON array on SQLite.
    Integers(Vec<i64>),
    /// Many texts; a JSON array on SQLite.
    Texts(Vec<String>),
    /// Many keys; a JSON array of hexadecimal text on SQLite.
    Uuids(Vec<Uuid>),
}

/// Days as SQLite keeps them.
pub const DATE_FORMAT: &str = "%Y-%m-%d";

/// A statement being written.
#[derive(Debug)]
pub struct Sql {
    backend: Backend,
    text: String,
    values: Vec<Value>,
    aliases: usize,
}

impl Sql {
    /// An empty statement.
    pub fn new(backend: Backend) -> Self {
        Self { backend, text: String::with_capacity(512), values: Vec::new(), aliases: 0 }
    }

    /// The database it is written for.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Appends text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a number.
    pub fn push_number(&mut self, number: i64) -> &mut Self {
        let mut buffer = itoa::Buffer::new();
        self.text.push_str(buffer.format(number));
        self
    }

    /// Appends `alias.column`.
    pub fn column(&mut self, alias: &str, column: &str) -> &mut Self {
        self.text.push_str(alias);
        self.text.push('.');
        self.text.push_str(column);
        self
    }

    /// Ends a list whose items are each followed by a comma; writes `empty` for a list without items.
    pub fn end_list(&mut self, empty: &str) -> &mut Self {
        if self.text.ends_with(", ") {
            self.text.truncate(self.text.len() - 2);
            return self;
        }
        self.push(empty)
    }

    /// Appends a placeholder and binds the value to it.
    pub fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        // Writing to a string cannot fail.
        let _ = match self.backend {
            Backend::Postgres => write!(self.text, "${}", self.values.len()),
            Backend::Sqlite => write!(self.text, "?{}", self.values.len()),
        };
        self
    }

    /// Appends ` = any of these` for a list of any length, in a text that does not depend on the length.
    pub fn bind_any(&mut self, values: Value) -> &mut Self {
        match (self.backend, &values) {
            (Backend::Postgres, _) => self.push(" = ANY(").bind(values).push(")"),
            (Backend::Sqlite, Value::Uuids(_)) => self.push(" IN (SELECT unhex(value) FROM json_each(").bind(values).push("))"),
            (Backend::Sqlite, _) => self.push(" IN (SELECT value FROM json_each(").bind(values).push("))"),
        }
    }

    /// A table alias not used before in this statement.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("n{}", self.aliases)
    }

    /// The finished text and its values.
    pub fn finish(self) -> (String, Vec<Value>) {
        (self.text, self.values)
    }
}
