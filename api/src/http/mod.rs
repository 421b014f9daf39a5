//! GraphQL over HTTP, and what else the server answers. Only this folder and `app` know axum.
//!
//! A request passes one layer, [`edge`], which names it, bounds its time, catches panics, counts and logs it, and writes
//! every refusal in one form. Handlers return what they found.

pub mod authentication;
mod backend;
mod cors;
pub mod desk;
mod edge;
mod explain;
mod graphql;
mod health;
mod listen;
mod metrics;
mod negotiation;
pub mod officer;
mod operations;
mod outward;
mod page;
mod peer;
mod persisted;
mod probe;
mod quota;
mod rate_limit;
mod refusal;
mod refusal_guide;
mod request_id;
mod schema;
mod slow;
#[cfg(test)]
mod tests;
mod traces;
mod wordings;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};

use crate::clock::Clock;
use crate::config::Config;
use crate::graph::{Engine, Uptake};
use crate::language::Language;
use crate::policy::Policy;
use crate::store::{self, Database, accounts};
use authentication::Authenticator;
use backend::Backend;
use metrics::Metrics;
use page::Page;
use persisted::PersistedDocuments;
use quota::Quotas;
use rate_limit::RateLimits;
use refusal::{Code, Refusal};

pub use listen::serve;
pub use probe::{Unwell, probe};
pub use refusal_guide::{RefusalEntry, refusal_guide};
pub use traces::{Error as TracesError, Traces};

/// What the handlers share.
pub struct Service {
    backend: Backend,
    clock: Clock,
    authenticator: Authenticator,
    rate_limits: Option<RateLimits>,
    quotas: Quotas,
    persisted: PersistedDocuments,
    metrics: Metrics,
    page: Page,
    traces: Option<Traces>,
    body_bytes: usize,
    language: Language,
    request_timeout: Duration,
    slow_query: Duration,
}

impl Service {
    /// Puts the parts together.
    pub fn new(
        config: &Config,
        clock: Clock,
        database: Database,
        engine: Engine,
        authenticator: Authenticator,
        traces: Option<Traces>,
    ) -> Self {
        Self { traces, ..Self::over(Backend::Real { engine: Box::new(engine), database }, config, clock, authenticator) }
    }

    fn over(backend: Backend, config: &Config, clock: Clock, authenticator: Authenticator) -> Self {
        let started = clock.now().instant;
        Self {
            backend,
            clock,
            authenticator,
            quotas: Quotas::default(),
            persisted: PersistedDocuments::new(config.limits.persisted_bytes),
            rate_limits: config.rate_limit.enabled.then(|| RateLimits::new(&config.rate_limit)),
            metrics: Metrics::new(config.server.metrics_operations, started),
            page: Page::new(),
            traces: None,
            body_bytes: config.server.body_bytes,
            language: config.server.language,
            request_timeout: config.server.request_timeout(),
            slow_query: Duration::from_millis(config.log.slow_query_ms),
        }
    }

    /// Looks whether regions have changed; a failure leaves the tree as it is until the next look.
    pub async fn refresh(&self) {
        if let Err(error) = self.backend.refresh().await {
            tracing::warn!(%error, "the region tree could not be looked at");
        }
    }

    /// Fetches the issuers' keys before the first request. What does not come now is tried again later.
    pub async fn first_keys(&self) {
        self.authenticator.first_keys(self.clock.now().instant).await;
    }

    /// Begins the fetches of keys that are due.
    pub fn refresh_keys(&self) {
        self.authenticator.refresh_keys(self.clock.now().instant);
    }

    /// Puts a policy into force for every request that begins from now on.
    pub fn enforce(&self, policy: Policy) {
        let roles: Vec<String> = policy.roles().map(|(role, _)| role.to_owned()).collect();
        self.backend.enforce(policy);
        self.authenticator.know_roles(roles);
    }

    /// Looks whether the register of accounts has changed. The copy at hand is believed for a few seconds without this,
    /// and then not at all.
    ///
    /// # Errors
    /// If the register cannot be read.
    pub async fn refresh_accounts(&self, watch: &mut accounts::Watch) -> Result<(), store::Error> {
        let looked_at = tokio::time::Instant::now();
        let accounts = watch.look(self.clock.now().instant).await?;
        if let Some(accounts) = &accounts {
            self.backend.agree(accounts.agreements());
        }
        self.authenticator.install_accounts(accounts, looked_at);
        Ok(())
    }

    /// Tells of changes to what servers keep copies of.
    pub fn uptake(&self) -> Option<Arc<Uptake>> {
        self.backend.uptake()
    }

    /// What has to be done now and then: key files, histograms, forgotten callers.
    pub fn tidy(&self) {
        self.authenticator.reload_keys();
        self.metrics.tidy();
        self.quotas.tidy(self.clock.now().today);
        if let Some(limits) = &self.rate_limits {
            limits.tidy();
        }
    }
}

/// Makes counters count. Called before the parts are built, since they take their counters then.
pub fn start_counting() {
    metrics::exporter();
}

/// Every route.
pub fn router(service: Arc<Service>, config: &Config) -> Router {
    let mut routes = Router::new()
        .route("/", get(page::show))
        .route("/graphql", get(graphql::get).post(graphql::post))
        .route("/explain", post(explain::show))
        .route("/schema.graphql", get(schema::show))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready));
    if config.server.metrics {
        routes = routes.route("/metrics", get(metrics::show));
    }
    let routes = routes
        .fallback(async || Refusal::new(Code::NotFound))
        .method_not_allowed_fallback(async || Refusal::new(Code::MethodNotAllowed))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&service), edge::edge))
        .with_state(service);
    // Outside the edge: the browser's preliminary questions are no requests of anybody.
    match cors::layer(&config.server.cors_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}
