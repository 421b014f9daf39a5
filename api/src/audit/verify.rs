//! Reading the whole log again, and telling where it is not what was committed.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use sea_orm::{DatabaseConnection, Value};
use uuid::Uuid;

use super::Error;
use super::batch::{GENESIS, Hash, Opened, linked};
use super::checkpoint::{Checkpoint, PublicKey};
use super::tables::{self, KEPT, Kept};

/// Batches that are read at once.
const AT_ONCE: i64 = 500;

/// What the log is held against, beside itself.
#[derive(Default)]
pub struct Proof {
    /// Checkpoints from outside the database.
    pub checkpoints: Vec<Checkpoint>,
    /// The key that signed; without it signatures are not looked at, and the report says so.
    pub key: Option<PublicKey>,
}

/// What was read, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Report {
    /// Linked batches.
    pub batches: u64,
    /// Records in them.
    pub records: u64,
    /// The first and the last number that was read.
    pub numbers: Option<(i64, i64)>,
    /// Everything up to here was dropped when its time was over.
    pub dropped_up_to: i64,
    /// Batches that have no number yet.
    pub unlinked: u64,
    /// Checkpoints that the chain was held against, and those of them whose signature was checked.
    pub checkpoints: (u64, u64),
    /// The number of the last one: what came later could have been cut off without a trace.
    pub anchored_up_to: i64,
    /// What is wrong, each with its place.
    pub findings: Vec<Finding>,
}

/// Something that is not as it was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The number of the batch, or of the first one that is missing.
    pub number: i64,
    /// The batch, if there is one.
    pub batch: Option<Uuid>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.batch {
            Some(batch) => write!(f, "number {} (batch {batch}): {}", self.number, self.what),
            None => write!(f, "number {}: {}", self.number, self.what),
        }
    }
}

/// Reads everything, in the order of the numbers.
///
/// # Errors
/// If the database cannot be read. What is wrong with the log itself is no error but a finding.
pub async fn verify(connection: &DatabaseConnection, proof: &Proof) -> Result<Report, Error> {
    // Read before the batches: what is linked meanwhile comes behind it.
    let head = tables::head(connection).await?;
    let mut walk = Walk::start(connection, proof, (head.number, head.hash)).await?;
    let text = format!("{KEPT} WHERE number > $1 OR (number = $1 AND id > $2) ORDER BY number, id LIMIT {AT_ONCE}");
    let mut after = (i64::MIN, Uuid::nil());
    loop {
        let rows = tables::rows(connection, &text, [Value::from(after.0), Value::from(after.1)]).await?;
        for row in &rows {
            let kept = Kept::read(row)?;
            after = (kept.number.unwrap_or_default(), kept.batch.id);
            walk.step(&kept);
        }
        if (rows.len() as i64) < AT_ONCE {
            break;
        }
    }
    let now = tables::head(connection).await?;
    for row in tables::rows(connection, &format!("{KEPT} WHERE number IS NULL"), []).await? {
        walk.report.unlinked += 1;
        // An erasure counts from its commit on, and not only once it is linked.
        walk.note_erasures(&Kept::read(&row)?.batch.open().unwrap_or_default());
    }
    walk.finish(now.number);
    Ok(walk.report)
}

/// Where the reading is.
struct Walk {
    report: Report,
    /// The number and the hash that the next link follows; no hash where a link is missing.
    number: i64,
    hash: Option<Hash>,
    /// Where the chain said that it ended when the reading began.
    head: (i64, Hash),
    checkpoints: BTreeMap<i64, Vec<Checkpoint>>,
    /// Links that were dropped out of their order, by number.
    dropped: BTreeMap<i64, Hash>,
    /// How many mentions each batch lacks, and how many recorded erasures took out.
    lacking: HashMap<Uuid, (i64, u32)>,
    erased: HashMap<Uuid, u32>,
    key: Option<PublicKey>,
}

impl Walk {
    async fn start(connection: &DatabaseConnection, proof: &Proof, head: (i64, Hash)) -> Result<Self, Error> {
        let mut checkpoints: BTreeMap<i64, Vec<Checkpoint>> = BTreeMap::new();
        for checkpoint in Checkpoint::kept(connection).await?.into_iter().chain(proof.checkpoints.iter().cloned()) {
            let known = checkpoints.entry(checkpoint.number).or_default();
            if !known.contains(&checkpoint) {
                known.push(checkpoint);
            }
        }
        let (mut number, mut hash, mut dropped) = (0, GENESIS, BTreeMap::new());
        for row in tables::rows(connection, "SELECT number, digest, hash FROM audit_anchors ORDER BY number", []).await? {
            let of = |bytes: Vec<u8>| Hash::try_from(bytes).unwrap_or_default();
            match row.try_get::<Option<Vec<u8>>>("", "digest")? {
                Some(digest) => drop(dropped.insert(row.try_get("", "number")?, of(digest))),
                None => (number, hash) = (row.try_get("", "number")?, of(row.try_get("", "hash")?)),
            }
        }
        let report = Report { dropped_up_to: number, ..Report::default() };
        let key = proof.key.clone();
        let mut walk =
            Self { report, number, hash: Some(hash), head, checkpoints, dropped, lacking: HashMap::new(), erased: HashMap::new(), key };
        // What is older than the dropped part cannot be held against anything any more.
        walk.checkpoints = walk.checkpoints.split_off(&number);
        walk.hold(number);
        Ok(walk)
    }

