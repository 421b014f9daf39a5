//! What is not safe for production in settings that are otherwise valid: `civigrid serve --check`.

use super::{Config, LogFormat};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Works, but somebody should have meant it.
    Advice,
    /// Must not face people whose data it holds.
    Dangerous,
}

/// Something that is not as production wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub danger: Danger,
    /// The setting.
    pub setting: &'static str,
    /// What it means, and what to do.
    pub text: String,
}

impl Config {
    /// What is not safe for production.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut found = |danger, setting, text: &str| findings.push(Finding { danger, setting, text: text.to_owned() });
        use Danger::{Advice, Dangerous};
        if self.authentication.dangerous_development_secret.is_some() {
            found(Dangerous, "authentication.dangerous_development_secret", "whoever reads it can be anyone; name issuers instead");
        }
        if self.authentication.issuers.is_empty() {
            found(Advice, "authentication.issuers", "is empty, so nobody can sign in but by the development secret");
        }
        if self.authentication.issuers.iter().any(super::Issuer::keys_are_unprotected) {
            found(Advice, "authentication.issuers", "fetches keys over an unprotected line; it must lead no further than this machine");
        }
        if self.server.cors_origins.iter().any(|origin| origin == "*") {
            found(Dangerous, "server.cors_origins", "lets every web page call; name the origins of your screens");
        } else if self.server.cors_origins.iter().any(|origin| origin.starts_with("http://")) {
            found(Dangerous, "server.cors_origins", "lets pages call that came over an unprotected line; use https://");
        }
        if self.database.is_sqlite() {
            found(Dangerous, "database.url", "is SQLite: one machine, one writer; production runs on PostgreSQL");
        } else if self.database.url.expose().contains("sslmode=disable") {
            found(Advice, "database.url", "switches encryption to the database off");
        }
        if !self.rate_limit.enabled {
            found(Dangerous, "rate_limit.enabled", "is false: one caller can use up the server");
        }
        self.limit_findings(&mut found);
        if self.log.format == LogFormat::Text {
            found(Advice, "log.format", "is text; log collectors read json");
        }
        if !self.server.listen.ip().is_loopback() {
            found(Advice, "server.listen", "is reachable from other machines; the server speaks plain HTTP, so put TLS in front of it");
            if self.server.metrics {
                found(Advice, "server.metrics", "answers everyone who reaches the server; let your proxy keep /metrics inside");
            }
        }
        findings
    }

    fn limit_findings(&self, found: &mut impl FnMut(Danger, &'static str, &str)) {
        let default = Self::default();
        for (setting, raised) in [
            ("limits.node_budget", self.limits.node_budget > default.limits.node_budget),
            ("limits.page_size", self.limits.page_size > default.limits.page_size),
            ("limits.depth", self.limits.depth > default.limits.depth),
            ("limits.document_bytes", self.limits.document_bytes > default.limits.document_bytes),
            ("limits.answer_bytes", self.limits.answer_bytes > default.limits.answer_bytes),
            ("server.body_bytes", self.server.body_bytes > 4 * default.server.body_bytes),
            ("server.request_timeout_ms", self.server.request_timeout_ms > 4 * default.server.request_timeout_ms),
        ] {
            if raised {
                found(Danger::Advice, setting, "is above its default; make sure one request cannot hold the server");
            }
        }
        if self.database.statement_timeout_ms == 0 {
            found(Danger::Dangerous, "database.statement_timeout_ms", "is 0: a statement can run for ever");
        } else if self.database.statement_timeout_ms > self.server.request_timeout_ms {
            found(Danger::Advice, "database.statement_timeout_ms", "is above server.request_timeout_ms: statements outlive their requests");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    #[test]
    fn what_is_dangerous_is_named() {
        let mut config = Config::default();
        assert!(config.findings().iter().all(|finding| finding.danger == Danger::Advice));
        config.authentication.dangerous_development_secret = Some(Secret::new("x".repeat(32)));
        config.server.cors_origins = vec!["*".to_owned()];
        config.database.url = Secret::new("sqlite:x.sqlite");
        config.rate_limit.enabled = false;
        let dangerous: Vec<_> =
            config.findings().iter().filter(|finding| finding.danger == Danger::Dangerous).map(|finding| finding.setting).collect();
        assert_eq!(dangerous, ["authentication.dangerous_development_secret", "server.cors_origins", "database.url", "rate_limit.enabled"]);
    }
}
