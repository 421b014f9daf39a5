//! Puts the parts together, for the program and for tests alike.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::audit::{self, CheckpointFile, Keeper, KeeperSettings, Log, LogSettings, SigningKey};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::graph::{BuildError, Engine, Limits};
use crate::http::authentication::{self, Authenticator};
use crate::http::officer::Officer;
use crate::http::{self, Service, Traces};
use crate::policy::Key;
use crate::store::{self, Database, accounts};

pub use policy::policy;

mod changes;
mod policy;
use policy::PolicyFile;

/// How often key files are looked at, histograms summed up and quiet callers forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(10);
/// How often the register of accounts is looked at, and whether keys are to be fetched.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Everything that serves, built and checked.
pub struct App {
    service: Arc<Service>,
    accounts: accounts::Watch,
    policy_file: Option<PolicyFile>,
    keeper: Option<Keeper>,
    router: Router,
    server: config::Server,
    /// Who is told of emergency access, and what changes are tended by.
    tending: (Option<Officer>, Database, Clock),
}

/// Why the parts do not come together.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy file cannot be read.
    #[error("cannot read the policy file {file}: {cause}")]
    PolicyFile {
        /// The file.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The policy cannot be used.
    #[error("the policy cannot be used:\n{0}")]
    Policy(String),
    /// The issuers' keys cannot be used.
    #[error(transparent)]
    Authentication(#[from] authentication::Error),
    /// The database cannot be reached.
    #[error("the database: {0}")]
    Database(#[from] store::Error),
    /// The key that signs the audit log's checkpoints cannot be used.
    #[error("audit.checkpoint_key_file: {0}")]
    CheckpointKey(#[from] audit::KeyError),
    /// Traces cannot be sent.
    #[error(transparent)]
    Traces(#[from] http::TracesError),
    /// The officer cannot be told anything.
    #[error("break_glass.notify_url cannot be used: {0}")]
    Officer(#[from] http::officer::Error),
    /// The engine cannot be built.
    #[error(transparent)]
    Engine(#[from] BuildError),
}

impl App {
    /// Reads the policy and the keys and connects the database.
    pub async fn build(config: &Config, clock: Clock) -> Result<Self, Error> {
        http::start_counting();
        let (policy, policy_file) = PolicyFile::open(config)?;
        let authenticator = Authenticator::new(&config.authentication, policy.roles().map(|(role, _)| role))?;
        let database = database(config)?;
        database.ready().await?;
        let (log, keeper) = audit(config, &clock).await?;
        let engine = keyed(Engine::build(database.clone(), policy, limits(&config.limits)).await?, &config.privacy);
        let engine = engine.with_changes(changes::settings(config)).audited(log);
        let officer = config.break_glass.notify_url.as_deref().map(Officer::new).transpose()?;
        let tending = (officer, database.clone(), clock.clone());
        let mut accounts = accounts::Watch::new(database.clone());
        let traces = Traces::start(&config.traces)?;
        let service = Arc::new(Service::new(config, clock, database, engine, authenticator, traces));
        service.refresh_accounts(&mut accounts).await?;
        service.first_keys().await;
        let router = http::router(Arc::clone(&service), config);
        Ok(Self { service, accounts, policy_file, keeper, router, server: config.server.clone(), tending })
    }

    /// Serves until `shutdown` ends, then lets running requests end. False if some outlasted the grace time.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> bool {
        let Self { service, accounts, policy_file, keeper, router, server, tending: (officer, database, clock) } = self;
        let tending = tokio::spawn(changes::tend(officer, database, clock));
        let enforcing = tokio::spawn(enforce(Arc::clone(&service), policy_file));
        let looking = tokio::spawn(look(Arc::clone(&service), accounts));
        let keeping = keeper.map(|keeper| tokio::spawn(keeper.run()));
        let traced = Arc::clone(&service);
        let tidy = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TIDY_EVERY);
            loop {
                ticks.tick().await;
                service.tidy();
                service.refresh().await;
            }
        });
        let drained = http::serve(listener, router, &server, shutdown).await;
        tidy.abort();
        looking.abort();
        enforcing.abort();
        tending.abort();
        if let Some(keeping) = keeping {
            keeping.abort();
        }
        traced.stop_traces().await;
        drained
    }
}

/// The audit log of the settings, ready to be written, and what keeps it; None where nothing is recorded, or another server keeps it.
async fn audit(config: &Config, clock: &Clock) -> Result<(Option<Log>, Option<Keeper>), Error> {
    let config::Audit { enabled, variables_secret, checkpoint_key_file, checkpoint_file, checkpoint_seconds: _, background, kept_months } =
        &config.audit;
    if !enabled {
        return Ok((None, None));
    }
    let url = config.database.url.expose().to_owned();
    let secret = variables_secret.as_ref().map(|secret| secret.expose().to_owned());
    let mut keeper = Keeper::new(KeeperSettings {
        url: url.clone(),
        key: checkpoint_key_file.as_deref().map(SigningKey::read).transpose()?,
        file: checkpoint_file.clone().map(CheckpointFile),
        checkpoint_every: config.audit.checkpoint_every(),
        kept_months: *kept_months,
        clock: clock.clone(),
    });
    keeper.prepare().await;
    Ok((Some(Log::start(LogSettings { url, variables_secret: secret })), background.then_some(keeper)))
}

/// Keeps what is known of keys and accounts up to date, for as long as the server runs.
async fn look(service: Arc<Service>, mut accounts: accounts::Watch) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    // A look that took long is not made up for by several at once.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let uptake = service.uptake().unwrap_or_default();
    let mut made = uptake.made();
    loop {
        // What this server changed itself it knows at once; of others it hears at the next look.
        tokio::select! {
            _ = ticks.tick() => {}
            _ = made.changed() => {}
        }
        let before = *made.borrow_and_update();
        service.refresh_keys();
        let looked = service.refresh_accounts(&mut accounts).await;
        let outcome = if looked.is_err() { "failed" } else { "read" };
        if looked.is_ok() {
            uptake.hold(before);
        }
        metrics::counter!("civigrid_account_looks_total", "outcome" => outcome).increment(1);
        if let Err(error) = looked {
            tracing::warn!(%error, "the register of accounts cannot be read; after five seconds no token is believed");
        }
    }
}

/// Puts a changed policy file into force, whole or not at all, when it rests or when SIGHUP asks for it.
async fn enforce(service: Arc<Service>, mut file: Option<PolicyFile>) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut asked = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        Ok(asked) => asked,
        Err(error) => {
            tracing::warn!(%error, "SIGHUP cannot be heard, so the policy file is not read again");
            return;
        }
    };
    loop {
        let at_once = tokio::select! {
            _ = ticks.tick() => false,
            heard = asked.recv() => heard.is_some(),
        };
        match file.as_mut().and_then(|file| file.look(at_once)) {
            None => {}
            Some(Ok(policy)) => {
                service.enforce(policy);
                metrics::counter!("civigrid_policy_loads_total", "outcome" => "used").increment(1);
                tracing::info!("the changed policy is in force");
            }
            Some(Err(error)) => {
                metrics::counter!("civigrid_policy_loads_total", "outcome" => "refused").increment(1);
                tracing::error!(%error, "the changed policy is not used; the one before stays in force");
            }
        }
    }
}

