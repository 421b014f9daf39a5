//! A naive evaluator of all that is read of registers, and the engine held to it. Menus, changes and reasons have tests of their own.
//!
//! The registers are vectors of rows, the policy file is read anew, and a query is answered row by row, by code that
//! shares nothing with the engine but the catalog. Random policies, callers and queries are answered by both, the
//! engine on each database, and the answers must agree: values, pages, counts, statistics, what is withheld, and which
//! roots are refused with which code. Cursors are opaque: they are taken from the engine's answers, must be the same
//! whenever they are given, and are given back in later queries.
//!
//! ```text
//! cargo test -p tests --test it evaluator                                          # what CI runs
//! CIVIGRID_CASES=1000000 CIVIGRID_SEED=5 cargo test -p tests --test it evaluator   # more, and others
//! ```
//!
//! `CIVIGRID_CASES` counts cases (policy, caller, query), each of which runs on every database. Cases come in rounds of
//! one policy at one instant; a failure names its round's seed, and `CIVIGRID_CASES=1` with that seed runs the round alone.
//!
//! `twins` compares pairs of databases that differ in what a caller may not see.
//!
//! Read in this order: `stored` and `world` (rows), `policy` (who may), `query` (what is asked), `eval`, `filter`, `stats` and
//! `refusal` (what must be answered), `random_*` (what is tried).

mod bounds;
mod compare;
mod dice;
mod eval;
mod filter;
mod input;
mod joined;
mod masked;
mod place;
mod policy;
mod print;
mod query;
mod random_filter;
mod random_policy;
mod random_query;
mod random_stats;
mod refusal;
mod round;
mod seed;
mod seed_economy;
mod seed_services;
mod seed_society;
mod shrink;
mod small;
mod stats;
mod stored;
mod tally;
mod twins;
mod world;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::harness;
use stored::Stored;
use tally::Tally;

/// Cases where `CIVIGRID_CASES` does not say.
const CASES: usize = 36_864;
/// Rounds that are run again and again while something was never tried.
const MORE: u64 = 8;
/// The first round's seed where `CIVIGRID_SEED` does not say.
const SEED: u64 = 141;

#[test]
fn engine_and_evaluator_agree() {
    let cases = harness::asked_for("CIVIGRID_CASES").unwrap_or(CASES);
    let first = harness::asked_for("CIVIGRID_SEED").unwrap_or(SEED);
    let rounds = cases.div_ceil(round::CASES);
    let rows = seed::odd(harness::rows().clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (databases, stored) = runtime.block_on(async {
        let databases = harness::fresh_databases().await;
        for database in &databases {
            seed::load(&database.open(), &rows).await;
            harness::stand_in(&database.open()).await;
        }
        let stored = stored::read(&databases[0].open()).await;
        (databases, stored)
    });
    let begun = Instant::now();
    let mut tally = Tally::default();
    let mut seconds = vec![0.0; databases.len()];
    let mut next = first;
    let mut more = rounds as u64;
    // The dice leave out a few of the rarest combinations; what was not tried yet is given half as many rounds again.
    let last = first + more + more.div_ceil(2);
    while more > 0 && next < last {
        let seeds: Vec<u64> = (next..next + more).collect();
        let (part, spent) = on_all_processors(&seeds, &databases, &stored);
        tally.add(part);
        seconds.iter_mut().zip(spent).for_each(|(sum, spent)| *sum += spent);
        next += more;
        more = if cases >= CASES && !tally.missing().is_empty() { MORE } else { 0 };
    }
    report(&tally, &databases, &seconds, begun.elapsed().as_secs_f64());
    assert!(tally.cases >= cases, "{} of {cases} cases were run", tally.cases);
    let percent = |part: usize| part * 100 / tally.cases;
    assert!(percent(tally.with_rows) >= 40, "only {} % of the answers hold rows", percent(tally.with_rows));
    assert!((1..=20).contains(&percent(tally.refused)), "{} % of the queries were refused", percent(tally.refused));
    // Fewer cases cannot try everything.
    if cases >= CASES {
        assert_eq!(tally.missing(), Vec::<String>::new(), "never tried");
    }
}

/// Runs rounds on all processors.
fn on_all_processors(seeds: &[u64], databases: &[harness::TestDatabase], stored: &Stored) -> (Tally, Vec<f64>) {
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get().min(8));
    let failed = AtomicBool::new(false);
    let results: Vec<Result<(Tally, Vec<f64>), String>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..workers)
            .map(|worker| {
                let seeds: Vec<u64> = seeds.iter().copied().skip(worker).step_by(workers).collect();
                let failed = &failed;
                scope.spawn(move || work(&seeds, databases, stored, failed))
            })
            .collect();
        started.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a worker panicked".to_owned()))).collect()
    });
    let mut tally = Tally::default();
    let mut seconds = vec![0.0; databases.len()];
    for result in results {
        let (part, spent) = result.unwrap_or_else(|failure| panic!("{failure}"));
        tally.add(part);
        seconds.iter_mut().zip(spent).for_each(|(sum, spent)| *sum += spent);
    }
    (tally, seconds)
}

/// Runs rounds on a thread with connections of its own, until one fails on any thread.
fn work(seeds: &[u64], databases: &[harness::TestDatabase], stored: &Stored, failed: &AtomicBool) -> Result<(Tally, Vec<f64>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let opened: Vec<_> = databases.iter().map(|database| (database.backend, database.open())).collect();
        let mut tally = Tally::default();
        let mut seconds = vec![0.0; opened.len()];
        for seed in seeds {
            if failed.load(Ordering::Relaxed) {
                break;
            }
            let round = round::run(*seed, &opened, stored, &mut tally, &mut seconds).await;
            failed.fetch_or(round.is_err(), Ordering::Relaxed);
            round?;
        }
        Ok((tally, seconds))
    })
}

/// Says past the test runner what was run.
fn report(tally: &Tally, databases: &[harness::TestDatabase], seconds: &[f64], elapsed: f64) {
    let mut text = format!(
        "evaluator: {} cases, each on {}; {} % refused, {} % with rows; {elapsed:.0} s",
        tally.cases,
        databases.iter().map(|database| format!("{:?}", database.backend)).collect::<Vec<_>>().join(" and "),
        tally.refused * 100 / tally.cases.max(1),
        tally.with_rows * 100 / tally.cases.max(1),
    );
    for (database, seconds) in databases.iter().zip(seconds) {
        write!(text, ", {seconds:.0} s in {:?}", database.backend).expect("a text takes text");
    }
    harness::say(&text);
}
