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
    pub setting: String,
    /// What it means, and what to do.
    pub text: String,
}

impl Config {
    /// What is not safe for production.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut found =
            |danger, setting: &str, text: &str| findings.push(Finding { danger, setting: setting.to_owned(), text: text.to_owned() });
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
        for issuer in self.authentication.issuers.iter().filter(|issuer| issuer.trusted_for_roles) {
            let text = format!("trusts {:?} for roles: whoever runs it decides who sees what here", issuer.issuer);
            found(Advice, "authentication.issuers", &text);
        }
        if self.server.cors_origins.iter().any(|origin| origin == "*") {
            found(Dangerous, "server.cors_origins", "lets every web page call; name the origins of your screens");
        } else if self.server.cors_origins.iter().any(|origin| origin.starts_with("http://")) {
            found(Dangerous, "server.cors_origins", "lets pages call that came over an unprotected line; use https://");
        }
        if self.database.is_sqlite() {
            found(Dangerous, "database.url", "is SQLite: one machine, one writer; production runs on PostgreSQL");
        } else if self.database.is_remote() && !self.database.url.expose().contains("sslmode=verify-full") {
            found(Advice, "database.url", "does not check that the database is the right one; add sslmode=verify-full");
        }
        if self.privacy.key.is_none() {
            let text = "is missing: each server draws one at every start, so that tokens and rounded figures of two servers, or of \
                yesterday and today, do not agree; `openssl rand -hex 32` makes one";
            found(Advice, "privacy.key", text);
        }
        if !self.rate_limit.enabled {
            found(Dangerous, "rate_limit.enabled", "is false: one caller can use up the server");
        }
        self.limit_findings(&mut found);
        self.output_findings(&mut found);
        super::changes::findings(&self.break_glass, &mut found);
        self.audit_findings(&mut found);
        if !self.server.listen.ip().is_loopback() {
            if !self.server.tls_in_front {
                let text = "is reachable from other machines, and the server speaks plain HTTP: tokens and data would travel readably; \
                    put TLS in front of it, then set server.tls_in_front = true";
                found(Dangerous, "server.listen", text);
            }
            if self.server.metrics {
                found(Advice, "server.metrics", "answers everyone who reaches the server; let your proxy keep /metrics inside");
            }
        }
        findings
    }

    fn audit_findings(&self, found: &mut impl FnMut(Danger, &str, &str)) {
        use Danger::{Advice, Dangerous};
        let audit = &self.audit;
        if !audit.enabled {
            found(Dangerous, "audit.enabled", "is false: nobody will know who read whose data");
            return;
        }
        if audit.checkpoint_key_file.is_none() {
            found(Advice, "audit.checkpoint_key_file", "is not set: whoever may write to the database can rewrite the audit log unseen");
        } else if audit.checkpoint_file.is_none() {
            found(
                Advice,
                "audit.checkpoint_file",
                "is not set: without a checkpoint outside the database nobody sees that the end was cut off",
            );
        }
        if audit.variables_secret.is_none() {
            found(
                Advice,
                "audit.variables_secret",
                "is not set: the audit log cannot tell whether two requests asked with the same values",
            );
        }
    }

    fn output_findings(&self, found: &mut impl FnMut(Danger, &str, &str)) {
        use Danger::Advice;
        if self.log.format == LogFormat::Text {
            found(Advice, "log.format", "is text; log collectors read json");
        }
        if ["debug", "trace"].iter().any(|level| self.log.filter.contains(level)) {
            found(Advice, "log.filter", "lets libraries log what they work on; production keeps to info");
        }
        if self.log.slow_query_ms == 0 {
            found(Advice, "log.slow_query_ms", "is 0: every request is logged with its statements");
        }
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]", "https://"];
        if self.traces.endpoint.as_ref().is_some_and(|endpoint| !local.iter().any(|start| endpoint.starts_with(start))) {
            found(Advice, "traces.endpoint", "is reached over an unprotected line; use https:// or a collector on this machine");
        }
    }

    fn limit_findings(&self, found: &mut impl FnMut(Danger, &str, &str)) {
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
        config.server.listen = ([0, 0, 0, 0], 8080).into();
        let dangerous: Vec<_> =
            config.findings().into_iter().filter(|finding| finding.danger == Danger::Dangerous).map(|finding| finding.setting).collect();
        assert_eq!(
            dangerous,
            ["authentication.dangerous_development_secret", "server.cors_origins", "database.url", "rate_limit.enabled", "server.listen"]
        );
        config.server.tls_in_front = true;
        assert!(config.findings().iter().all(|finding| finding.setting != "server.listen"));
    }

    #[test]
    fn what_somebody_should_have_meant_is_advice() {
        let told = |toml: &str| -> Vec<String> {
            let config = crate::config::Sources::default().text(toml).read().expect("valid");
            // What the defaults lack, every time.
            let lacking = ["authentication.issuers", "privacy.key", "audit.checkpoint_key_file", "audit.variables_secret"];
            let findings = config.findings().into_iter().filter(|finding| !lacking.contains(&finding.setting.as_str()));
            findings.map(|finding| format!("{:?} {}", finding.danger, finding.setting)).collect()
        };
        assert_eq!(told(""), [""; 0]);
        let unkeyed = Config::default().findings().iter().any(|finding| finding.setting == "privacy.key");
        let key = format!("[privacy]\nkey = \"{}\"", "k".repeat(32));
        let keyed = crate::config::Sources::default().text(&key).read().expect("valid").findings();
        assert!(unkeyed && keyed.iter().all(|finding| finding.setting != "privacy.key"));
        assert_eq!(told("[database]\nurl = \"postgres://a:b@db.example/c\""), ["Advice database.url"]);
        assert_eq!(told("[database]\nurl = \"postgres://a:b@db.example/c?sslmode=verify-full\""), [""; 0]);
        assert_eq!(told("[database]\nurl = \"postgres://a:b@127.0.0.1:5433/c\""), [""; 0]);
        assert_eq!(told("[database]\nstatement_timeout_ms = 0"), ["Dangerous database.statement_timeout_ms"]);
        assert_eq!(told("[log]\nslow_query_ms = 0\nfilter = \"debug\""), ["Advice log.filter", "Advice log.slow_query_ms"]);
        assert_eq!(told("[audit]\nenabled = false"), ["Dangerous audit.enabled"]);
        assert_eq!(told("[audit]\ncheckpoint_key_file = \"key.pem\""), ["Advice audit.checkpoint_file"]);
        assert_eq!(told("[traces]\nendpoint = \"http://collector.example/v1/traces\""), ["Advice traces.endpoint"]);
    }
}
