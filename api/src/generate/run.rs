//! Writing a profile to a database: rows are made on one thread and written on another, chunk by chunk.

use std::time::{Duration, Instant};

use entities::registers::REGISTERS;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::maker::{Chunk, Maker};
use super::rows::{Rows, reference};
use super::{Profile, Settings};
use crate::store::load::{self, Loader};

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
    let tables: Vec<&str> = REGISTERS.iter().map(|register| register.table).collect();
    let mut writer = Writer { loader: Loader::open(database_url, &tables).await?, counts: Counts::default() };
    let mut report = Report::default();

    let started = Instant::now();
    let maker = Maker::new(settings);
    writer.reference(&reference(&maker.communities)).await?;
    report.phase("regions, departments, categories", writer.counts.sum(), started);

    let started = Instant::now();
    let before = writer.counts.sum();
    let bar = bar(&maker, settings.profile, progress);
    let (sender, receiver) = channel(2);
    let making = tokio::task::spawn_blocking(move || make(maker, &sender));
    writer.chunks(receiver, &bar).await?;
    making.await.map_err(|_| Error::Stopped)?;
    report.phase("people and cases", writer.counts.sum() - before, started);

    let started = Instant::now();
    bar.set_message("indexes and keys");
    let Writer { mut loader, counts } = writer;
    loader.restore().await?;
    report.phase("indexes and keys", 0, started);

    let started = Instant::now();
    bar.set_message("commit and statistics");
    loader.commit().await?;
    report.phase("commit and statistics", 0, started);
    bar.finish_and_clear();
    report.totals = counts.totals();
    Ok(report)
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

/// Rows written so far, by register.
#[derive(Default)]
struct Counts {
    regions: u64,
    region_aliases: u64,
    departments: u64,
    households: u64,
    persons: u64,
    residences: u64,
    case_categories: u64,
    cases: u64,
    case_events: u64,
    role_assignments: u64,
}

impl Counts {
    fn totals(&self) -> Vec<Total> {
        let Self {
            regions,
            region_aliases,
            departments,
            households,
            persons,
            residences,
            case_categories,
            cases,
            case_events,
            role_assignments,
        } = *self;
        [
            ("region", regions),
            ("region_alias", region_aliases),
            ("department", departments),
            ("household", households),
            ("person", persons),
            ("residence", residences),
            ("case_category", case_categories),
            ("case", cases),
            ("case_event", case_events),
            ("role_assignment", role_assignments),
        ]
        .map(|(register, rows)| Total { register, rows })
        .into()
    }

    fn sum(&self) -> u64 {
        self.totals().iter().map(|total| total.rows).sum()
    }
}

struct Writer {
    loader: Loader,
    counts: Counts,
}

impl Writer {
    async fn reference(&mut self, rows: &Rows) -> Result<(), Error> {
        self.counts.regions += self.loader.write(&rows.regions).await?;
        self.counts.region_aliases += self.loader.write(&rows.region_aliases).await?;
        self.counts.departments += self.loader.write(&rows.departments).await?;
        self.counts.case_categories += self.loader.write(&rows.case_categories).await?;
        self.counts.role_assignments += self.loader.write(&rows.role_assignments).await?;
        Ok(())
    }

    async fn chunks(&mut self, mut receiver: Receiver<Chunk>, bar: &ProgressBar) -> Result<(), Error> {
        while let Some(chunk) = receiver.recv().await {
            self.counts.households += self.loader.write(&chunk.households).await?;
            self.counts.persons += self.loader.write(&chunk.persons).await?;
            self.counts.residences += self.loader.write(&chunk.residences).await?;
            self.counts.cases += self.loader.write(&chunk.cases).await?;
            self.counts.case_events += self.loader.write(&chunk.events).await?;
            bar.inc(chunk.persons.len() as u64);
        }
        Ok(())
    }
}

impl Chunk {
    fn append(&mut self, other: Self) {
        let Self { households, persons, residences, cases, events } = other;
        self.households.extend(households);
        self.persons.extend(persons);
        self.residences.extend(residences);
        self.cases.extend(cases);
        self.events.extend(events);
    }
}
