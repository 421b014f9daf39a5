//! Batches: the records of one moment, and the persons they mention.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::record::{Entry, Stored};

/// Bytes of one mention: a mark, and a salt with a key, or the hash that was made of them.
pub(super) const MENTION: usize = 33;
/// Marks a mention that names somebody.
const NAMED: u8 = 1;
/// Marks one that was erased.
const ERASED: u8 = 0;

/// A hash of the chain.
pub(super) type Hash = [u8; 32];

/// Records that were committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Key; it begins with the time.
    pub id: Uuid,
    /// Microseconds since 1970.
    pub at: i64,
    /// How many records it holds.
    pub records: i32,
    /// The records, a line of JSON each.
    pub body: Vec<u8>,
    /// The mentions of all records, in their order.
    pub mentions: Vec<u8>,
}

/// Why a batch cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// A line is no record.
    #[error("line {0} is no record")]
    Line(usize),
    /// The number of lines is not what the batch says.
    #[error("it holds {0} records and says {1}")]
    Records(usize, i32),
    /// The mentions are not as many as the records say, or not whole.
    #[error("its mentions of persons do not fit its records")]
    Mentions,
}

/// A person as a batch mentions them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    Named(Uuid),
    Erased,
}

/// A record of a batch with its persons.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) record: Stored,
    pub(super) caller: Option<Mention>,
    pub(super) subjects: Vec<Mention>,
}

impl Batch {
    /// Puts entries together; there must be one at least.
    pub(super) fn seal(entries: &[Entry]) -> Self {
        let at = entries.iter().map(|entry| entry.at).max().unwrap_or_default();
        let mut body = Vec::with_capacity(entries.iter().map(|entry| entry.line.len()).sum());
        let mut mentions = Vec::with_capacity(entries.iter().map(|entry| entry.persons.len() * MENTION).sum());
        for entry in entries {
            body.extend_from_slice(&entry.line);
            for person in &entry.persons {
                mentions.push(NAMED);
                mentions.extend_from_slice(&rand::random::<[u8; 16]>());
                mentions.extend_from_slice(person.as_bytes());
            }
        }
        let instant = chrono::DateTime::from_timestamp_micros(at).unwrap_or_default();
        let records = i32::try_from(entries.len()).unwrap_or(i32::MAX);
        Self { id: super::record::key(instant), at, records, body, mentions }
    }

    /// What the chain holds of the batch. It is the same before and after an erasure.
    pub(super) fn digest(&self) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(b"civigrid audit batch 1");
        hasher.update(self.id.as_bytes());
        hasher.update(self.at.to_be_bytes());
        hasher.update(self.records.to_be_bytes());
        hasher.update((self.body.len() as u64).to_be_bytes());
        hasher.update(&self.body);
        for mention in self.mentions.chunks(MENTION) {
            match mention.split_first() {
                Some((&ERASED, hash)) => hasher.update(hash),
                _ => hasher.update(hidden(mention)),
            }
        }
        hasher.finalize().into()
    }

    /// How many mentions were erased.
    pub(super) fn erased(&self) -> u32 {
        let erased = self.mentions.chunks(MENTION).filter(|mention| mention.first() == Some(&ERASED)).count();
        u32::try_from(erased).unwrap_or(u32::MAX)
    }

    /// Takes a person out; says of how many mentions.
    pub(super) fn erase(&mut self, person: Uuid) -> u32 {
        let mut erased = 0;
        for mention in self.mentions.chunks_exact_mut(MENTION) {
            if mention[0] == NAMED && mention[17..] == *person.as_bytes() {
                let hash = hidden(mention);
                mention[0] = ERASED;
                mention[1..].copy_from_slice(&hash);
                erased += 1;
            }
        }
        erased
    }

    /// The records with their persons.
    ///
    /// # Errors
    /// If the batch is not what `seal` makes.
    pub(super) fn open(&self) -> Result<Vec<Opened>, BatchError> {
        if !self.mentions.len().is_multiple_of(MENTION) {
            return Err(BatchError::Mentions);
        }
        let mut mentions = self.mentions.chunks(MENTION).map(|mention| match mention.first() {
            Some(&NAMED) => Uuid::from_slice(&mention[17..]).map(Mention::Named).map_err(|_| BatchError::Mentions),
            Some(&ERASED) => Ok(Mention::Erased),
            _ => Err(BatchError::Mentions),
        });
        let mut opened = Vec::new();
        for (index, line) in self.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate() {
            let record: Stored = serde_json::from_slice(line).map_err(|_| BatchError::Line(index + 1))?;
            record.instant().ok_or(BatchError::Line(index + 1))?;
            let caller = if record.caller { Some(mentions.next().ok_or(BatchError::Mentions)??) } else { None };
            let subjects = mentions.by_ref().take(record.subjects).collect::<Result<Vec<_>, _>>()?;
            if subjects.len() != record.subjects {
                return Err(BatchError::Mentions);
            }
            opened.push(Opened { record, caller, subjects });
        }
        if mentions.next().is_some() {
            return Err(BatchError::Mentions);
        }
        if i32::try_from(opened.len()) != Ok(self.records) {
            return Err(BatchError::Records(opened.len(), self.records));
        }
        Ok(opened)
    }
}