/// The engine of the settings, without anything around it.
pub async fn engine(config: &Config) -> Result<Engine, Error> {
    let (policy, database) = (policy(config)?, database(config)?);
    Ok(keyed(Engine::build(database, policy, limits(&config.limits)).await?, &config.privacy))
}

/// The engine with the key of the settings; without one it keeps that which it drew.
fn keyed(engine: Engine, settings: &config::Privacy) -> Engine {
    let config::Privacy { key } = settings;
    match key {
        Some(key) => engine.keyed(Key::new(key.expose())),
        None => {
            tracing::warn!("privacy.key is not set: tokens and rounded figures change with every start and differ between servers");
            engine
        }
    }
}

/// The database of the settings; connections are made when first needed.
pub fn database(config: &Config) -> Result<Database, store::Error> {
    let config::Database {
        url,
        max_connections,
        acquire_timeout_ms,
        statement_timeout_ms,
        keep_statistics_after_ms,
        kept_statistics_megabytes,
    } = &config.database;
    Database::new(store::Settings {
        url: url.expose().to_owned(),
        connections: *max_connections as usize,
        statement_timeout: Duration::from_millis(*statement_timeout_ms),
        wait: Duration::from_millis(*acquire_timeout_ms),
        keep_after: Duration::from_millis(*keep_statistics_after_ms),
        kept_bytes: u64::from(*kept_statistics_megabytes) << 20,
    })
}

/// The limits of the settings, in the engine's words.
pub fn limits(settings: &config::Limits) -> Limits {
    let config::Limits {
        document_bytes,
        tokens,
        depth,
        aliases,
        selections,
        node_budget,
        page_size,
        default_page_size,
        list_input,
        answer_bytes,
        prepared_documents,
        // Of HTTP.
        persisted_bytes: _,
    } = *settings;
    Limits {
        document_bytes,
        tokens,
        depth,
        selections,
        aliases,
        page_size,
        default_page_size,
        list_items: list_input,
        nodes: node_budget,
        answer_bytes,
        documents: prepared_documents,
    }
}
