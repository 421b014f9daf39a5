//! The whole run: a database for each profile, both servers on it, checks, rounds, the tables.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use civigrid::generate::Profile;
use clap::Args;

use crate::account::peak_memory;
use crate::cluster::Cluster;
use crate::console;
use crate::log_cost;
use crate::measure::{Measured, check, prepare, round};
use crate::report::{self, Results};
use crate::servers::{Log, Server, control};
use crate::setup::{self, Papers};
use crate::works::{WORKS, Work};

/// What is measured, and how long.
#[derive(Args)]
pub(crate) struct Run {
    /// How much data: tiny, demo, street, district or article; several with commas, each in its own database.
    #[arg(long, default_value = "street", value_delimiter = ',')]
    profile: Vec<String>,
    /// How often each work is measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each server is loaded in a round, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Connections that ask at once.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Only these works (Q1,Q2).
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// A PostgreSQL database to use instead of one of the benchmark's own; it is filled if it is empty.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Where to keep the benchmark's own PostgreSQL, so that another run finds it filled.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Measure what policy and audit log cost, beside Civigrid without them instead of beside the handlers.
    #[arg(long, conflicts_with_all = ["check", "strict"])]
    log_cost: bool,
    /// Only compare the answers.
    #[arg(long)]
    check: bool,
    /// Fail if a gate does not hold.
    #[arg(long)]
    strict: bool,
}

impl Run {
    /// Runs it all; false if a gate does not hold and that matters.
    pub(crate) async fn run(self) -> Result<bool> {
        let works = self.works()?;
        let profiles = self.profiles()?;
        let papers_directory = tempfile::TempDir::with_prefix("civigrid-bench-")?;
        let papers = Papers::write(papers_directory.path())?;
        let cluster = match &self.database {
            Some(_) => None,
            None => Some(Cluster::start(self.keep.as_deref(), self.log_cost).await?),
        };
        let mut results = Vec::new();
        for profile in profiles {
            let url = match (&self.database, &cluster) {
                (Some(url), _) => url.clone(),
                (None, Some(cluster)) => {
                    cluster.create(profile.name()).await?;
                    cluster.url(profile.name())
                }
                (None, None) => bail!("no database"),
            };
            if self.log_cost {
                self.log_cost(profile, &url, &works, &papers).await?;
                continue;
            }
            results.push(self.profile(profile, &url, &works, &papers).await?);
        }
        if self.check || self.log_cost {
            return Ok(true);
        }
        console::line(format_args!("{}", report::tables(&results, self.rounds, self.seconds, self.connections)));
        Ok(!self.strict || results.iter().all(Results::hold))
    }

    fn works(&self) -> Result<Vec<Work>> {
        if self.only.is_empty() {
            return Ok(WORKS.to_vec());
        }
        let find = |name: &String| {
            let found = WORKS.iter().find(|work| work.name.eq_ignore_ascii_case(name));
            found.copied().with_context(|| format!("{name} is no work; the works are Q1 to Q10"))
        };
        self.only.iter().map(find).collect()
    }

    fn profiles(&self) -> Result<Vec<Profile>> {
        if self.database.is_some() && self.profile.len() > 1 {
            bail!("one database holds one profile");
        }
        self.profile.iter().map(|name| name.parse().map_err(|error| anyhow!("{error}"))).collect()
    }

    async fn log_cost(&self, profile: Profile, url: &str, works: &[Work], papers: &Papers) -> Result<()> {
        setup::fill(url, profile).await?;
        let length = Duration::from_secs_f64(self.seconds);
        let costs = log_cost::measure(url, works, papers, &control(url).await?, (self.rounds, self.connections, length)).await?;
        console::line(format_args!("### Profile `{profile}`\n\n{}", log_cost::table(&costs)?));
        Ok(())
    }

    async fn profile(&self, profile: Profile, url: &str, works: &[Work], papers: &Papers) -> Result<Results> {
        setup::fill(url, profile).await?;
        let control = control(url).await?;
        let (civigrid, hand) = (Server::civigrid(url, papers, Log::Written)?, Server::hand(url, papers)?);
        let mut prepared = Vec::new();
        let mut measured = Vec::new();
        for work in works {
            let requests = prepare(*work, &control, papers, None).await?;
            let answer = check(&requests, &civigrid, &hand).await?;
            console::complain(format_args!("{profile} {} ({}): same values", work.name, work.title));
            measured.push(Measured { work: *work, rounds: Vec::new(), answer });
            prepared.push(requests);
        }
        let rounds = if self.check { 0 } else { self.rounds };
        for number in 0..rounds {
            for (place, (requests, measured)) in prepared.iter().zip(&mut measured).enumerate() {
                let hand_first = (number + place) % 2 == 1;
                let length = Duration::from_secs_f64(self.seconds);
                let samples = round(requests, (&civigrid, &hand), &control, self.connections, length, hand_first).await?;
                console::complain(format_args!(
                    "{profile} round {} {}: {:.3} + {:.3} / {:.3} + {:.3} ms, ratio {:.2}",
                    number + 1,
                    measured.work.name,
                    samples.0.server,
                    samples.0.database,
                    samples.1.server,
                    samples.1.database,
                    samples.0.sum() / samples.1.sum()
                ));
                measured.rounds.push(samples);
            }
        }
        let memory = (peak_memory(civigrid.pid())?, peak_memory(hand.pid())?);
        Ok(Results { profile, measured, memory })
    }
}
