//! One round: a policy at an instant, some callers, and queries of each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, FixedOffset};
use civigrid::clock::Now;
use civigrid::graph::{Engine, Limits, Request};
use civigrid::policy::{BUILT_IN, Caller, Key, Policy};
use civigrid::store::{Backend, Database};
use entities::registers::REGISTERS;
use serde_json::{Value as Json, json};

use super::compare;
use super::dice::Dice;
use super::eval::Evaluator;
use super::policy::{Access, Cover, Right};
use super::print::print;
use super::query::Query;
use super::random_policy;
use super::random_query::{Cursors, QueryMaker};
use super::shrink;
use super::small;
use super::stored::Stored;
use super::tally::Tally;
use super::world::World;

const CALLERS: usize = 8;
const QUERIES: usize = 32;
/// Cases of one round.
pub(super) const CASES: usize = CALLERS * QUERIES;

/// One engine, and what to call it.
pub(super) struct Subject {
    pub(super) backend: Backend,
    pub(super) engine: Engine,
}

/// What a case is made of beside its query.
pub(super) struct Setting<'a> {
    pub(super) seed: u64,
    pub(super) policy: &'a str,
    pub(super) caller: &'a Caller,
    pub(super) now: Now,
}

/// An instant and the zone in which it is a day; none before the rows were made, so that nobody is yet to be born.
pub(super) fn instant(dice: &mut Dice) -> Now {
    let (instant, hours) = [
        ("2026-06-30T04:00:00Z", 8.0),
        ("2026-06-30T17:30:00Z", 8.0),
        ("2028-02-29T02:00:00Z", 8.0),
        ("2027-02-28T16:00:00Z", 8.0),
        ("2026-07-01T01:00:00Z", -3.5),
        ("2026-07-01T12:00:00Z", 0.0),
    ][dice.below(6)];
    let instant = DateTime::parse_from_rfc3339(instant).expect("a constant").to_utc();
    let offset = FixedOffset::east_opt((hours * 3_600.0) as i32).expect("a zone");
    Now { instant, today: instant.with_timezone(&offset).date_naive(), offset }
}

/// An engine that refuses nothing for its size.
pub(super) async fn engine(database: &Database, policy: &Policy) -> Result<Engine, String> {
    let limits = Limits {
        nodes: u64::MAX,
        aliases: 10_000,
        selections: 100_000,
        tokens: 1_000_000,
        document_bytes: 1 << 20,
        depth: 40,
        documents: 10,
        answer_bytes: 1 << 28,
        ..Limits::default()
    };
    Engine::build(database.clone(), policy.clone(), limits).await.map_err(|error| error.to_string())
}

/// Runs the round of a seed.
pub(super) async fn run(
    seed: u64,
    databases: &[(Backend, Database)],
    stored: &Stored,
    tally: &mut Tally,
    seconds: &mut [f64],
) -> Result<(), String> {
    let mut dice = Dice::new(seed, 1);
    let now = instant(&mut dice);
    let policy = if seed.is_multiple_of(6) { BUILT_IN.to_owned() } else { random_policy::policy(&mut dice) };
    let read = Policy::parse(&policy, "random.toml").map_err(|findings| format!("seed {seed}: {findings:?}\n{policy}"))?;
    let roles: Vec<String> = read.roles().map(|(name, _)| name.to_owned()).filter(|name| name != "anonymous").collect();
    let mut subjects = Vec::new();
    for (backend, database) in databases {
        let engine = engine(database, &read).await?;
        // The same key for all, so that their tokens and figures are the same.
        let engine = engine.keyed(Key::new(small::KEY));
        subjects.push(Subject { backend: *backend, engine });
    }
    let world = World::of(stored, now);
    let mut cursors = Cursors::new();
    for _ in 0..CALLERS {
        let caller = random_policy::caller(&mut dice, &roles, &world);
        let access = Access::read(&policy, &caller, &world);
        let setting = Setting { seed, policy: &policy, caller: &caller, now };
        for subject in &subjects {
            permissions(&setting, &access, subject).await?;
        }
        let evaluator = Evaluator { world: &world, access: &access, truths: RefCell::new(BTreeMap::new()) };
        for _ in 0..QUERIES {
            let query = QueryMaker { dice: &mut dice, world: &world, access: &access, cursors: &cursors, aliases: 0, budget: 40 }.query();
            case(&setting, &evaluator, &query, &subjects, &mut cursors, tally, seconds).await?;
        }
        tally.add(Tally { truths: evaluator.truths.into_inner(), ..Tally::default() });
    }
    Ok(())
}

