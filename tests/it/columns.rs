//! The catalog knows the live tables: every column, its nullability, its index and its list of values.

use std::collections::{BTreeMap, BTreeSet};

use civigrid::store::Backend;
use entities::catalog::{Kind, Register, Source};
use entities::registers::{EntityVisitor, REGISTERS, visit_entities};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, Iterable, Statement};

use crate::harness;

/// A table as the database describes it.
#[derive(Default)]
struct Live {
    /// Columns, true if they may be null.
    columns: BTreeMap<String, bool>,
    /// The columns of each index, in their order; a primary key and a unique constraint count.
    indexes: Vec<Vec<String>>,
    /// Columns that alone are a unique key.
    unique: BTreeSet<String>,
    /// The first column of each foreign key.
    foreign_keys: BTreeSet<String>,
    /// The texts of what must hold.
    checks: String,
}

impl Live {
    fn index(&mut self, columns: Vec<String>, unique: bool) {
        if let ([column], true) = (columns.as_slice(), unique) {
            self.unique.insert(column.clone());
        }
        self.indexes.push(columns);
    }
}

async fn rows(connection: &DatabaseConnection, statement: String) -> Vec<sea_orm::QueryResult> {
    connection.query_all_raw(Statement::from_string(connection.get_database_backend(), statement)).await.expect("a description")
}

async fn live(connection: &DatabaseConnection, backend: Backend, table: &str) -> Live {
    match backend {
        Backend::Sqlite => live_sqlite(connection, table).await,
        Backend::Postgres => live_postgres(connection, table).await,
    }
}

async fn live_sqlite(connection: &DatabaseConnection, table: &str) -> Live {
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).expect("text");
    let mut live = Live::default();
    for row in rows(connection, format!("SELECT name, \"notnull\" AS mandatory FROM pragma_table_info('{table}')")).await {
        live.columns.insert(text(&row, "name"), row.try_get::<i32>("", "mandatory").expect("a flag") == 0);
    }
    for index in rows(connection, format!("SELECT name, \"unique\" AS is_unique FROM pragma_index_list('{table}')")).await {
        let name = text(&index, "name");
        let columns = rows(connection, format!("SELECT name FROM pragma_index_info('{name}') ORDER BY seqno")).await;
        let columns = columns.iter().map(|row| text(row, "name")).collect();
        live.index(columns, index.try_get::<i32>("", "is_unique").expect("a flag") == 1);
    }
    for row in rows(connection, format!("SELECT \"from\" AS name FROM pragma_foreign_key_list('{table}')")).await {
        live.foreign_keys.insert(text(&row, "name"));
    }
    for row in rows(connection, format!("SELECT sql FROM sqlite_master WHERE name = '{table}'")).await {
        live.checks = text(&row, "sql");
    }
    live
}

async fn live_postgres(connection: &DatabaseConnection, table: &str) -> Live {
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).expect("text");
    let mut live = Live::default();
    let columns = format!(
        "SELECT column_name::text AS name, is_nullable::text AS nullable FROM information_schema.columns WHERE table_name = '{table}'"
    );
    for row in rows(connection, columns).await {
        live.columns.insert(text(&row, "name"), text(&row, "nullable") == "YES");
    }
    let indexes = format!(
        "SELECT indisunique AS is_unique, array_to_string(ARRAY(SELECT attname::text FROM unnest(indkey) WITH ORDINALITY AS k (number, position) \
         JOIN pg_attribute ON attrelid = indrelid AND attnum = k.number ORDER BY k.position), ',') AS columns \
         FROM pg_index WHERE indrelid = '{table}'::regclass"
    );
    for row in rows(connection, indexes).await {
        let columns = text(&row, "columns").split(',').map(str::to_owned).collect();
        live.index(columns, row.try_get::<bool>("", "is_unique").expect("a flag"));
    }
    let constraints = format!(
        "SELECT contype::text AS kind, pg_get_constraintdef(c.oid) AS definition, coalesce(attname::text, '') AS name FROM pg_constraint c \
         LEFT JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE conrelid = '{table}'::regclass"
    );
    for row in rows(connection, constraints).await {
        match text(&row, "kind").as_str() {
            "f" => drop(live.foreign_keys.insert(text(&row, "name"))),
            "c" => live.checks += &format!("{}\n", text(&row, "definition")),
            _ => {}
        }
    }
    live
}

