//! Digests that only who holds the key can make: by them figures are rounded and tokens stand for values.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The deployment's key for digests. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Vec<u8>);

/// What a key makes of some parts.
pub type Digest = [u8; 32];

impl Key {
    /// Takes a key.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// HMAC-SHA256 of the parts, each led by its length, so that parts cut otherwise never give the same digest. The first part says
    /// what the digest is for, so that those of one purpose tell nothing of those of another.
    pub fn digest(&self, parts: &[&[u8]]) -> Digest {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// What stands for a value of a register's field: equal for equal values, and telling nothing else to who does not hold the key.
    pub fn token(&self, register: &str, field: &str, value: &str) -> String {
        let digest = self.digest(&[b"token", register.as_bytes(), field.as_bytes(), value.as_bytes()]);
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A number below `bound` that the parts alone decide; as good as drawn at random for who does not hold the key. `bound` must
    /// not be 0.
    pub fn draw(&self, parts: &[&[u8]], bound: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.digest(parts);
        // The remainder of 64 bits favours no number by more than bound / 2^64.
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % bound
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_parts_give_equal_digests_and_parts_cut_otherwise_do_not() {
        let key = Key::new(*b"a key of thirty-two bytes or more");
        assert_eq!(key.digest(&[b"token", b"person", b"x"]), key.digest(&[b"token", b"person", b"x"]));
        assert_ne!(key.digest(&[b"token", b"person", b"x"]), key.digest(&[b"token", b"perso", b"nx"]));
        assert_ne!(key.digest(&[b"token", b"x"]), key.digest(&[b"round", b"x"]));
        assert_ne!(key.digest(&[b"token"]), Key::new(*b"another key").digest(&[b"token"]));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn every_number_below_the_bound_is_drawn() {
        let key = Key::new(*b"key");
        let drawn: std::collections::BTreeSet<u64> = (0_u32..500).map(|n| key.draw(&[&n.to_be_bytes()], 10)).collect();
        assert_eq!(drawn, (0..10).collect());
    }
}
