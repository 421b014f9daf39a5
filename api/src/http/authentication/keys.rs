//! Keys: the only file that signs and verifies. Every key has one algorithm, fixed by what kind of key it is and never by
//! what a token asks for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde::Deserialize;
use serde_json::json;

use super::Claims;
use super::claims::is_key_id;

/// The shortest RSA modulus, in bytes: 2,048 bits.
const SHORTEST_RSA: usize = 256;

/// A key that tells whether a signature is its own.
pub(super) struct VerifyingKey {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl VerifyingKey {
    /// The shared secret of development.
    pub(super) fn development(secret: &str) -> Self {
        Self { algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret.as_bytes()) }
    }

    /// The algorithm's name in a token's header.
    pub(super) fn algorithm(&self) -> &'static str {
        name(self.algorithm)
    }

    /// True if the signature of the text is this key's.
    pub(super) fn verifies(&self, signed: &str, signature: &str) -> bool {
        crypto::verify(signature, signed.as_bytes(), &self.key, self.algorithm).unwrap_or(false)
    }
}

fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EdDSA => "EdDSA",
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        Algorithm::HS256 => "HS256",
        _ => "none of ours",
    }
}

/// A JSON Web Key, as far as we read it (RFC 7517, 7518, 8037).
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    /// The private part. It must not lie about, so a set that has it is refused.
    d: Option<serde::de::IgnoredAny>,
}

/// Why a key is none that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is sound, as far as we know, but not made for our tokens: sign-in services publish such keys beside ours.
    Foreign(&'static str),
    /// Whoever made it made a mistake.
    Broken(&'static str),
}

impl Unusable {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Foreign(text) | Self::Broken(text) => text,
        }
    }
}

impl Jwk {
    /// The key and its id, or why it is none that can be used.
    pub(super) fn verifying_key(self) -> Result<(String, VerifyingKey), Unusable> {
        use Unusable::{Broken, Foreign};
        if self.d.is_some() {
            return Err(Broken("it holds a private key; publish only its public part"));
        }
        if self.purpose.is_some_and(|purpose| purpose != "sig") {
            return Err(Foreign("its use is not sig"));
        }
        let kid = self.kid.filter(|kid| is_key_id(kid)).ok_or(Foreign("its kid must be 1 to 128 of the signs A-Z a-z 0-9 . _ -"))?;
        let part = |part: Option<String>| part.ok_or(Broken("it lacks a part of the key"));
        let (algorithm, key) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, DecodingKey::from_ed_components(&part(self.x)?)),
            ("EC", Some("P-256")) => (Algorithm::ES256, DecodingKey::from_ec_components(&part(self.x)?, &part(self.y)?)),
            ("RSA", _) => {
                let modulus = part(self.n)?;
                if URL_SAFE_NO_PAD.decode(&modulus).is_ok_and(|modulus| modulus.len() < SHORTEST_RSA) {
                    return Err(Foreign("an RSA key must have 2048 bits or more"));
                }
                (Algorithm::RS256, DecodingKey::from_rsa_components(&modulus, &part(self.e)?))
            }
            _ => return Err(Foreign("only Ed25519, P-256 and RSA keys are known")),
        };
        if self.alg.is_some_and(|alg| alg != name(algorithm)) {
            return Err(Foreign("its alg is not the one of its kind (EdDSA, ES256, RS256)"));
        }
        Ok((kid, VerifyingKey { algorithm, key: key.map_err(|_| Broken("its parts are not base64url"))? }))
    }
}

/// A key that signs tokens, for the command line and for tests.
pub struct SigningKey {
    algorithm: Algorithm,
    kid: String,
    key: EncodingKey,
}

impl SigningKey {
    /// The id of the development secret.
    pub const DEVELOPMENT_KID: &str = "development";

    /// The shared secret of development.
    pub fn development(secret: &str) -> Self {
        Self { algorithm: Algorithm::HS256, kid: Self::DEVELOPMENT_KID.to_owned(), key: EncodingKey::from_secret(secret.as_bytes()) }
    }

    /// A private key in PEM (PKCS#8): Ed25519, P-256 or RSA. None if it is none of these or `kid` is no key id.
    pub fn from_pem(pem: &str, kid: &str) -> Option<Self> {
        let bytes = pem.as_bytes();
        let tries = [
            (Algorithm::EdDSA, EncodingKey::from_ed_pem(bytes)),
            (Algorithm::ES256, EncodingKey::from_ec_pem(bytes)),
            (Algorithm::RS256, EncodingKey::from_rsa_pem(bytes)),
        ];
        let (algorithm, key) = tries.into_iter().find_map(|(algorithm, key)| Some((algorithm, key.ok()?)))?;
        is_key_id(kid).then(|| Self { algorithm, kid: kid.to_owned(), key })
    }

    /// The same key under another id.
    #[cfg(test)]
    pub(super) fn renamed(self, kid: &str) -> Self {
        Self { kid: kid.to_owned(), ..self }
    }

    /// The signed token.
    pub fn sign(&self, claims: &Claims) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        self.sign_json(&serde_json::to_value(claims)?)
    }

    pub(super) fn sign_json(&self, claims: &serde_json::Value) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let header = json!({ "typ": "JWT", "alg": name(self.algorithm), "kid": self.kid });
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = crypto::sign(signed.as_bytes(), &self.key, self.algorithm)?;
        Ok(format!("{signed}.{signature}"))
    }
}

/// A new Ed25519 key: the private key in PEM, and the JWKS text with its public part.
pub fn new_key_pair(kid: &str) -> Result<(String, String), Box<dyn std::error::Error + Send + Sync>> {
    let pair = ed25519_dalek::SigningKey::from_bytes(&rand::random());
    let pem = pair.to_pkcs8_pem(LineEnding::LF)?.to_string();
    let x = URL_SAFE_NO_PAD.encode(pair.verifying_key().as_bytes());
    let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x }] });
    Ok((pem, format!("{jwks:#}\n")))
}
