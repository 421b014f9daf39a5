//! Writing the log for requests that wait: whatever has come in while one batch is committed goes into the next.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::batch::Batch;
use super::record::Entry;
use super::writer::Writer;

/// The most records of one batch.
const MOST_RECORDS: usize = 1_000;
/// About the most bytes of one batch.
const MOST_BYTES: usize = 4 << 20;
/// The longest that the first record of a batch waits for those of requests that are under way. A commit costs as much for one
/// record as for many, and whoever asks alone waits for nobody.
const GATHERING: Duration = Duration::from_millis(3);
/// The longest that connecting and committing may take together, before the requests that wait are let down.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where and how the log is written.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database.
    pub url: String,
    /// The secret of the keyed hash of variables; without it none is recorded.
    pub variables_secret: Option<String>,
}

/// The log could not be written, so the answer must not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritten;

/// The log, for those who wait for it. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    desk: Arc<Desk>,
    key: Option<Hmac<Sha256>>,
}

/// A request of which a record will come, until this is dropped.
#[derive(Debug)]
pub struct UnderWay(Arc<Waiting>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What requests have handed in and the committer has not taken yet.
#[derive(Debug, Default)]
struct Waiting {
    pending: Mutex<Vec<Pending>>,
    under_way: AtomicUsize,
    /// Told when the first record comes and when the last one under way has, so that one batch wakes the committer twice at most.
    enough: Notify,
    closed: AtomicBool,
}

/// Tells the committer that nobody is left to hand anything in.
struct Desk(Arc<Waiting>);

impl Drop for Desk {
    fn drop(&mut self) {
        self.0.closed.store(true, Ordering::Relaxed);
        self.0.enough.notify_one();
    }
}

#[derive(Debug)]
struct Pending {
    entry: Entry,
    done: oneshot::Sender<()>,
}

impl Waiting {
    /// How many records wait.
    fn count(&self) -> usize {
        self.lock().len()
    }

    /// True if nobody who is under way is missing, or a batch is full.
    fn is_complete(&self, count: usize) -> bool {
        count >= self.under_way.load(Ordering::Relaxed) || count >= MOST_RECORDS
    }

    /// The list; no code can panic while it is held.
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a batch: all that waits, up to a batch's size, in the order in which it came.
    fn take(&self) -> Vec<Pending> {
        let mut pending = self.lock();
        let mut bytes = 0;
        let fitting = pending.iter().take(MOST_RECORDS).take_while(|pending| {
            let fits = bytes < MOST_BYTES;
            bytes += pending.entry.bytes();
            fits
        });
        let count = fitting.count();
        pending.drain(..count).collect()
    }
}

impl Log {
    /// Starts writing, on a task of the running runtime that ends when the last clone is dropped.
    pub fn start(settings: Settings) -> Self {
        let Settings { url, variables_secret } = settings;
        let waiting = Arc::new(Waiting::default());
        tokio::spawn(Committer { url, waiting: Arc::clone(&waiting), writer: None, down: false }.run());
        // Keys of any length are taken.
        let key = variables_secret.and_then(|secret| Hmac::new_from_slice(secret.as_bytes()).ok());
        Self { desk: Arc::new(Desk(waiting)), key }
    }

    /// Says that a record will come, so that those before it may wait a moment and share its commit.
    pub fn under_way(&self) -> UnderWay {
        let Desk(waiting) = &*self.desk;
        waiting.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(waiting))
    }

    /// Waits until the entry is committed.
    ///
    /// # Errors
    /// If it is not, or nobody can tell. It may be in the log all the same; what it tells of must not happen.
    pub async fn write(&self, entry: Entry) -> Result<(), Unwritten> {
        let Desk(waiting) = &*self.desk;
        let (done, committed) = oneshot::channel();
        let count = {
            let mut pending = waiting.lock();
            pending.push(Pending { entry, done });
            pending.len()
        };
        if count == 1 || waiting.is_complete(count) {
            waiting.enough.notify_one();
        }
        committed.await.map_err(|_| Unwritten)
    }

    /// The keyed hash of values that must not stand in the log; None without a secret, or without values.
    pub fn digest(&self, variables: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
        if variables.is_empty() {
            return None;
        }
        let mut hash = self.key.clone()?;
        hash.update(serde_json::to_string(variables).ok()?.as_bytes());
        Some(super::tables::hexadecimal(&hash.finalize().into_bytes()[..16]))
    }
}

/// Commits what comes in.
struct Committer {
    url: String,
    waiting: Arc<Waiting>,
    writer: Option<Writer>,
    /// True while commits fail, so that the log tells it once.
    down: bool,
}

impl Committer {
    async fn run(mut self) {
        let records = metrics::counter!("civigrid_audit_records_total");
        loop {
            let taken = self.gather().await;
            if taken.is_empty() {
                return;
            }
            let (entries, waiting): (Vec<Entry>, Vec<_>) = taken.into_iter().map(|Pending { entry, done }| (entry, done)).unzip();
            let committed = self.commit(&Batch::seal(&entries)).await;
            metrics::counter!("civigrid_audit_batches_total", "outcome" => if committed { "committed" } else { "failed" }).increment(1);
            if committed {
                records.increment(entries.len() as u64);
                for done in waiting {
                    // A request that was given up waits no longer.
                    let _ = done.send(());
                }
            }
            // Else the channels are dropped, which lets the requests down.
        }
    }

    /// The records of the next batch: once there is one, all that has come, and for a moment what is under way. Empty at the end.
    async fn gather(&self) -> Vec<Pending> {
        let waiting = &self.waiting;
        while waiting.count() == 0 {
            if waiting.closed.load(Ordering::Relaxed) {
                return Vec::new();
            }
            waiting.enough.notified().await;
        }
        let complete = async {
            while !waiting.is_complete(waiting.count()) {
                waiting.enough.notified().await;
            }
        };
        // Whoever is under way may take long, or come to nothing.
        let _ = timeout(GATHERING, complete).await;
        waiting.take()
    }

    /// Commits a batch, on a new connection if the one at hand was broken. False if it is not known to be committed.
    async fn commit(&mut self, batch: &Batch) -> bool {
        let digest = batch.digest();
        let attempt = async {
            if let Some(writer) = &mut self.writer
                && writer.insert(batch, &digest).await.is_ok()
            {
                return Ok(());
            }
            // The connection may have been ended while nothing was asked, by a restart say. Tried again, the same batch is
            // not put in twice.
            self.writer = None;
            let mut writer = Writer::connect(&self.url).await?;
            writer.insert(batch, &digest).await?;
            self.writer = Some(writer);
            Ok::<(), sqlx::Error>(())
        };
        let failure = match timeout(PATIENCE, attempt).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("it takes too long".to_owned()),
        };
        match &failure {
            Some(error) => {
                // A statement may still be running on it.
                self.writer = None;
                if !std::mem::replace(&mut self.down, true) {
                    tracing::error!(%error, "the audit log cannot be written; no personal data is given until it can");
                }
            }
            None if std::mem::replace(&mut self.down, false) => tracing::info!("the audit log is written again"),
            None => {}
        }
        failure.is_none()
    }
}
