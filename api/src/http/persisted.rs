//! Documents that are named by their SHA-256 instead of being sent: those registered for a client, and those that callers
//! have sent before with their hash (Apollo's automatic persisted queries).
//!
//! Nothing can be kept under a hash that is not its own. What callers without a token send is kept apart, so that they push
//! out nobody's documents but each other's.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::Value;

use super::authentication::Session;
use super::refusal::{Code, Refusal};
use super::wordings;
use crate::store::clients::{Digest, digest_from_text, digest_of};

/// About how large a document is; only decides how the caches are laid out.
const USUAL_BYTES: u64 = 1_024;
/// What an entry takes beside its text.
const ENTRY_BYTES: u64 = 96;
/// Of what is kept, the part that callers without a token share.
const PART_OF_ANYONE: u64 = 4;

type Texts = Cache<Digest, Arc<str>, Bytes>;

pub(super) struct PersistedDocuments {
    /// Sent by callers with a token. None where nothing is to be kept.
    known: Option<Texts>,
    /// Sent by anyone.
    of_anyone: Option<Texts>,
}

/// The document of a request.
#[derive(Debug)]
pub(super) struct Found {
    /// Its text.
    pub(super) text: String,
    /// The hash to keep it by, once it has proved to be a document.
    pub(super) keep: Option<Digest>,
}

impl PersistedDocuments {
    pub(super) fn new(bytes: u64) -> Self {
        let texts = |bytes: u64| {
            let entries = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
            (bytes > 0).then(|| Cache::with_weighter(entries.max(16), bytes, Bytes))
        };
        let of_anyone = bytes / PART_OF_ANYONE;
        Self { known: texts(bytes - of_anyone), of_anyone: texts(of_anyone) }
    }

    /// The document that the request means by its text, its hash or both.
    pub(super) fn find(&self, session: &Session, text: Option<String>, hash: Option<Digest>) -> Result<Found, Refusal> {
        if let (Some(text), Some(hash)) = (&text, &hash)
            && digest_of(text) != *hash
        {
            return Err(Refusal::bad_request(wordings::hash_of_another()).hint(wordings::hash_the_text()));
        }
        let client = session.client.as_deref();
        let registered =
            |digest: &Digest| client.and_then(|client| client.document(digest)).map(|text| Found { text: text.to_string(), keep: None });
        if client.is_some_and(|client| client.confined) {
            let digest = hash.or_else(|| text.as_deref().map(digest_of)).ok_or_else(no_query)?;
            return registered(&digest).ok_or_else(|| Refusal::new(Code::UntrustedDocument));
        }
        match (text, hash) {
            (Some(text), keep) => Ok(Found { text, keep }),
            (None, Some(hash)) => registered(&hash).or_else(|| self.kept(&hash)).ok_or_else(|| Refusal::new(Code::PersistedQueryNotFound)),
            (None, None) => Err(no_query()),
        }
    }

    /// Keeps a document by its hash, for those who send the hash alone from now on.
    pub(super) fn keep(&self, session: &Session, digest: Digest, text: &str) {
        let texts = if session.caller.account.is_some() { &self.known } else { &self.of_anyone };
        // What is kept is not written again: who repeats it makes it no younger than its use does.
        if let Some(texts) = texts.as_ref().filter(|texts| texts.peek(&digest).is_none()) {
            texts.insert(digest, text.into());
        }
    }

    fn kept(&self, digest: &Digest) -> Option<Found> {
        let text = [&self.known, &self.of_anyone].into_iter().flatten().find_map(|texts| texts.get(digest))?;
        Some(Found { text: text.to_string(), keep: None })
    }
}

fn no_query() -> Refusal {
    Refusal::bad_request(wordings::no_query())
}