/// The hash of a mention that names somebody: without the salt, nobody can tell whom.
fn hidden(mention: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"civigrid audit mention");
    hasher.update(mention);
    hasher.finalize().into()
}

/// The hash of a link: it holds the number, all that came before, and the batch.
pub(super) fn linked(number: i64, previous: &Hash, digest: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"civigrid audit link 1");
    hasher.update(number.to_be_bytes());
    hasher.update(previous);
    hasher.update(digest);
    hasher.finalize().into()
}

/// What stands before the first link.
pub(super) const GENESIS: Hash = [0; 32];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Kind, Record};
    use crate::policy::Caller;

    fn batch(subjects: &[Vec<Uuid>]) -> Batch {
        let caller = Caller { person: Some(Uuid::from_u128(99)), ..Caller::anonymous() };
        let now = chrono::DateTime::from_timestamp(1_780_000_000, 0).expect("an instant");
        let entry = |subjects: &Vec<Uuid>| Entry::of(Record::new(Kind::Read, now, &caller), &caller, subjects.clone());
        Batch::seal(&subjects.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn a_batch_gives_back_what_was_put_in() {
        let person = Uuid::from_u128;
        let opened = batch(&[vec![person(2), person(1), person(2)], vec![]]).open().expect("whole");
        assert_eq!(opened[0].subjects, [Mention::Named(person(1)), Mention::Named(person(2))]);
        assert_eq!(opened[1].caller, Some(Mention::Named(person(99))));
        assert!(opened[1].subjects.is_empty());
    }

    #[test]
    fn erasing_somebody_changes_no_hash_and_leaves_nothing_to_guess_by() {
        let person = Uuid::from_u128;
        let before = batch(&[vec![person(1), person(2)], vec![person(1)]]);
        let mut after = before.clone();
        assert_eq!(after.erase(person(1)), 2);
        assert_eq!((after.erase(person(1)), after.erased()), (0, 2));
        assert_eq!(after.digest(), before.digest());
        assert!(!after.mentions.windows(16).any(|bytes| bytes == person(1).as_bytes()));
        assert_eq!(after.open().expect("whole")[0].subjects, [Mention::Erased, Mention::Named(person(2))]);
        let again = batch(&[vec![person(1)]]);
        let mut again = (again.clone(), again).0;
        again.erase(person(1));
        assert_ne!(again.mentions[34..66], after.mentions[34..66], "the same person leaves another hash each time");
    }

    #[test]
    fn every_bit_of_a_batch_counts() {
        let whole = batch(&[vec![Uuid::from_u128(1)], vec![Uuid::from_u128(2)]]);
        for index in 0..whole.body.len() {
            let mut changed = whole.clone();
            changed.body[index] ^= 1;
            assert_ne!(changed.digest(), whole.digest(), "byte {index} of the body");
        }
        for index in 0..whole.mentions.len() {
            let mut changed = whole.clone();
            changed.mentions[index] ^= 4;
            assert_ne!(changed.digest(), whole.digest(), "byte {index} of the mentions");
        }
    }
}
