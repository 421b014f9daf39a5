//! Writing the log for requests that wait: whatever has come in while one batch is committed goes into the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

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
    pending: mpsc::UnboundedSender<Pending>,
    under_way: Arc<AtomicUsize>,
    key: Option<Hmac<Sha256>>,
}

/// A request of which a record will come, until this is dropped.
#[derive(Debug)]
pub struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Pending {
    entry: Entry,
    done: oneshot::Sender<()>,
}

impl Log {
    /// Starts writing, on a task of the running runtime that ends when the last clone is dropped.
    pub fn start(settings: Settings) -> Self {
        let Settings { url, variables_secret } = settings;
        let (pending, received) = mpsc::unbounded_channel();
        let under_way = Arc::new(AtomicUsize::new(0));
        tokio::spawn(Committer { url, under_way: Arc::clone(&under_way), writer: None, down: false }.run(received));
        // Keys of any length are taken.
        let key = variables_secret.and_then(|secret| Hmac::new_from_slice(secret.as_bytes()).ok());
        Self { pending, under_way, key }
    }

    /// Says that a record will come, so that those before it may wait a moment and share its commit.
    pub fn under_way(&self) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.under_way))
    }

    /// Waits until the entry is committed.
    ///
    /// # Errors
    /// If it is not, or nobody can tell. It may be in the log all the same; what it tells of must not happen.
    pub async fn write(&self, entry: Entry) -> Result<(), Unwritten> {
        let (done, committed) = oneshot::channel();
        self.pending.send(Pending { entry, done }).map_err(|_| Unwritten)?;
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
    under_way: Arc<AtomicUsize>,
    writer: Option<Writer>,
    /// True while commits fail, so that the log tells it once.
    down: bool,
}

impl Committer {
    async fn run(mut self, mut received: mpsc::UnboundedReceiver<Pending>) {
        let records = metrics::counter!("civigrid_audit_records_total");
        while let Some(first) = received.recv().await {
            let (entries, waiting) = self.gather(first, &mut received).await;
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

    /// What goes into a batch with its first record: all that has come, and for a moment what is under way.
    async fn gather(&self, first: Pending, received: &mut mpsc::UnboundedReceiver<Pending>) -> (Vec<Entry>, Vec<oneshot::Sender<()>>) {
        let until = Instant::now() + GATHERING;
        let mut bytes = first.entry.bytes();
        let (mut entries, mut waiting) = (vec![first.entry], vec![first.done]);
        while entries.len() < MOST_RECORDS && bytes < MOST_BYTES {
            let next = match received.try_recv() {
                Ok(next) => Some(next),
                Err(_) if entries.len() >= self.under_way.load(Ordering::Relaxed) => None,
                Err(_) => timeout_at(until, received.recv()).await.ok().flatten(),
            };
            let Some(Pending { entry, done }) = next else { break };
            bytes += entry.bytes();
            entries.push(entry);
            waiting.push(done);
        }
        (entries, waiting)
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