/// What the caller is told of the own rights must be what the bounds tell.
async fn permissions(setting: &Setting<'_>, access: &Access, subject: &Subject) -> Result<(), String> {
    let query = "{ me { permissions { type rows fields { name show mask filter aggregate write } } } }";
    let request = Request { query: query.to_owned(), request_id: "case".to_owned(), ..Request::default() };
    let answer = subject.engine.execute(&request, setting.caller, setting.now).await;
    let answer: Json = serde_json::from_slice(&answer.body).expect("an answer is JSON");
    let registers = REGISTERS.iter().enumerate().map(|(register, catalog)| {
        let fields = catalog.fields.iter().enumerate().map(|(index, field)| {
            let extent = |right, offered: bool| match access.cover(right, register, index) {
                _ if !offered || access.is_empty(register) => "NONE",
                Cover::Everywhere => "ALL",
                Cover::Somewhere => "SOME",
                Cover::Nowhere => "NONE",
            };
            json!({
                "name": field.name,
                "show": extent(Right::Show, true),
                "mask": match access.mask_cover(register, index) {
                    _ if access.is_empty(register) => "NONE",
                    Cover::Everywhere => "ALL",
                    Cover::Somewhere => "SOME",
                    Cover::Nowhere => "NONE",
                },
                "filter": extent(Right::Filter, field.filters || field.orders),
                "aggregate": extent(Right::Aggregate, field.groups || field.measures),
                "write": "NONE",
            })
        });
        json!({ "type": catalog.type_name, "rows": !access.is_empty(register), "fields": fields.collect::<Vec<_>>() })
    });
    let expected: Vec<Json> = registers.collect();
    let told = answer["data"]["me"]["permissions"].as_array().cloned().unwrap_or_default();
    match told.iter().zip(&expected).find(|(told, expected)| told != expected) {
        None if told.len() == expected.len() => Ok(()),
        different => Err(format!(
            "{:?} tells other rights; run again with CIVIGRID_CASES=1 CIVIGRID_SEED={}\n{different:?}\ncaller: {:?}\npolicy:\n{}",
            subject.backend, setting.seed, setting.caller, setting.policy
        )),
    }
}

/// Asks one question of every engine, and holds the answers against the evaluator's.
pub(super) async fn case(
    setting: &Setting<'_>,
    evaluator: &Evaluator<'_>,
    query: &Query,
    subjects: &[Subject],
    cursors: &mut Cursors,
    tally: &mut Tally,
    seconds: &mut [f64],
) -> Result<(), String> {
    let expected = evaluator.data(query);
    for (subject, seconds) in subjects.iter().zip(seconds) {
        let begun = Instant::now();
        let actual = ask(subject, setting, query).await;
        *seconds += begun.elapsed().as_secs_f64();
        if let Err(difference) = compare::answer(evaluator, query, &expected, &actual, cursors) {
            return Err(explained(setting, evaluator, query, subject, &difference).await);
        }
    }
    let refused = query.roots.iter().any(|root| !evaluator.refusals(&root.item).is_empty());
    tally.cases += 1;
    tally.refused += usize::from(refused);
    tally.with_rows += usize::from(compare::rows(&expected) > 0);
    if !refused {
        tally.query(query);
    }
    Ok(())
}

async fn ask(subject: &Subject, setting: &Setting<'_>, query: &Query) -> Json {
    serde_json::from_slice(&bytes(subject, setting, query).await).expect("an answer is JSON")
}

/// The answer as it goes out.
pub(super) async fn bytes(subject: &Subject, setting: &Setting<'_>, query: &Query) -> Vec<u8> {
    let (text, variables) = print(query);
    let request = Request { query: text, variables, request_id: "case".to_owned(), ..Request::default() };
    subject.engine.execute(&request, setting.caller, setting.now).await.body.to_vec()
}

/// The smallest query found that still fails, and everything around it.
async fn explained(setting: &Setting<'_>, evaluator: &Evaluator<'_>, query: &Query, subject: &Subject, difference: &str) -> String {
    let mut smallest = query.clone();
    let mut difference = difference.to_owned();
    let mut turn = 0;
    while let Some(smaller) = shrink::without(&smallest, turn) {
        let expected = evaluator.data(&smaller);
        let actual = ask(subject, setting, &smaller).await;
        match compare::answer(evaluator, &smaller, &expected, &actual, &mut Cursors::new()) {
            Err(other) => {
                (smallest, difference) = (smaller, other);
                turn = 0;
            }
            Ok(()) => turn += 1,
        }
    }
    let (text, variables) = print(&smallest);
    let variables = Json::Object(variables);
    let expected = evaluator.data(&smallest);
    let actual = ask(subject, setting, &smallest).await;
    let Setting { seed, policy, caller, now } = setting;
    let backend = subject.backend;
    format!(
        "{backend:?} differs; run again with CIVIGRID_CASES=1 CIVIGRID_SEED={seed}\n{difference}\n\nquery: {text}\nvariables: {variables}\n\
         evaluator: {expected}\nengine: {actual}\ncaller: {caller:?}\nday: {}\npolicy:\n{policy}",
        now.today
    )
}
