//! What goes on beside the requests: linking, indexing, checkpoints, partitions and what is no longer kept.

use std::time::Duration;

use sea_orm::{ConnectOptions, DatabaseConnection};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::checkpoint::{Checkpoint, CheckpointFile, SigningKey};
use super::{Error, expire, index, link, make_partitions, tables};
use crate::clock::Clock;

/// How often is looked for what was committed.
const EVERY: Duration = Duration::from_millis(500);
/// How often partitions and the end of retention are seen to.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// How long one look takes up what can be searched; a checkpoint waits no longer.
const SEARCHING: Duration = Duration::from_secs(20);
/// The longest one look may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the log is kept.
pub struct Settings {
    /// The database.
    pub url: String,
    /// What signs checkpoints; none are made without it.
    pub key: Option<SigningKey>,
    /// Where they are also written.
    pub file: Option<CheckpointFile>,
    /// How often.
    pub checkpoint_every: Duration,
    /// How many months are kept beside the present one; all if None.
    pub kept_months: Option<u32>,
    /// The time.
    pub clock: Clock,
}

/// Keeps the log. Several servers may have one each.
pub struct Keeper {
    settings: Settings,
    connection: Option<DatabaseConnection>,
    signed: (Option<Instant>, i64),
    tidied: Option<Instant>,
    /// What went wrong last, so that it is told once.
    trouble: Option<String>,
}

impl Keeper {
    /// Nothing is asked yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, connection: None, signed: (None, 0), tidied: None, trouble: None }
    }

    /// Makes the partitions of these months before anything is recorded: a month of which rows lie with the rest has none any more.
    pub async fn prepare(&mut self) {
        match connect(&self.settings.url).await {
            Ok(connection) => {
                self.make_partitions(&connection).await;
                self.connection = Some(connection);
            }
            Err(error) => tracing::warn!(%error, "the audit log cannot be prepared; it is tried again"),
        }
    }

    /// Keeps the log until the task is ended.
    pub async fn run(mut self) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let looked = timeout(PATIENCE, self.look()).await;
            let trouble = match looked {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("it takes too long".to_owned()),
            };
            if trouble.is_some() {
                self.connection = None;
            }
            if let Some(error) = trouble.as_ref().filter(|_| trouble != self.trouble) {
                tracing::warn!(%error, "the audit log cannot be kept; it is tried again");
            }
            self.trouble = trouble;
        }
    }

    async fn look(&mut self) -> Result<(), Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.settings.url).await?,
        };
        let tidy = self.tidied.is_none_or(|tidied| tidied.elapsed() >= TIDY_EVERY);
        if tidy {
            self.tidied = Some(Instant::now());
            self.make_partitions(&connection).await;
        }
        while link(&connection).await? {}
        // The proof does not wait for a search that fails or has much to take up.
        let searched = take_up(&connection).await;
        self.checkpoint(&connection).await?;
        if tidy {
            self.expire(&connection).await;
        }
        searched?;
        self.connection = Some(connection);
        Ok(())
    }

    /// Signs where the chain stands, if it has gone on and it is time.
    async fn checkpoint(&mut self, connection: &DatabaseConnection) -> Result<(), Error> {
        let Settings { key: Some(key), file, checkpoint_every, clock, .. } = &self.settings else { return Ok(()) };
        let (last, number) = self.signed;
        if last.is_some_and(|last| last.elapsed() < *checkpoint_every) {
            return Ok(());
        }
        let head = tables::head(connection).await?;
        if head.number > number {
            let checkpoint = Checkpoint::sign(&head, clock.now().instant, key);
            // The file first: it is what the database is held against.
            if let Some(file) = file {
                file.add(&checkpoint)?;
            }
            checkpoint.keep(connection).await?;
            metrics::gauge!("civigrid_audit_checkpoint_number").set(head.number as f64);
        }
        self.signed = (Some(Instant::now()), head.number);
        Ok(())
    }

    async fn make_partitions(&self, connection: &DatabaseConnection) {
        if let Err(error) = make_partitions(connection, self.settings.clock.now().instant).await {
            tracing::warn!(%error, "partitions of the audit log cannot be made; what belongs there goes to the partition for the rest");
        }
    }

    /// What fails here hinders nothing else: a server may lack the right to drop.
    async fn expire(&self, connection: &DatabaseConnection) {
        if let Some(months) = self.settings.kept_months {
            match expire(connection, months, self.settings.clock.now().instant).await {
                Ok(expired) if expired.batches > 0 => {
                    tracing::info!(batches = expired.batches, up_to = expired.up_to, "months of the audit log were dropped");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "what the audit log no longer keeps cannot be dropped; run `civigrid audit expire`"),
            }
        }
    }
}

/// Takes up what is linked for the search, for as long as one look may last.
async fn take_up(connection: &DatabaseConnection) -> Result<(), Error> {
    let all = Instant::now();
    while all.elapsed() < SEARCHING {
        let begun = Instant::now();
        if !index(connection).await? {
            break;
        }
        // Where much waits, requests come first: no more than half of the time goes into what can be searched later.
        sleep(begun.elapsed()).await;
    }
    Ok(())
}

async fn connect(url: &str) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false).acquire_timeout(Duration::from_secs(5)).connect_timeout(Duration::from_secs(5));
    Ok(sea_orm::Database::connect(options).await?)
}
