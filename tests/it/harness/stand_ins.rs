//! Rows for registers that the generator makes none for: worked out from the catalog alone, so that a register is tried by
//! every test from the day it is added.

use civigrid::clock::INSTANT_FORMAT;
use civigrid::store::sql::DATE_FORMAT;
use civigrid::store::{Backend, Database};
use entities::catalog::{Field, Kind, Register, Source};
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use entities::registers::REGISTERS;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use uuid::Uuid;

/// Rows that a register gets.
const ROWS: usize = 48;

/// What rows can refer to.
struct Around {
    backend: Backend,
    connection: DatabaseConnection,
    /// Places where people live.
    places: Vec<RegionCode>,
}

/// Puts rows into every register that has none, the same on both databases; says which those were.
pub(crate) async fn stand_in(database: &Database) -> Vec<&'static str> {
    let connection = database.writer().await.expect("the database can be written to");
    let mut around = Around { backend: database.backend(), connection, places: Vec::new() };
    let places = around.column::<i64>("SELECT DISTINCT region_code AS v FROM persons WHERE region_code IS NOT NULL ORDER BY v").await;
    around.places = places.into_iter().filter_map(RegionCode::from_number).collect();
    let mut filled = Vec::new();
    for register in REGISTERS {
        let rows = around.column::<i64>(&format!("SELECT count(*) AS v FROM {}", register.table)).await;
        if rows == [0] {
            around.fill(register).await;
            filled.push(register.name);
        }
    }
    around.connection.close().await.expect("the connection closes");
    filled
}

impl Around {
    /// The column `v` of a question.
    async fn column<T: sea_orm::TryGetable>(&self, question: &str) -> Vec<T> {
        let rows = self.connection.query_all_raw(Statement::from_string(self.connection.get_database_backend(), question)).await;
        rows.expect("an answer").iter().map(|row| row.try_get("", "v").expect("a value")).collect()
    }

    async fn fill(&self, register: &'static Register) {
        let mut targets = Vec::new();
        for field in register.fields {
            let ids = match field.target().and_then(entities::catalog::register) {
                Some(target) => self.column::<Uuid>(&format!("SELECT id AS v FROM {} ORDER BY id LIMIT 40", target.table)).await,
                None => Vec::new(),
            };
            targets.push(ids);
        }
        for row in 0..ROWS {
            let mut columns = vec![("id", self.key(Uuid::from_u128(row as u128 + 1)))];
            for (index, field) in register.fields.iter().enumerate().skip(1) {
                columns.extend(self.values(register, field, (row, index), &targets[index]));
            }
            let (names, values): (Vec<&str>, Vec<String>) = columns.into_iter().unzip();
            let statement = format!("INSERT INTO {} ({}) VALUES ({})", register.table, names.join(", "), values.join(", "));
            self.connection.execute_unprepared(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    /// The columns of a field and their values as SQL. Later fields hold later days, as ends come after beginnings.
    fn values(&self, register: &Register, field: &Field, (row, index): (usize, usize), targets: &[Uuid]) -> Vec<(&'static str, String)> {
        let missing = field.nullable && (row + index).is_multiple_of(4);
        let text = || format!("'{} {row}'", field.name);
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day") + chrono::Days::new((row + index) as u64);
        let value = match field.kind {
            _ if missing => "NULL".to_owned(),
            Kind::Id => return Vec::new(),
            Kind::Boolean if self.backend == Backend::Sqlite => (row % 2).to_string(),
            Kind::Boolean => (row % 2 == 1).to_string(),
            Kind::Int | Kind::Float | Kind::Money => (row % 7 + 1).to_string(),
            Kind::Text | Kind::Identifier | Kind::FreeText => text(),
            Kind::GeoJson => "'{\"type\":\"Point\",\"coordinates\":[106.5,29.5]}'".to_owned(),
            Kind::Date => format!("'{}'", day.format(DATE_FORMAT)),
            Kind::Instant => format!("'{}'", day.and_hms_opt(4, 0, 0).expect("an hour").and_utc().format(INSTANT_FORMAT)),
            Kind::Code(list) => format!("'{}'", list.codes[row % list.codes.len()].value),
            Kind::RegionCode | Kind::Place => self.places[row % self.places.len()].number().to_string(),
            Kind::Point => "106.5".to_owned(),
            Kind::Reference(_) => targets.get(row * 7 % targets.len().max(1)).map_or_else(|| "NULL".to_owned(), |id| self.key(*id)),
        };
        let mut columns = match field.source {
            Source::Column(column) => vec![(column, value)],
            Source::Point { longitude, latitude } => vec![(longitude, value.clone()), (latitude, value.replace("106.5", "29.5"))],
            Source::Age(_) | Source::AgeBand(_) | Source::FirstAndLast(_) | Source::InTime { .. } => Vec::new(),
        };
        if let (Kind::Place, Some(placing)) = (field.kind, register.placing) {
            let above = |level| if missing { None } else { self.places[row % self.places.len()].at(level) };
            let written = |level| above(level).map_or_else(|| "NULL".to_owned(), |code| code.number().to_string());
            columns.extend(placing.community.map(|column| (column, written(RegionLevel::Community))));
            columns.extend(placing.street.map(|column| (column, written(RegionLevel::Street))));
        }
        if let Some(search) = field.search {
            columns.push((search.keys, format!("'{}'", entities::name_keys::of(&format!("{} {row}", field.name), ""))));
        }
        columns
    }

    fn key(&self, id: Uuid) -> String {
        match self.backend {
            Backend::Sqlite => format!("X'{}'", id.simple()),
            Backend::Postgres => format!("'{id}'"),
        }
    }
}

#[tokio::test]
async fn registers_without_rows_get_some_that_fit() {
    for database in super::fresh_databases().await {
        let opened = database.open();
        assert_eq!(stand_in(&opened).await, Vec::<&str>::new(), "the generator makes rows of every register");
        let writer = opened.writer().await.expect("a connection");
        for table in ["grid_members", "person_tags", "region_aliases"] {
            writer.execute_unprepared(&format!("DELETE FROM {table}")).await.expect("nothing refers to them");
        }
        writer.close().await.expect("closed");
        assert_eq!(stand_in(&opened).await, ["region_alias", "grid_member", "person_tag"]);
    }
}
