//! Writing a profile to a database: rows are made on one thread and written on another, chunk by chunk.

use std::time::{Duration, Instant};

use entities::catalog::Register;
use entities::registers::REGISTERS;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::maker::{Chunk, Maker};
use super::rows::{Rows, reference};
use super::{Profile, Settings};
use crate::store::load::{self, Loader, Written};

/// Small chunks are put together until they hold so many persons.
const PERSONS_AT_ONCE: usize = 10_000;

/// What was written, and how long it took.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The phases, in their order.
    pub phases: Vec<Phase>,
    /// The rows of each register, in the order of the registers.
    pub totals: Vec<Total>,
}

/// One phase.
#[derive(Clone, Debug)]
pub struct Phase {
    /// What was done.
    pub name: String,
    /// How many rows it wrote.
    pub rows: u64,
    /// How long it took.
    pub seconds: f64,
}

/// The rows of one register.
#[derive(Clone, Debug)]
pub struct Total {
    /// The register's name.
    pub register: &'static str,
    /// How many rows it has.
    pub rows: u64,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The load failed.
    #[error(transparent)]
    Load(#[from] load::Error),
    /// What was generated cannot be read back.
    #[error("the generated rows cannot be read: {0}")]
    Read(#[from] sea_orm::DbErr),
    /// Making the rows stopped half-way.
    #[error("making the rows stopped unexpectedly")]
    Stopped,
}

/// Makes the rows of a profile and writes them to an empty, migrated database: all of them or none.
pub async fn run(settings: &Settings, database_url: &str, progress: bool) -> Result<Report, Error> {
    let tables: Vec<&str> = loaded().map(|register| register.table).collect();
    let mut loader = Loader::open(database_url, &tables).await?;
    let mut report = Report::default();

    let started = Instant::now();
    let maker = Maker::new(settings);
    reference(&maker).write_reference(&mut loader).await?;
    let referred = rows_of(loader.written());
    report.phase("regions, departments, categories, buildings", referred, started);

    let started = Instant::now();
    let bar = bar(&maker, settings.profile, progress);
    let (sender, receiver) = channel(2);
    let making = tokio::task::spawn_blocking(move || make(maker, &sender));
    write(receiver, &mut loader, &bar).await?;
    making.await.map_err(|_| Error::Stopped)?;
    report.phase("people, cases and work", rows_of(loader.written()) - referred, started);

    let started = Instant::now();
    bar.set_message("indexes and keys");
    loader.restore().await?;
    report.phase("indexes and keys", 0, started);

    let started = Instant::now();
    bar.set_message("commit and statistics");
    // The loader counts the tables in the order of the registers.
    report.totals =
        loaded().zip(loader.written()).map(|(register, written)| Total { register: register.name, rows: written.rows }).collect();
    loader.commit().await?;
    report.phase("commit and statistics", 0, started);
    bar.finish_and_clear();
    Ok(report)
}

/// The registers that are filled: the log of requests is not made up.
fn loaded() -> impl Iterator<Item = &'static Register> {
    REGISTERS.iter().copied().filter(|register| !register.is_log())
}

impl Report {
    fn phase(&mut self, name: &str, rows: u64, started: Instant) {
        self.phases.push(Phase { name: name.to_owned(), rows, seconds: started.elapsed().as_secs_f64() });
    }
}

/// Makes community after community; ends early when nobody takes the chunks any more.
fn make(mut maker: Maker, sender: &Sender<Chunk>) {
    let mut together = Chunk::default();
    for index in 0..maker.communities.len() {
        together.append(maker.populate(index));
        if together.persons.len() >= PERSONS_AT_ONCE && sender.blocking_send(std::mem::take(&mut together)).is_err() {
            return;
        }
    }
    // A receiver that is gone has failed already and says so itself.
    let _ = sender.blocking_send(together);
}

/// Writes the chunks as they come.
async fn write(mut receiver: Receiver<Chunk>, loader: &mut Loader, bar: &ProgressBar) -> Result<(), Error> {
    while let Some(chunk) = receiver.recv().await {
        chunk.write(loader).await?;
        bar.inc(chunk.persons.len() as u64);
    }
    Ok(())
}

fn rows_of(written: &[Written]) -> u64 {
    written.iter().map(|written| written.rows).sum()
}

fn bar(maker: &Maker, profile: Profile, progress: bool) -> ProgressBar {
    if !progress {
        return ProgressBar::hidden();
    }
    let people: u64 = maker.communities.iter().map(|community| u64::from(community.people)).sum();
    let bar = ProgressBar::new(people);
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {human_pos}/{human_len} people, {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(profile.name());
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

impl Rows {
    /// Writes what people and cases refer to.
    async fn write_reference(&self, loader: &mut Loader) -> Result<(), load::Error> {
        loader.write(&self.regions).await?;
        loader.write(&self.region_aliases).await?;
        loader.write(&self.departments).await?;
        loader.write(&self.case_categories).await?;
        loader.write(&self.role_assignments).await?;
        loader.write(&self.clients).await?;
        self.economy.write(loader).await?;
        self.services.write(loader).await
    }
}

impl Chunk {
    async fn write(&self, loader: &mut Loader) -> Result<(), load::Error> {
        loader.write(&self.households).await?;
        loader.write(&self.persons).await?;
        loader.write(&self.residences).await?;
        loader.write(&self.cases).await?;
        loader.write(&self.events).await?;
        self.economy.write(loader).await?;
        self.society.write(loader).await?;
        self.services.write(loader).await
    }

    fn append(&mut self, other: Self) {
        let Self { households, persons, residences, cases, events, economy, society, services } = other;
        self.households.extend(households);
        self.persons.extend(persons);
        self.residences.extend(residences);
        self.cases.extend(cases);
        self.events.extend(events);
        self.economy.append(economy);
        self.society.append(society);
        self.services.append(services);
    }
}
