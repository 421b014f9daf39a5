//! Where the registers are, and what the program tells about itself.

use serde::Deserialize;

use super::Secret;

/// Where the registers are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://user:password@host/name` or `sqlite:file.sqlite`; also from a file, as `url_file`.
    pub url: Secret,
    /// The most connections at once.
    pub max_connections: u32,
    /// The longest to wait for a free connection, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// The longest one statement may run before the database stops it, in milliseconds.
    pub statement_timeout_ms: u64,
    /// Results of statistics that took this long or longer are kept while nothing that they were read from changes, in
    /// milliseconds; on PostgreSQL only.
    pub keep_statistics_after_ms: u64,
    /// The most memory for such results; 0 keeps none.
    pub kept_statistics_megabytes: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: Secret::new("postgres://civigrid@localhost/civigrid"),
            max_connections: 16,
            acquire_timeout_ms: 5_000,
            statement_timeout_ms: 10_000,
            keep_statistics_after_ms: 20,
            kept_statistics_megabytes: 32,
        }
    }
}

impl Database {
    /// True for the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.url.expose().starts_with("sqlite:")
    }

    /// True for a server that is reached over a network.
    pub(super) fn is_remote(&self) -> bool {
        let Some((_, rest)) = self.url.expose().split_once("://") else { return false };
        let place = rest.split(['/', '?']).next().unwrap_or_default();
        let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
        let local = ["localhost", "127.0.0.1", "[::1]"];
        !host.is_empty() && !host.starts_with(':') && !local.iter().any(|name| host == *name || host.starts_with(&format!("{name}:")))
    }

    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        let url = self.url.expose();
        if !["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme)) {
            // The address may hold a password, so it is not repeated.
            problems.push("database.url: must begin with postgres:// or sqlite:".to_owned());
        }
        if self.max_connections == 0 {
            problems.push("database.max_connections: must be more than 0".to_owned());
        }
    }
}

/// What the program tells about itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// One JSON object or one line of text per event.
    pub format: LogFormat,
    /// Which events, in the notation of `tracing` (`info`, `civigrid=debug,info`).
    pub filter: String,
    /// Requests that take this long or longer are logged with their statements, in milliseconds; 0 logs every one.
    pub slow_query_ms: u64,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info".to_owned(), slow_query_ms: 1_000 }
    }
}

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object per line, for machines.
    Json,
    /// One line of text, for people.
    Text,
}
