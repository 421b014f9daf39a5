//! Checkpoints: signed words on where the chain stood. One that lies outside the database shows that the end was cut off,
//! or everything rewritten.

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{Signature, Signer, Verifier};
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Error;
use super::batch::Hash;
use super::tables::{self, Head, hexadecimal};

/// The key that signs.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The key that tells whether a signature is its own.
#[derive(Clone)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the key file {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// It is no such key.
    #[error("{0} is no Ed25519 key in PEM; make one with `civigrid token key`, or `openssl genpkey -algorithm ed25519`")]
    Pem(PathBuf),
}

impl SigningKey {
    /// Reads a private key (PKCS#8 in PEM).
    ///
    /// # Errors
    /// If the file cannot be read or holds no such key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|error| KeyError::File(path.to_owned(), error))?;
        ed25519_dalek::SigningKey::from_pkcs8_pem(&text).map(Self).map_err(|_| KeyError::Pem(path.to_owned()))
    }

    /// The key that checks its signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }
}

impl PublicKey {
    /// Reads a public key, or the public part of a private one.
    ///
    /// # Errors
    /// If the file cannot be read or holds no such key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|error| KeyError::File(path.to_owned(), error))?;
        let public = ed25519_dalek::VerifyingKey::from_public_key_pem(&text).map(Self);
        public.or_else(|_| SigningKey::read(path).map(|key| key.public()))
    }

    /// What checkpoints call the key.
    pub fn id(&self) -> String {
        hexadecimal(&Sha256::digest(self.0.as_bytes())[..8])
    }
}

/// That the chain had this hash at this number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The number of the last batch.
    pub number: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The hash of its link, in hexadecimal digits.
    pub hash: String,
    /// The key that signed.
    pub key: String,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

impl Checkpoint {
    pub(super) fn sign(head: &Head, now: DateTime<Utc>, key: &SigningKey) -> Self {
        let (number, at, hash) = (head.number, now.timestamp_micros(), hexadecimal(&head.hash));
        let signature = hexadecimal(&key.0.sign(text(number, at, &hash).as_bytes()).to_bytes());
        Self { number, at, hash, key: key.public().id(), signature }
    }

    /// True if the key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let signature = bytes(&self.signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| key.0.verify(text(self.number, self.at, &self.hash).as_bytes(), &signature).is_ok())
    }

    pub(super) fn holds(&self, hash: &Hash) -> bool {
        self.hash == hexadecimal(hash)
    }

    /// Keeps it in the database, unless one stands there for the number.
    pub(super) async fn keep(&self, connection: &impl ConnectionTrait) -> Result<(), Error> {
        const KEEP: &str = "INSERT INTO audit_checkpoints (number, at, hash, key_id, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (number) DO NOTHING";
        let part = |text: &str| bytes(text).unwrap_or_default();
        let values: [Value; 5] =
            [self.number.into(), self.at.into(), part(&self.hash).into(), self.key.as_str().into(), part(&self.signature).into()];
        tables::execute(connection, KEEP, values).await?;
        Ok(())
    }

    /// Those in the database, by number.
    pub(super) async fn kept(connection: &impl ConnectionTrait) -> Result<Vec<Self>, Error> {
        let rows =
            tables::rows(connection, "SELECT number, at, hash, key_id, signature FROM audit_checkpoints ORDER BY number", []).await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(Self {
                number: row.try_get("", "number")?,
                at: row.try_get("", "at")?,
                hash: hexadecimal(&row.try_get::<Vec<u8>>("", "hash")?),
                key: row.try_get("", "key_id")?,
                signature: hexadecimal(&row.try_get::<Vec<u8>>("", "signature")?),
            })
        };
        rows.iter().map(read).collect()
    }
}

fn text(number: i64, at: i64, hash: &str) -> String {
    format!("civigrid audit checkpoint 1\n{number}\n{at}\n{hash}\n")
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// A file outside the database, with a checkpoint a line. It is only ever added to.
#[derive(Clone, Debug)]
pub struct CheckpointFile(pub PathBuf);

impl CheckpointFile {
    /// Adds a checkpoint, and waits until it is on disk.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        let told = |error| Error::File(self.0.display().to_string(), error);
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0).map_err(told)?;
        // Written at once, so that no other server's line comes in between.
        let line = serde_json::to_string(checkpoint).unwrap_or_default() + "\n";
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(told)
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is no checkpoint.
    pub fn read(&self) -> Result<Vec<Checkpoint>, Error> {
        let name = || self.0.display().to_string();
        let text = std::fs::read_to_string(&self.0).map_err(|error| Error::File(name(), error))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(index, line)| serde_json::from_str(line).map_err(|_| Error::Line(name(), index + 1))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_holds_only_as_it_was_signed() {
        let key = SigningKey(ed25519_dalek::SigningKey::from_bytes(&[7; 32]));
        let head = Head { number: 5, hash: [3; 32], indexed: 5 };
        let checkpoint = Checkpoint::sign(&head, DateTime::from_timestamp(1, 0).expect("an instant"), &key);
        assert!(checkpoint.is_signed_by(&key.public()) && checkpoint.holds(&[3; 32]));
        let other = SigningKey(ed25519_dalek::SigningKey::from_bytes(&[8; 32]));
        assert!(!checkpoint.is_signed_by(&other.public()));
        assert!(!Checkpoint { number: 6, ..checkpoint.clone() }.is_signed_by(&key.public()));
        assert!(!Checkpoint { signature: "zz".to_owned(), ..checkpoint }.is_signed_by(&key.public()));
    }
}
