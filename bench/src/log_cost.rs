//! What policy and audit log cost: the works asked of Civigrid without the log by a caller who sees everything in full, and
//! with the log by one whose region, labels and masks are looked at. What makes records searchable is measured apart.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use civigrid::http::authentication::Assigned;
use tokio_postgres::Client;

use crate::account::{backends_cpu, between, process_cpu};
use crate::console;
use crate::load::drive;
use crate::measure::{Prepared, Sample, prepare, sample};
use crate::report::median;
use crate::servers::{Log, Server};
use crate::setup::{CAREFUL, EVERYTHING, Papers, WHOLE_CITY};
use crate::works::Work;

/// The most that the log may take to be searchable, once nothing comes in.
const PATIENCE: Duration = Duration::from_secs(600);
/// The most that policy and log may add to the CPU of a request that reads one row, in milliseconds.
const ONE_ROW_GATE: f64 = 0.04;
/// The most that they may add to others, as a part of what those cost without.
const GATE: f64 = 0.15;

/// In full without the log; with a policy; with a policy and the log.
const WAYS: usize = 3;

/// What one work costs in each way.
pub(crate) struct Cost {
    work: Work,
    /// Round by round: in full without log, with a policy, with policy and log.
    rounds: Vec<[Sample; WAYS]>,
    /// With the log, while its records are made searchable.
    beside: Sample,
    /// CPU of what makes one record searchable, in milliseconds.
    background: f64,
}

/// Measures all works.
pub(crate) async fn measure(
    url: &str,
    works: &[Work],
    papers: &Papers,
    control: &Client,
    (rounds, connections, length): (usize, usize, Duration),
) -> Result<Vec<Cost>> {
    forget(control).await?;
    let mut costs = Vec::new();
    let mut asked = Vec::new();
    for work in works {
        let plain = prepare(*work, control, papers, None).await?;
        let careful = Assigned { role: CAREFUL.to_owned(), regions: vec![WHOLE_CITY.to_owned()], ..Assigned::default() };
        let given = plain.assignments.iter().all(|assigned| assigned.role == EVERYTHING).then(|| vec![careful]);
        let logged = prepare(*work, control, papers, given).await?;
        asked.push((plain, logged));
        costs.push(Cost { work: *work, rounds: Vec::new(), beside: Sample::default(), background: 0.0 });
    }
    {
        let (without, with) = (Server::civigrid(url, papers, Log::None)?, Server::civigrid(url, papers, Log::Written)?);
        for number in 0..rounds {
            for (place, ((plain, careful), cost)) in asked.iter().zip(&mut costs).enumerate() {
                let ways = [(&without, plain), (&without, careful), (&with, careful)];
                let mut samples = [Sample::default(); WAYS];
                // Whoever goes first finds other caches than whoever comes last.
                for turn in 0..WAYS {
                    let way = (turn + number + place) % WAYS;
                    samples[way] = sample_of(ways[way], control, connections, length).await?;
                }
                let spelled = samples.map(|Sample { server, database, .. }| format!("{server:.3} + {database:.3}"));
                console::complain(format_args!("round {} {}: {} ms", number + 1, cost.work.name, spelled.join(", ")));
                cost.rounds.push(samples);
            }
        }
    }
    for ((_, logged), cost) in asked.iter().zip(&mut costs) {
        forget(control).await?;
        {
            let with = Server::civigrid(url, papers, Log::Written)?;
            drive(with.address, &logged.civigrid, connections, length / 4).await?;
        }
        let written = records(control).await?;
        let spent = drain(url, papers, control).await?;
        cost.background = if written == 0 { 0.0 } else { spent.as_secs_f64() * 1_000.0 / (written as f64) };
        let whole = Server::civigrid(url, papers, Log::Whole)?;
        cost.beside = sample_of((&whole, logged), control, connections, length).await?;
        console::complain(format_args!("{}: {:.3} ms for a record to be found ({written} records)", cost.work.name, cost.background));
    }
    Ok(costs)
}