/// The hash in `extensions.persistedQuery`, as Apollo's protocol spells it.
pub(super) fn hash_in(extensions: Option<&Value>) -> Result<Option<Digest>, Refusal> {
    let Some(persisted) = extensions.and_then(|extensions| extensions.get("persistedQuery")).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let hash = (persisted["version"] == 1).then(|| persisted["sha256Hash"].as_str()).flatten().and_then(digest_from_text);
    hash.map(Some).ok_or_else(|| Refusal::bad_request(wordings::no_persisted_query()).hint(wordings::a_persisted_query()))
}

struct Bytes;

impl Weighter<Digest, Arc<str>> for Bytes {
    fn weight(&self, _: &Digest, text: &Arc<str>) -> u64 {
        text.len() as u64 + ENTRY_BYTES
    }
}

impl Clone for Bytes {
    fn clone(&self) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::{Account, Caller};

    fn session(known: bool) -> Session {
        let account = Account { issuer: "i".to_owned(), subject: "s".to_owned() };
        Session { caller: Caller { account: known.then_some(account), ..Caller::anonymous() }, label: String::new(), client: None }
    }

    fn document(number: usize) -> String {
        format!("query Q{number} {{ me {{ kind }} }} #{}", "x".repeat(900))
    }

    #[test]
    fn callers_without_a_token_push_out_each_others_documents_only() {
        let documents = PersistedDocuments::new(1 << 20);
        let (known, anyone) = (session(true), session(false));
        let kept = |session: &Session, numbers: std::ops::Range<usize>| {
            let found = |number: &usize| documents.find(session, None, Some(digest_of(&document(*number)))).is_ok();
            numbers.filter(found).count()
        };
        for number in 0..100 {
            documents.keep(&known, digest_of(&document(number)), &document(number));
        }
        assert_eq!(kept(&known, 0..100), 100);
        for number in 100..20_000 {
            documents.keep(&anyone, digest_of(&document(number)), &document(number));
        }
        assert_eq!(kept(&known, 0..100), 100, "a flood of others' documents changes nothing");
        let others = kept(&anyone, 100..20_000);
        assert!((10..300).contains(&others), "what they share is bounded: {others}");
        for number in 20_000..40_000 {
            documents.keep(&known, digest_of(&document(number)), &document(number));
        }
        assert!(kept(&known, 0..40_000) < 1_300, "so is what is kept in all");
    }

    #[test]
    fn a_hash_is_told_as_the_protocol_says_or_not_at_all() {
        let hash = "a".repeat(64);
        for nothing in [json!({}), json!({ "persistedQuery": null }), json!(null)] {
            assert!(hash_in(Some(&nothing)).expect("no hash").is_none(), "{nothing}");
        }
        assert!(hash_in(Some(&json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } }))).expect("a hash").is_some());
        for wrong in [
            json!({ "version": 2, "sha256Hash": hash }),
            json!({ "sha256Hash": hash }),
            json!({ "version": 1 }),
            json!({ "version": 1, "sha256Hash": 7 }),
            json!({ "version": 1, "sha256Hash": "../../etc/passwd" }),
            json!({ "version": 1, "sha256Hash": "a".repeat(63) }),
            json!([]),
            json!("x"),
            json!(true),
        ] {
            let refusal = hash_in(Some(&json!({ "persistedQuery": wrong }))).expect_err("refused");
            assert_eq!(refusal.code, Code::BadRequest, "{wrong}");
        }
    }

    #[test]
    fn nothing_is_kept_under_a_hash_that_is_not_its_own() {
        let documents = PersistedDocuments::new(1 << 20);
        let refusal = documents.find(&session(true), Some("{ a }".to_owned()), Some(digest_of("{ b }"))).expect_err("refused");
        assert_eq!(refusal.code, Code::BadRequest);
        let found = documents.find(&session(true), Some("{ a }".to_owned()), Some(digest_of("{ a }"))).expect("a document");
        assert_eq!(found.keep, Some(digest_of("{ a }")));
        let none = PersistedDocuments::new(0);
        none.keep(&session(true), digest_of("{ a }"), "{ a }");
        assert_eq!(none.find(&session(true), None, Some(digest_of("{ a }"))).expect_err("kept nowhere").code, Code::PersistedQueryNotFound);
    }
}
