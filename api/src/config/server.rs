//! How the server listens.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;

use crate::language::Language;

/// How the server listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Origins whose pages may call from a browser (`https://screens.example`); `*` allows all.
    pub cors_origins: Vec<String>,
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// The longest a request may take, in milliseconds.
    pub request_timeout_ms: u64,
    /// The longest a client may take to send a request's head, and a kept connection may be idle, in milliseconds.
    pub header_timeout_ms: u64,
    /// The most connections at once; more wait to be accepted.
    pub max_connections: usize,
    /// How long running requests may go on after the signal to stop, in milliseconds.
    pub shutdown_grace_ms: u64,
    /// The language of messages for those whose `Accept-Language` names none of ours: `en` or `zh`.
    pub language: Language,
    /// True to answer `GET /metrics`, which tells no data but how much the server does.
    pub metrics: bool,
    /// How many operation names get figures of their own in the metrics; further ones count as `other`.
    pub metrics_operations: usize,
    /// True once something in front of the server speaks TLS; `serve --check` then no longer asks for it.
    pub tls_in_front: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            cors_origins: Vec::new(),
            body_bytes: 256 * 1024,
            request_timeout_ms: 15_000,
            header_timeout_ms: 30_000,
            max_connections: 10_000,
            shutdown_grace_ms: 20_000,
            language: Language::English,
            metrics: true,
            metrics_operations: 100,
            tls_in_front: false,
        }
    }
}

impl Server {
    /// The longest a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    /// How long running requests may go on after the signal to stop.
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_millis(self.shutdown_grace_ms)
    }

    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        for (name, zero) in [
            ("body_bytes", self.body_bytes == 0),
            ("request_timeout_ms", self.request_timeout_ms == 0),
            ("header_timeout_ms", self.header_timeout_ms == 0),
            ("max_connections", self.max_connections == 0),
        ] {
            if zero {
                problems.push(format!("server.{name}: must be more than 0"));
            }
        }
        for origin in &self.cors_origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if origin != "*" && !host.is_some_and(|host| !host.is_empty() && !host.contains('/') && host.is_ascii()) {
                problems.push(format!(
                    "server.cors_origins: {origin:?} is no origin; write it like \"https://screens.example\", without a path"
                ));
            }
        }
    }
}