async fn sample_of((server, prepared): (&Server, &Prepared), control: &Client, connections: usize, length: Duration) -> Result<Sample> {
    sample(server, &prepared.civigrid, control, connections, length).await
}

/// How many records the log holds, those not searchable yet too.
async fn records(control: &Client) -> Result<i64> {
    Ok(control.query_one("SELECT coalesce(sum(records), 0)::bigint FROM audit_batches", &[]).await?.get(0))
}

/// Empties the log, which a benchmark may and nobody else.
async fn forget(control: &Client) -> Result<()> {
    let all =
        "TRUNCATE audit_batches, audit_records, audit_accesses, audit_touches; UPDATE audit_chain SET number = 0, hash = NULL, indexed = 0";
    Ok(control.batch_execute(all).await?)
}

/// Waits until everything is numbered and searchable, by a server that nobody asks; gives the CPU that took.
async fn drain(url: &str, papers: &Papers, control: &Client) -> Result<Duration> {
    let server = Server::civigrid(url, papers, Log::Whole)?;
    let (begun, process) = (Instant::now(), process_cpu(server.pid())?);
    let database = backends_cpu(control, server.application).await?;
    let done = "SELECT indexed = number AND NOT EXISTS (SELECT FROM audit_batches WHERE number IS NULL) FROM audit_chain";
    while !control.query_one(done, &[]).await?.get::<_, bool>(0) {
        ensure!(begun.elapsed() < PATIENCE, "the log is not searchable within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let spent = process_cpu(server.pid())?.saturating_sub(process);
    Ok(spent + between(&database, &backends_cpu(control, server.application).await?))
}

impl Cost {
    /// True if what is added is within the gate.
    pub(crate) fn holds(&self) -> bool {
        let added = self.added();
        if self.work.name == "Q1" { added <= ONE_ROW_GATE } else { added <= GATE * self.way(0, Sample::sum) }
    }

    /// The median of what the rounds add, in milliseconds.
    fn added(&self) -> f64 {
        median(self.rounds.iter().map(|[plain, _, logged]| logged.sum() - plain.sum()).collect())
    }

    fn way(&self, way: usize, of: fn(&Sample) -> f64) -> f64 {
        median(self.rounds.iter().map(|samples| of(&samples[way])).collect())
    }
}

/// What was measured, in Markdown.
pub(crate) fn table(costs: &[Cost]) -> Result<String> {
    let mut text = String::from(
        "| work | in full: server + PostgreSQL, ms CPU | with a policy | with policy and log | added (least – greatest) | holds | p50 ms: in full, \
         with policy and log, while records are made searchable | CPU for a record to be found, ms |\n\
         | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |\n",
    );
    for cost in costs {
        let parts: Vec<f64> = cost.rounds.iter().map(|[plain, _, logged]| 100.0 * (logged.sum() / plain.sum() - 1.0)).collect();
        let (least, greatest) =
            parts.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), part| (least.min(*part), greatest.max(*part)));
        writeln!(
            text,
            "| {} | {:.3} + {:.3} | {:.3} + {:.3} | {:.3} + {:.3} | **{:+.3} ms, {:+.0} %** ({least:+.0} – {greatest:+.0} %) | {} | {:.2}, {:.2}, {:.2} | {:.3} |",
            cost.work.name,
            cost.way(0, |sample| sample.server),
            cost.way(0, |sample| sample.database),
            cost.way(1, |sample| sample.server),
            cost.way(1, |sample| sample.database),
            cost.way(2, |sample| sample.server),
            cost.way(2, |sample| sample.database),
            cost.added(),
            100.0 * cost.added() / cost.way(0, Sample::sum),
            if cost.holds() { "yes" } else { "**no**" },
            cost.way(0, |sample| sample.p50),
            cost.way(2, |sample| sample.p50),
            cost.beside.p50,
            cost.background,
        )
        .context("a text")?;
    }
    Ok(text)
}
