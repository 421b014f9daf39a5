//! Digests that only who holds the key can make: by them figures are rounded and tokens stand for values.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::catalog::{Field, Register};
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

/// Makes the tokens that stand in place of values: for one audience, so that what two clients hold cannot be matched.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'k> {
    key: &'k Key,
    audience: &'k str,
}

impl<'k> Tokens<'k> {
    /// The tokens of an audience: a client application, or an empty text for all callers without one.
    pub const fn new(key: &'k Key, audience: &'k str) -> Self {
        Self { key, audience }
    }

    /// The token of a field's value: 22 letters, digits, `-` and `_`.
    pub fn token(&self, register: &Register, field: &Field, value: &str) -> String {
        let parts = ["token", self.audience, register.name, field.name, value];
        let digest = self.key.digest(&parts.map(str::as_bytes));
        URL_SAFE_NO_PAD.encode(&digest[..16])
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
