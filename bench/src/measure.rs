//! Rounds: each work, each server in turn, with the accounts read before and after.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use civigrid::http::authentication::Assigned;
use tokio_postgres::Client;

use crate::account::{backends_cpu, between, process_cpu};
use crate::compare::{objects, same_data};
use crate::http_client::{Connection, post};
use crate::load::drive;
use crate::servers::Server;
use crate::setup::Papers;
use crate::variables::{self, Variables};
use crate::works::Work;

/// How long each server is loaded before it counts.
const WARM_UP: Duration = Duration::from_secs(1);
/// So many of a work's sets are compared before it is measured.
const COMPARED: usize = 25;

/// What one server used for one request of a work in one round.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// CPU of the server, in milliseconds.
    pub(crate) server: f64,
    /// CPU of PostgreSQL, in milliseconds.
    pub(crate) database: f64,
    /// Requests a second.
    pub(crate) rate: f64,
    /// Time within which half of the requests were answered, in milliseconds.
    pub(crate) p50: f64,
    /// Time within which 99 of 100 were answered.
    pub(crate) p99: f64,
}

impl Sample {
    /// CPU of both.
    pub(crate) fn sum(&self) -> f64 {
        self.server + self.database
    }
}

/// A work with its requests for both servers.
pub(crate) struct Prepared {
    pub(crate) work: Work,
    /// What the caller may act as.
    pub(crate) assignments: Vec<Assigned>,
    pub(crate) civigrid: Arc<Vec<Vec<u8>>>,
    hand: Arc<Vec<Vec<u8>>>,
}

/// A work's samples, round by round: Civigrid's and the handler's.
pub(crate) struct Measured {
    pub(crate) work: Work,
    pub(crate) rounds: Vec<(Sample, Sample)>,
    /// Bytes of a typical answer, and the objects in its lists.
    pub(crate) answer: (usize, usize),
}

/// Draws a work's variables and writes its requests; `instead` has the caller act as something else.
pub(crate) async fn prepare(work: Work, control: &Client, papers: &Papers, instead: Option<Vec<Assigned>>) -> Result<Prepared> {
    let Variables { sets, assignments } = variables::draw(&work, control).await?;
    let assignments = instead.unwrap_or(assignments);
    let token = papers.token(work.name, assignments.clone())?;
    let body = |variables| serde_json::json!({ "query": work.document, "variables": variables }).to_string();
    Ok(Prepared {
        work,
        assignments,
        civigrid: Arc::new(sets.iter().map(|set| post("/graphql", &token, &body(set))).collect()),
        hand: Arc::new(sets.iter().map(|set| post(&work.path(), &token, &set.to_string())).collect()),
    })
}

/// Compares every value of some answers; gives the size of the largest and the objects in it.
pub(crate) async fn check(prepared: &Prepared, civigrid: &Server, hand: &Server) -> Result<(usize, usize)> {
    let (mut left, mut right) = (Connection::open(civigrid.address).await?, Connection::open(hand.address).await?);
    let step = (prepared.civigrid.len() / COMPARED).max(1);
    let mut largest = (0, 0);
    for (ours, theirs) in prepared.civigrid.iter().zip(prepared.hand.iter()).step_by(step) {
        let ours = left.ask(ours).await.with_context(|| format!("{}: Civigrid", prepared.work.name))?;
        let theirs = right.ask(theirs).await.with_context(|| format!("{}: the handler", prepared.work.name))?;
        same_data(ours, theirs).with_context(|| prepared.work.name)?;
        largest = largest.max((ours.len(), objects(&serde_json::from_slice(ours)?)));
    }
    Ok(largest)
}

/// Measures both servers once, in the order that the round says.
pub(crate) async fn round(
    prepared: &Prepared,
    servers: (&Server, &Server),
    control: &Client,
    connections: usize,
    length: Duration,
    hand_first: bool,
) -> Result<(Sample, Sample)> {
    let (civigrid, hand) = servers;
    if hand_first {
        let second = sample(hand, &prepared.hand, control, connections, length).await?;
        Ok((sample(civigrid, &prepared.civigrid, control, connections, length).await?, second))
    } else {
        let first = sample(civigrid, &prepared.civigrid, control, connections, length).await?;
        Ok((first, sample(hand, &prepared.hand, control, connections, length).await?))
    }
}

/// Loads one server and reads the accounts before and after.
pub(crate) async fn sample(
    server: &Server,
    requests: &Arc<Vec<Vec<u8>>>,
    control: &Client,
    connections: usize,
    length: Duration,
) -> Result<Sample> {
    drive(server.address, requests, connections, WARM_UP).await?;
    let database = backends_cpu(control, server.application).await?;
    let process = process_cpu(server.pid())?;
    let load = drive(server.address, requests, connections, length).await?;
    let process = process_cpu(server.pid())?.saturating_sub(process);
    let database = between(&database, &backends_cpu(control, server.application).await?);
    let each = |time: Duration| time.as_secs_f64() * 1_000.0 / load.requests.max(1) as f64;
    Ok(Sample {
        server: each(process),
        database: each(database),
        rate: load.requests as f64 / length.as_secs_f64(),
        p50: load.percentile(0.5),
        p99: load.percentile(0.99),
    })
}
