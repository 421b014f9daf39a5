//! The rows as a database holds them, read register by register through SeaORM, which shares nothing with the engine's reads.

use std::collections::HashMap;
use std::pin::Pin;

use chrono::SubsecRound as _;
use civigrid::store::Database;
use entities::catalog::Register;
use entities::registers::{EntityVisitor, visit_entities};
use sea_orm::{DatabaseConnection, EntityTrait, Iden, Iterable, ModelTrait};

use super::world::Value;

/// A row's columns by name.
pub(super) type Columns = HashMap<String, Value>;

/// The rows of every register, in the catalog's order.
pub(super) struct Stored(pub(super) Vec<Vec<Columns>>);

/// Reads all rows.
pub(super) async fn read(database: &Database) -> Stored {
    let mut reader = Reader { connection: database.writer().await.expect("a connection"), reads: Vec::new() };
    visit_entities(&mut reader);
    let mut stored = Vec::new();
    for rows in reader.reads {
        stored.push(rows.await);
    }
    Stored(stored)
}

struct Reader {
    connection: DatabaseConnection,
    reads: Vec<Pin<Box<dyn Future<Output = Vec<Columns>>>>>,
}

impl EntityVisitor for Reader {
    fn visit<E: EntityTrait>(&mut self, _: &'static Register, _: E) {
        let connection = self.connection.clone();
        self.reads.push(Box::pin(async move {
            let models = E::find().all(&connection).await.expect("rows");
            models.iter().map(columns::<E>).collect()
        }));
    }
}

fn columns<E: EntityTrait>(model: &E::Model) -> Columns {
    E::Column::iter().map(|column| (column.unquoted().to_owned(), plain(model.get(column)))).collect()
}

fn plain(value: sea_orm::Value) -> Value {
    use sea_orm::Value as Column;
    let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    match value {
        Column::Bool(value) => value.map_or(Value::Null, Value::Boolean),
        Column::Int(value) => value.map_or(Value::Null, |number| Value::Integer(i64::from(number))),
        Column::BigInt(value) => value.map_or(Value::Null, Value::Integer),
        Column::Double(value) => value.map_or(Value::Null, Value::Float),
        Column::String(value) => text(value),
        Column::Uuid(value) => value.map_or(Value::Null, Value::Key),
        Column::ChronoDate(value) => value.map_or(Value::Null, Value::Day),
        Column::ChronoDateTimeUtc(value) => value.map_or(Value::Null, |instant| Value::Instant(instant.trunc_subsecs(6))),
        other => unreachable!("the evaluator does not know values like {other:?}"),
    }
}
