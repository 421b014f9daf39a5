//! Non-interference: two databases that agree on scopes and labels, and differ in what one caller may not see, give that
//! caller the same bytes, errors included.
//!
//! The evaluator says which cells a caller has no right to, and which rows are out of scope. A second database gets other
//! values in those cells, and loses rows that are out of scope and that no other row hangs on. `CIVIGRID_PAIRS` says how many
//! pairs of a policy and a caller are tried; a failure names its pair's seed for `CIVIGRID_SEED`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use civigrid::policy::{Key, Policy};
use civigrid::store::Backend;
use entities::catalog::{Field, Kind, Register, ScopePath, Source};
use entities::registers::REGISTERS;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use uuid::Uuid;

use super::bounds::turned_fourteen;
use super::compare;
use super::dice::Dice;
use super::eval::Evaluator;
use super::policy::{Access, Right};
use super::print::print;
use super::query::Query;
use super::random_policy;
use super::random_query::{Cursors, QueryMaker};
use super::round::{self, Setting, Subject};
use super::seed;
use super::shrink;
use super::small;
use super::stored;
use super::world::{Value, World};
use crate::harness::{self, TestDatabase};

/// Pairs of a policy and a caller where `CIVIGRID_PAIRS` does not say.
const PAIRS: u64 = 8;
/// Queries of one pair.
const QUERIES: usize = 100;
/// Registers that give rights, or that everything refers to: they stay as they are.
const KEPT: [&str; 6] = ["region", "region_alias", "role_assignment", "agreement", "emergency_access", "client"];

/// How many cells and rows were changed, and how many answers held rows.
#[derive(Default)]
struct Sums {
    cells: usize,
    rows: usize,
    answers: usize,
    with_rows: usize,
    /// Answers that differ once something is changed that the caller may see.
    noticed: usize,
}

#[test]
fn what_a_caller_may_not_see_changes_no_byte_of_an_answer() {
    let pairs = harness::asked_for("CIVIGRID_PAIRS").unwrap_or(PAIRS);
    let first: u64 = harness::asked_for("CIVIGRID_SEED").unwrap_or(271);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sums = runtime.block_on(async {
        let rows = seed::odd(harness::rows().clone());
        let (databases, twins) = (harness::fresh_databases().await, harness::fresh_databases().await);
        for database in databases.iter().chain(&twins) {
            hasten(database).await;
            seed::load(&database.open(), &rows).await;
            harness::stand_in(&database.open()).await;
        }
        let stored = stored::read(&databases[0].open()).await;
        let mut sums = Sums::default();
        for number in first..first + pairs {
            for (database, twin) in databases.iter().zip(&twins) {
                let pair = Pair { number, database, twin, stored: &stored };
                pair.run(&mut sums).await;
                seed::load(&twin.open(), &rows).await;
                harness::stand_in(&twin.open()).await;
            }
        }
        sums
    });
    let Sums { cells, rows, answers, with_rows, noticed } = sums;
    harness::say(&format!(
        "twins: {pairs} pairs of databases of each kind, {answers} answers alike, {with_rows} with rows; {cells} cells and {rows} rows \
         differed; {noticed} answers told of what may be seen"
    ));
    let pairs = usize::try_from(pairs).expect("few");
    assert!(cells > 1_000 * pairs && rows > 10 * pairs, "too little differed");
    assert!(with_rows * 3 > answers, "most answers hold nothing");
    assert!(noticed * 10 > answers, "the same questions tell of what may be seen");
}

struct Pair<'a> {
    number: u64,
    database: &'a TestDatabase,
    twin: &'a TestDatabase,
    stored: &'a stored::Stored,
}

/// What of a database is changed: what the caller may not see, or, to try the test itself, what he may.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Hidden,
    Shown,
}

impl Pair<'_> {
    async fn run(&self, sums: &mut Sums) {
        let mut dice = Dice::new(self.number, 3);
        let now = round::instant(&mut dice);
        let policy = random_policy::policy(&mut dice);
        let read = Policy::parse(&policy, "random.toml").unwrap_or_else(|findings| panic!("seed {}: {findings:?}", self.number));
        let roles: Vec<String> = read.roles().map(|(name, _)| name.to_owned()).filter(|name| name != "anonymous").collect();
        let world = World::of(self.stored, now);
        let caller = random_policy::caller(&mut dice, &roles, &world);
        let access = Access::read(&policy, &caller, &world);
        let evaluator = Evaluator { world: &world, access: &access, truths: RefCell::new(BTreeMap::new()) };
        let setting = Setting { seed: self.number, policy: &policy, caller: &caller, now };
        let ours = subject(self.database, &read).await;
        let (cells, rows) = differ(&mut dice, &world, &access, self.twin, Change::Hidden).await;
        sums.cells += cells;
        sums.rows += rows;
        let theirs = subject(self.twin, &read).await;
        let mut cursors = Cursors::new();
        let mut asked = Vec::new();
        for _ in 0..QUERIES {
            let maker = QueryMaker { dice: &mut dice, world: &world, access: &access, cursors: &cursors, aliases: 0, budget: 40 };
            let query = { maker }.query();
            let (left, right) = (round::bytes(&ours, &setting, &query).await, round::bytes(&theirs, &setting, &query).await);
            if left != right {
                panic!("{}", explained(&setting, (&ours, &theirs), &query).await);
            }
            let (expected, actual) = (evaluator.data(&query), serde_json::from_slice(&left).expect("an answer is JSON"));
            compare::answer(&evaluator, &query, &expected, &actual, &mut cursors)
                .unwrap_or_else(|difference| panic!("CIVIGRID_SEED={}: {difference}", self.number));
            sums.answers += 1;
            sums.with_rows += usize::from(compare::rows(&expected) > 0);
            asked.push((query, left));
        }
        // The test can fail: what the caller may see does change the answers.
        differ(&mut dice, &world, &access, self.twin, Change::Shown).await;
        for (query, before) in &asked {
            sums.noticed += usize::from(round::bytes(&theirs, &setting, query).await != *before);
        }
    }
}

