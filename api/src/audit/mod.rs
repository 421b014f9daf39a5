//! The audit log: who read, changed or was refused what, of whom, and what for.
//!
//! A request that touches personal data waits until its [`Entry`] is committed ([`Log::write`]). What waits at the same
//! moment is committed together as one [`Batch`]: the one piece of proof. Everything else follows from batches and may be
//! made again from them: a linker numbers them and chains their hashes (`link`), an indexer makes rows of them that can be
//! searched (`index`), checkpoints sign where the chain stands (`checkpoint`), and [`verify`] reads it all again.
//!
//! A batch holds no key of a person openly: each mention is a random salt with the key, and the chain holds only the hash
//! of both. Without the salt the hash tells nothing, so [`erase`] takes somebody out of the log and the chain still holds.

mod batch;
mod checkpoint;
mod erase;
mod export;
mod index;
mod keeper;
mod link;
mod log;
mod record;
mod retention;
mod tables;
mod verify;
mod writer;

pub use batch::{Batch, BatchError};
pub use checkpoint::{Checkpoint, CheckpointFile, KeyError, PublicKey, SigningKey};
pub use erase::{Erased, Erasure, erase};
pub use export::{Wanted, export};
pub use index::index;
pub use keeper::{Keeper, Settings as KeeperSettings};
pub use link::link;
pub use log::{Log, Settings as LogSettings, UnderWay, Unwritten};
pub use record::{Entry, Field, Held, Kind, Outcome, Record, Stored};
pub use retention::{Expired, expire, make_partitions};
pub use verify::{Proof, Report, verify};
pub use writer::append;

/// Why the log could not be read or written by something that is not a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, or broke.
    #[error("the audit log's database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The connection for writing could not be made, or broke.
    #[error("the audit log's database: {0}")]
    Connection(#[from] sqlx::Error),
    /// A batch cannot be read.
    #[error("batch {0} of the audit log cannot be read: {1}")]
    Batch(uuid::Uuid, BatchError),
    /// The checkpoint file cannot be read or written.
    #[error("the checkpoint file {0}: {1}")]
    File(String, std::io::Error),
    /// A line of the checkpoint file is none.
    #[error("line {1} of the checkpoint file {0} is no checkpoint")]
    Line(String, usize),
    /// Nothing may be dropped before a signed checkpoint stands for it.
    #[error("no signed checkpoint stands at or behind number {0}, so nothing may be dropped yet; set audit.checkpoint_key_file")]
    Unanchored(i64),
    /// The log has no place for it.
    #[error("the tables of the audit log are not there; run `civigrid migrate`")]
    Missing,
}