/// The nullability that the catalog promises for each column.
fn promised(register: &Register) -> BTreeMap<&'static str, bool> {
    let mut promised = BTreeMap::new();
    for field in register.fields {
        for column in field.columns() {
            // A derived field may lack a value for other reasons than its column; the columns of plain fields decide.
            if matches!(field.source, Source::Column(_) | Source::Point { .. }) {
                promised.insert(column, field.nullable);
            }
        }
    }
    promised
}

#[tokio::test]
async fn the_catalog_names_every_column_and_no_other() {
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for register in REGISTERS {
            let live = live(&connection, database.backend, register.table).await;
            let columns: Vec<&str> = live.columns.keys().map(String::as_str).collect();
            assert_eq!(columns, register.columns(), "{:?} {}", database.backend, register.table);
            for (column, nullable) in promised(register) {
                assert_eq!(live.columns[column], nullable, "{:?} {}.{column} may be null", database.backend, register.table);
            }
            if let Some(placing) = register.placing {
                for column in [placing.community, placing.street].into_iter().flatten() {
                    assert_eq!(live.columns[column], live.columns[placing.place], "{}.{column} follows the place", register.table);
                }
            }
        }
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn every_foreign_key_has_an_index_that_begins_with_it() {
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for register in REGISTERS {
            let live = live(&connection, database.backend, register.table).await;
            let references = register.fields.iter().filter(|field| field.target().is_some()).flat_map(|field| field.columns());
            let places = register.placing.into_iter().flat_map(|placing| [Some(placing.place), placing.community, placing.street]);
            let keys = references.chain(places.flatten()).map(str::to_owned).chain(live.foreign_keys.iter().cloned());
            for key in keys.collect::<BTreeSet<_>>() {
                let indexed = live.indexes.iter().any(|columns| columns.first() == Some(&key));
                assert!(indexed, "{:?} {}.{key} has no index that begins with it", database.backend, register.table);
            }
        }
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn every_relation_to_one_row_at_most_goes_through_a_unique_column() {
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        let relations = REGISTERS.iter().flat_map(|register| register.relations).filter(|relation| relation.through.is_to_one());
        let mut seen = 0;
        for relation in relations {
            let target = entities::catalog::register(relation.target).expect("a register");
            let (_, field) = target.field(relation.through.tie()).expect("a field");
            let live = live(&connection, database.backend, target.table).await;
            for column in field.columns() {
                assert!(live.unique.contains(column), "{:?} {}.{column} is not unique", database.backend, target.table);
                seen += 1;
            }
        }
        assert!(seen > 0, "no relation is to-one");
        connection.close().await.expect("closed");
    }
}

#[tokio::test]
async fn every_code_column_admits_exactly_the_values_of_its_list() {
    // Long lists that come from outside are not spelled out in the database.
    const UNCHECKED: &[&str] = &["ethnicity", "industry_division"];
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for register in REGISTERS {
            let live = live(&connection, database.backend, register.table).await;
            for field in register.fields {
                let (Kind::Code(list), Source::Column(column)) = (field.kind, field.source) else { continue };
                if UNCHECKED.contains(&column) {
                    continue;
                }
                let admitted = admitted(&live.checks, column);
                let values: BTreeSet<String> = list.codes.iter().map(|code| code.value.to_owned()).collect();
                assert_eq!(admitted, values, "{:?} {}.{column}", database.backend, register.table);
            }
        }
        connection.close().await.expect("closed");
    }
}

/// The values that a check of the column lists: `(column IN ('A', 'B'))`, or as PostgreSQL spells it, `= ANY (ARRAY['A'…`.
fn admitted(checks: &str, column: &str) -> BTreeSet<String> {
    for (start, end) in
        [(format!("{column} IN ("), ')'), (format!("{column} = ANY (ARRAY["), ']'), (format!("({column} = ANY (ARRAY["), ']')]
    {
        let list = checks.match_indices(&start).filter(|(position, _)| {
            let before = checks[..*position].chars().next_back();
            !before.is_some_and(|sign| sign.is_alphanumeric() || sign == '_')
        });
        if let Some((position, _)) = list.into_iter().next() {
            let inside = checks[position + start.len()..].split(end).next().unwrap_or_default();
            return inside.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        }
    }
    BTreeSet::new()
}

