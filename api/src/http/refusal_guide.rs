//! What clients are told about what HTTP itself refuses. The page on errors is written from it.

use super::refusal::Code;

/// One code, as the page on errors tells of it.
pub struct RefusalEntry {
    /// The status.
    pub status: u16,
    /// The code as clients see it.
    pub word: &'static str,
    /// When it comes.
    pub when: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// Every code of HTTP, by status.
pub fn refusal_guide() -> Vec<RefusalEntry> {
    let entry = |code: &Code| {
        let (when, remedy) = explained(*code);
        RefusalEntry { status: code.status().as_u16(), word: code.word(), when, remedy }
    };
    let mut entries: Vec<RefusalEntry> = Code::ALL.iter().map(entry).collect();
    entries.sort_by_key(|entry| (entry.status, entry.word));
    entries
}

fn explained(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadRequest => {
            ("no JSON, no `query`, `variables` no object, a list of requests", "`{\"query\": \"…\", \"variables\": {…}}`, one at a time")
        }
        Code::PersistedQueryNotFound => (
            "`extensions.persistedQuery` names a document that this server has not been sent, or has forgotten",
            "send `query` with it; Apollo's `PersistedQueryLink` and urql's `persistedExchange` do so by themselves",
        ),
        Code::Unauthenticated => (
            "a token or a client's key that does not hold, whatever is wrong with it, revoked and ended ones among them; `/explain` without one",
            "a current token, `Authorization: Bearer …`",
        ),
        Code::UntrustedDocument => (
            "the client is confined to documents that are registered for it, and this is none of them",
            "send a registered document or its hash; see [integrator.md](integrator.md)",
        ),
        Code::QuotaExceeded => {
            ("the client has used up its requests of the day", "wait for the seconds in `Retry-After`, which end with the deployment's day")
        }
        Code::Forbidden => ("`/explain` without the role `administrator`", "an account with that role"),
        Code::NotFound => ("another address", "the graph is at `/graphql`"),
        Code::MethodNotAllowed => ("another method", "one that `Allow` names"),
        Code::NotAcceptable => ("`Accept` allows no form of ours", "`application/graphql-response+json` or `application/json`"),
        Code::BodyTooLarge => ("the body", "ask for less at once"),
        Code::UnsupportedMediaType => ("the body is not declared as JSON in UTF-8", "`Content-Type: application/json`"),
        Code::RateLimited => ("too many requests", "wait for the seconds in `Retry-After`"),
        Code::Internal => ("a fault of the server", "give the `requestId` to the administrator"),
        Code::NotReady => (
            "`/health/ready` while the database does not answer; any request with a token while the server cannot learn for 5 s whether the token still holds",
            "try again in a moment",
        ),
        Code::Timeout => ("the whole request took too long", "ask for less"),
    }
}