async fn subject(database: &TestDatabase, policy: &Policy) -> Subject {
    let engine = round::engine(&database.open(), policy).await.expect("an engine");
    Subject { backend: database.backend, engine: engine.keyed(Key::new(small::KEY)) }
}

/// Changes the twin; says how many cells and how many rows.
async fn differ(dice: &mut Dice, world: &World, access: &Access, twin: &TestDatabase, change: Change) -> (usize, usize) {
    let connection = twin.open().writer().await.expect("the database can be written to");
    let mut sums = (0, 0);
    // A statement that is refused undoes what came before it in PostgreSQL's transactions, in SQLite's itself alone.
    if twin.backend == Backend::Sqlite {
        let transaction = connection.begin().await.expect("a transaction");
        changes(dice, world, access, &transaction, change, &mut sums).await;
        transaction.commit().await.expect("rows refer to each other");
    } else {
        changes(dice, world, access, &connection, change, &mut sums).await;
    }
    close(connection).await;
    sums
}

/// Commits need not wait for the disk: nothing here has to last.
async fn hasten(database: &TestDatabase) {
    if database.backend == Backend::Postgres {
        let connection = database.open().writer().await.expect("the database can be written to");
        let setting = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$";
        connection.execute_unprepared(setting).await.expect("the database's owner may say so");
        close(connection).await;
    }
}

async fn close(connection: DatabaseConnection) {
    connection.close().await.expect("the connection closes");
}

async fn changes(
    dice: &mut Dice,
    world: &World,
    access: &Access,
    connection: &impl ConnectionTrait,
    change: Change,
    (cells, gone): &mut (usize, usize),
) {
    for (register, catalog) in REGISTERS.iter().enumerate().filter(|(_, register)| !KEPT.contains(&register.name) && !register.is_log()) {
        let columns = loose(catalog);
        let count = world.tables[register].rows.len();
        for row in 0..count {
            let may_go = change == Change::Hidden && !access.visible(register, row) && is_a_leaf(catalog);
            if may_go && dice.chance(50) {
                let text = format!("DELETE FROM {} WHERE id = $1", catalog.table);
                *gone += usize::from(run(connection, &text, &[world.row(register, row).id]).await);
                continue;
            }
            let donor = dice.below(count);
            let wanted = |column: &&&str| match change {
                Change::Hidden => readers(catalog, column).all(|field| is_hidden(access, register, row, field)),
                Change::Shown => readers(catalog, column).any(|field| access.may(Right::Show, register, row, field)),
            };
            let same_label = |column: &&&str| {
                let of = |row: usize| match &world.row(register, row).columns[**column] {
                    Value::Day(birth) => Some(turned_fourteen(*birth, world.now.today)),
                    _ => None,
                };
                !matches!(catalog.minor, Some(ScopePath::Column(birth)) if birth == **column) || of(row) == of(donor)
            };
            let other = |column: &&&str| world.row(register, row).columns[**column] != world.row(register, donor).columns[**column];
            let columns: Vec<&str> = columns.iter().filter(wanted).filter(same_label).filter(other).copied().collect();
            let (id, donor) = (world.row(register, row).id, world.row(register, donor).id);
            *cells += replace(connection, catalog, &columns, id, donor).await;
        }
    }
}

/// Gives a row another's values, all at once if that keeps the rules of the table, else one by one; says how many.
async fn replace(connection: &impl ConnectionTrait, register: &Register, columns: &[&str], id: Uuid, donor: Uuid) -> usize {
    let table = register.table;
    let text = |columns: &[&str]| {
        let set: Vec<String> = columns.iter().map(|column| format!("{column} = donor.{column}")).collect();
        format!("UPDATE {table} SET {} FROM {table} donor WHERE {table}.id = $1 AND donor.id = $2", set.join(", "))
    };
    if columns.is_empty() {
        return 0;
    }
    if run(connection, &text(columns), &[id, donor]).await {
        return columns.len();
    }
    let mut changed = 0;
    for column in columns {
        let mut done = run(connection, &text(&[column]), &[id, donor]).await;
        let is_text = register.fields.iter().any(|field| {
            matches!(field.kind, Kind::Text | Kind::Identifier) && matches!(field.source, Source::Column(source) if source == *column)
        });
        if !done && is_text {
            // Unique: another last sign.
            let other = format!(
                "UPDATE {table} SET {column} = substr({column}, 1, length({column}) - 1) || \
                 CASE WHEN substr({column}, length({column}), 1) = '1' THEN '2' ELSE '1' END WHERE id = $1"
            );
            done = run(connection, &other, &[id]).await;
        }
        changed += usize::from(done);
    }
    changed
}