    fn found(&mut self, number: i64, batch: Option<Uuid>, what: impl Into<String>) {
        self.report.findings.push(Finding { number, batch, what: what.into() });
    }

    /// Passes over links that were dropped out of their order, up to a number.
    fn pass_dropped(&mut self, before: i64) {
        while self.number + 1 < before
            && let Some(digest) = self.dropped.remove(&(self.number + 1))
        {
            self.number += 1;
            self.hash = self.hash.map(|hash| linked(self.number, &hash, &digest));
            self.hold(self.number);
        }
    }

    fn step(&mut self, kept: &Kept) {
        let Kept { batch, digest: told, number, hash: told_hash } = kept;
        let (Some(number), id) = (*number, batch.id) else { return };
        self.pass_dropped(number);
        self.report.batches += 1;
        self.report.numbers = Some((self.report.numbers.map_or(number, |(first, _)| first), number));
        if number <= self.number {
            self.found(number, Some(id), "was put in: its number belongs to another batch, or to what was dropped");
            return;
        }
        if number > self.number + 1 {
            let (first, last) = (self.number + 1, number - 1);
            let which = if first == last { "is missing".to_owned() } else { format!("and all up to number {last} are missing") };
            self.found(first, None, which);
            self.hash = None;
        }
        let digest = batch.digest();
        let told_hash = told_hash.clone().and_then(|bytes| Hash::try_from(bytes).ok());
        let follows = self.hash.map(|hash| Some(linked(number, &hash, &digest)) == told_hash);
        if digest[..] != told[..] {
            self.found(number, Some(id), "was changed: it is not what was committed");
        } else if follows == Some(false) {
            self.found(number, Some(id), "is not what was linked here: it, its number or what stands before it was exchanged or changed");
        }
        (self.number, self.hash) = (number, told_hash);
        self.hold(number);
        self.look_inside(kept, number);
    }

    fn look_inside(&mut self, kept: &Kept, number: i64) {
        let batch = &kept.batch;
        let erased = batch.erased();
        if erased > 0 {
            self.lacking.insert(batch.id, (number, erased));
        }
        match batch.open() {
            Ok(opened) => {
                self.report.records += opened.len() as u64;
                self.note_erasures(&opened);
            }
            Err(error) => self.found(number, Some(batch.id), format!("cannot be read: {error}")),
        }
    }

    fn note_erasures(&mut self, opened: &[Opened]) {
        for (batch, count) in opened.iter().flat_map(|opened| &opened.record.erased) {
            *self.erased.entry(*batch).or_default() += count;
        }
    }

    /// Holds the chain against the checkpoints of a number.
    fn hold(&mut self, number: i64) {
        if number == self.head.0 && number > 0 && self.hash.is_some_and(|hash| hash != self.head.1) {
            self.found(number, None, "is not what the chain says that it ends with");
        }
        for checkpoint in self.checkpoints.remove(&number).unwrap_or_default() {
            self.report.checkpoints.0 += 1;
            if let Some(key) = &self.key {
                if !checkpoint.is_signed_by(key) {
                    self.found(number, None, format!("its checkpoint is not signed by the key {}", key.id()));
                    continue;
                }
                self.report.checkpoints.1 += 1;
            }
            if self.hash.is_some_and(|hash| !checkpoint.holds(&hash)) {
                let since = self.report.anchored_up_to + 1;
                self.found(number, None, format!("is not what the checkpoint says: the log was rewritten between number {since} and here"));
            } else {
                self.report.anchored_up_to = number;
            }
        }
    }

    fn finish(&mut self, end: i64) {
        self.pass_dropped(i64::MAX);
        let (last, head) = (self.number, self.head.0);
        if last < head {
            let which = if last + 1 == head { "is missing".to_owned() } else { format!("and all up to number {head} are missing") };
            self.found(last + 1, None, format!("{which}: the end was cut off"));
        } else if last > end {
            self.found(end + 1, None, "was put in: the chain ends before it");
        }
        for (number, checkpoints) in std::mem::take(&mut self.checkpoints) {
            let signed = |checkpoint: &Checkpoint| self.key.as_ref().is_none_or(|key| checkpoint.is_signed_by(key));
            if checkpoints.iter().any(signed) && number > last {
                self.found(last + 1, None, format!("is missing: a checkpoint says that the log went on to number {number}"));
            }
        }
        let mut unrecorded: Vec<(i64, Uuid, u32, u32)> = Vec::new();
        for (batch, (number, lacking)) in &self.lacking {
            let recorded = self.erased.get(batch).copied().unwrap_or_default();
            if recorded < *lacking {
                unrecorded.push((*number, *batch, *lacking, recorded));
            }
        }
        for (number, batch, lacking, recorded) in unrecorded {
            self.found(number, Some(batch), format!("{lacking} persons were taken out of it, and erasures tell of {recorded}"));
        }
        self.report.findings.sort_by_key(|finding| finding.number);
    }
}
