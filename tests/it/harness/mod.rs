//! What the tests share: databases of the smallest profile, the program in this process, and callers of every role.
//!
//! ```text
//! for database in harness::databases().await {          // shared and read only; `fresh_databases` may be written to
//!     let app = App::start(&database).await;              // the program on a free port
//!     let answer = app.of("auditor").query("{ cases { totalCount } }").await;
//! }
//! ```

mod app;
mod certificates;
mod client;
mod database;
mod own_postgres;
mod postgres;
pub(crate) mod program;
mod stand_ins;
mod workplace;

use std::io::Write as _;
use std::str::FromStr;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use civigrid::clock::{Clock, Now};
use civigrid::config::Config;
use civigrid::generate::{self, Profile, Rows, Settings};

pub(crate) use app::{App, KEY, engine, execute};
pub(crate) use client::{Client, Response, Who, claims, sign};
pub(crate) use database::{TestDatabase, databases, fresh_databases};
pub(crate) use own_postgres::OwnPostgres;
pub(crate) use postgres::server as postgres_server;
pub(crate) use program::Program;
pub(crate) use stand_ins::stand_in;

/// The present of every test: noon of the 30th of June 2026 in the deployment's zone.
pub(crate) fn instant() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-30T04:00:00Z").expect("a constant").to_utc()
}

/// A clock that stands still at the present.
pub(crate) fn clock() -> Clock {
    Clock::fixed(instant(), Config::default().zone)
}

/// The present as a request has it.
pub(crate) fn now() -> Now {
    clock().now()
}

/// How much of something a long test is asked for through a variable of the environment.
pub(crate) fn asked_for<N: FromStr>(variable: &str) -> Option<N> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}

/// Says something past the test runner, which keeps what passing tests print to itself.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What the databases are filled with.
pub(crate) fn settings() -> Settings {
    Settings { profile: Profile::Tiny, seed: 1, now: instant() }
}

/// The rows that the databases hold.
pub(crate) fn rows() -> &'static Rows {
    static ROWS: OnceLock<Rows> = OnceLock::new();
    ROWS.get_or_init(|| generate::rows(&settings()))
}