/// True if the statement changed a row; a rule of the table may refuse it.
async fn run(connection: &impl ConnectionTrait, text: &str, ids: &[Uuid]) -> bool {
    let values = ids.iter().map(|id| sea_orm::Value::from(*id));
    let done = connection.execute_raw(Statement::from_sql_and_values(connection.get_database_backend(), text, values)).await;
    done.is_ok_and(|done| done.rows_affected() == 1)
}

/// True if the caller has no right to the field on the row.
fn is_hidden(access: &Access, register: usize, row: usize, field: usize) -> bool {
    let rights = [Right::Show, Right::Filter, Right::Aggregate];
    rights.into_iter().all(|right| !access.may(right, register, row, field)) && access.mask(register, row, field).is_none()
}

/// The columns that fields are read from and that no scope and no label depends on.
fn loose(register: &'static Register) -> Vec<&'static str> {
    let fixed = fixed(register);
    let columns: BTreeSet<&str> = register.fields.iter().filter(|field| is_loose(field)).flat_map(columns_of).collect();
    columns.into_iter().filter(|column| !fixed.contains(column)).collect()
}

fn is_loose(field: &Field) -> bool {
    !matches!(field.kind, Kind::Id | Kind::Place | Kind::RegionCode | Kind::GeoJson)
}

fn columns_of(field: &Field) -> Vec<&'static str> {
    match field.source {
        Source::Column(column) | Source::Age(column) | Source::AgeBand(column) | Source::FirstAndLast(column) => vec![column],
        Source::Point { longitude, latitude } => vec![longitude, latitude],
        Source::InTime { done, due } => vec![done, due],
    }
}

/// The fields that a column can be told from.
fn readers(register: &'static Register, column: &str) -> impl Iterator<Item = usize> {
    register.fields.iter().enumerate().filter(move |(_, field)| columns_of(field).contains(&column)).map(|(index, _)| index)
}

/// The columns that scopes and labels depend on, of this register or of others through it. A minor's birth date may change as
/// long as it stays a minor's.
fn fixed(register: &'static Register) -> BTreeSet<&'static str> {
    let paths = |register: &Register| {
        let Register { board, department, person, household, minor, protection, case, project, .. } = *register;
        [board, department, person, household, minor, protection, case, project].into_iter().flatten().collect::<Vec<_>>()
    };
    let mut fixed = BTreeSet::new();
    for path in paths(register) {
        if let ScopePath::Column(column) | ScopePath::Via(column, _) | ScopePath::ViaIfAny(column, _) = path {
            fixed.insert(column);
        }
    }
    for path in REGISTERS.iter().flat_map(|other| paths(other)) {
        if let ScopePath::Back(column, target) = path
            && target == register.name
        {
            fixed.insert(column);
        }
    }
    if let Some(ScopePath::Column(birth)) = register.minor {
        fixed.remove(birth);
    }
    fixed.extend(register.sensitive_codes.map(|codes| codes.column));
    fixed.extend(match register.name {
        "guardianship" => vec!["ward_id", "guardian_id", "from_date", "to_date"],
        "case_task" => vec!["case_id", "assignee_id", "state"],
        "case" => vec!["state"],
        _ => Vec::new(),
    });
    fixed
}

/// True if no row of another register hangs on such a row, and no scope or label goes through it.
fn is_a_leaf(register: &Register) -> bool {
    let referred = REGISTERS.iter().flat_map(|other| other.fields).any(|field| field.target() == Some(register.name));
    !referred && !["guardianship", "case_task", "case"].contains(&register.name)
}

/// The smallest query found whose answers differ.
async fn explained(setting: &Setting<'_>, (ours, theirs): (&Subject, &Subject), query: &Query) -> String {
    let mut smallest = query.clone();
    let mut turn = 0;
    while let Some(smaller) = shrink::without(&smallest, turn) {
        if round::bytes(ours, setting, &smaller).await == round::bytes(theirs, setting, &smaller).await {
            turn += 1;
        } else {
            (smallest, turn) = (smaller, 0);
        }
    }
    let (left, right) = (round::bytes(ours, setting, &smallest).await, round::bytes(theirs, setting, &smallest).await);
    let (text, variables) = print(&smallest);
    format!(
        "{:?}: what the caller may not see changes an answer; run again with CIVIGRID_PAIRS=1 CIVIGRID_SEED={}\nquery: {text}\nvariables: {}\n\
         here: {}\nthere: {}\ncaller: {:?}\npolicy:\n{}",
        ours.backend,
        setting.seed,
        serde_json::Value::Object(variables),
        String::from_utf8_lossy(&left),
        String::from_utf8_lossy(&right),
        setting.caller,
        setting.policy
    )
}