/// A table, and its columns, true if they may be null.
type Columns = (String, BTreeMap<String, bool>);

fn entity_columns<E: EntityTrait>(_: E) -> Columns {
    let columns = E::Column::iter().map(|column| (sea_orm::IdenStatic::as_str(&column).to_owned(), column.def().is_null()));
    (E::default().table_name().to_owned(), columns.collect())
}

/// The columns of each register's entity.
#[derive(Default)]
struct EntityColumns(Vec<(&'static Register, Columns)>);

impl EntityVisitor for EntityColumns {
    fn visit<E: EntityTrait>(&mut self, register: &'static Register, entity: E) {
        self.0.push((register, entity_columns(entity)));
    }
}

#[tokio::test]
async fn the_entities_have_the_columns_of_their_tables() {
    let mut entities = EntityColumns::default();
    visit_entities(&mut entities);
    assert_eq!(
        entities.0.iter().map(|(register, _)| register.name).collect::<Vec<_>>(),
        REGISTERS.iter().map(|register| register.name).collect::<Vec<_>>()
    );
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for (register, (table, columns)) in &entities.0 {
            assert_eq!(register.table, table);
            assert_eq!(&live(&connection, database.backend, table).await.columns, columns, "{:?} {table}", database.backend);
        }
        connection.close().await.expect("closed");
    }
}

/// Tables that are no register, and why.
const NO_REGISTERS: &[(&str, &str)] = &[
    ("seaql_migrations", "the migrations that were applied; the program's own"),
    ("account_editions", "one number that tells servers of changes; nobody else asks for it"),
    ("change_keys", "which change was done under which key; repeated requests alone are served by it"),
    ("notices", "what is to be told to the officer, until it is"),
    ("person_lookups", "how often an account looked up persons on a day"),
    ("audit_batches", "the audit log itself: proof, which is searched by way of its registers"),
    ("audit_chain", "where the audit log's chain stands"),
    ("audit_checkpoints", "signed words on where it stood"),
    ("audit_anchors", "where it begins, once its first months are dropped"),
    ("account_revocations", "names of tokens and of accounts in trouble; administrators list them by `civigrid account list`"),
    ("client_keys", "digests of keys; nobody reads them but servers and `civigrid client key list`"),
    ("client_documents", "texts that clients are confined to; administrators list them by `civigrid client document list`"),
    ("client_usages", "how much of each day's quota servers took; administrators see it by `civigrid client show`"),
];

#[tokio::test]
async fn every_table_is_a_register_or_named_as_none() {
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        let statement = match database.backend {
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
            Backend::Postgres => "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'",
        };
        let tables: BTreeSet<String> =
            rows(&connection, statement.to_owned()).await.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
        let registers = REGISTERS.iter().map(|register| register.table);
        let mut known: BTreeSet<String> = registers.chain(NO_REGISTERS.iter().map(|(table, _)| *table)).map(str::to_owned).collect();
        if database.backend == Backend::Postgres {
            // Counts of changes, by which kept statistics are known to be right; nobody asks for them.
            known.insert("register_changes".to_owned());
            // Partitions of the audit log.
            known.extend(["batches", "records", "accesses"].map(|table| format!("audit_{table}_rest")));
        }
        if database.backend == Backend::Sqlite {
            // The index of a search in names, which triggers keep; PostgreSQL has one of its own.
            let searched = REGISTERS.iter().flat_map(|register| register.fields.iter().map(|field| (register.table, field.search)));
            known.extend(searched.filter_map(|(table, search)| search.map(|search| format!("{table}_{}", search.keys))));
        }
        assert_eq!(tables, known, "{:?}", database.backend);
        for (system, columns) in [
            entity_columns(entities::account_edition::Entity),
            entity_columns(entities::account_revocation::Entity),
            entity_columns(entities::change_key::Entity),
            entity_columns(entities::notice::Entity),
            entity_columns(entities::person_lookup::Entity),
            entity_columns(entities::client_key::Entity),
            entity_columns(entities::client_document::Entity),
            entity_columns(entities::client_usage::Entity),
        ] {
            assert_eq!(live(&connection, database.backend, &system).await.columns, columns, "{:?} {system}", database.backend);
        }
        connection.close().await.expect("closed");
    }
}
