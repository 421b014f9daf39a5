//! Where traces go.

use serde::Deserialize;

/// Where traces go: OTLP over HTTP. Nothing is traced without an endpoint.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Traces {
    /// The collector's address for traces, whole (`http://127.0.0.1:4318/v1/traces`).
    pub endpoint: Option<String>,
    /// The share of requests that are traced, from 0 to 1. A request that continues a trace does as that trace does.
    pub share: f64,
    /// The longest a delivery to the collector may take, in milliseconds.
    pub timeout_ms: u64,
    /// What the collector calls this program.
    pub service_name: String,
}

impl Default for Traces {
    fn default() -> Self {
        Self { endpoint: None, share: 1.0, timeout_ms: 5_000, service_name: "civigrid".to_owned() }
    }
}

impl Traces {
    pub(super) fn validate(&self, problems: &mut Vec<String>) {
        let Self { endpoint, share, timeout_ms, service_name } = self;
        if let Some(endpoint) = endpoint {
            let place = endpoint.strip_prefix("http://").or_else(|| endpoint.strip_prefix("https://"));
            if !place.is_some_and(|place| place.split_once('/').is_some_and(|(host, path)| !host.is_empty() && !path.is_empty())) {
                problems
                    .push(format!("traces.endpoint: {endpoint:?} is no whole address; write it like \"http://127.0.0.1:4318/v1/traces\""));
            }
        }
        if !(0.0..=1.0).contains(share) {
            problems.push("traces.share: must be from 0 to 1".to_owned());
        }
        if *timeout_ms == 0 || service_name.is_empty() {
            problems.push("traces: timeout_ms must be more than 0 and service_name must not be empty".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Sources;

    #[test]
    fn an_endpoint_is_a_whole_address() {
        for (endpoint, valid) in [
            ("http://127.0.0.1:4318/v1/traces", true),
            ("https://collector.example/v1/traces", true),
            ("127.0.0.1:4318", false),
            ("http://127.0.0.1:4318", false),
            ("grpc://127.0.0.1:4317/x", false),
        ] {
            let text = format!("[traces]\nendpoint = \"{endpoint}\"");
            assert_eq!(Sources::default().text(&text).read().is_ok(), valid, "{endpoint}");
        }
        let refusal = Sources::default().text("[traces]\nshare = 1.5").read().expect_err("refused").to_string();
        assert!(refusal.contains("traces.share: must be from 0 to 1"), "{refusal}");
    }
}
