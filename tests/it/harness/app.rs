//! The program, in this process on a free port; and the engine alone.

use civigrid::clock::Clock;
use civigrid::config::{Config, Secret};
use civigrid::graph::{Answer, Engine, Limits, Request};
use civigrid::policy::{Key, Policy};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::client::{Client, SECRET, Who};
use super::{TestDatabase, clock, now};

/// The key by which the tests' programs round and make tokens.
pub(crate) const KEY: &str = "a key of thirty-two bytes or more";

/// The running program. It stops when this is dropped.
pub(crate) struct App {
    base: String,
    http: reqwest::Client,
    _stop: oneshot::Sender<()>,
}

impl App {
    /// Starts it on a database.
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        Self::start_with(database, |_| {}).await
    }

    /// Starts it with other settings.
    pub(crate) async fn start_with(database: &TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        Self::start_at(database, clock(), change).await
    }

    /// Starts it with other settings and a clock of the test's own.
    pub(crate) async fn start_at(database: &TestDatabase, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.database.url = Secret::new(database.url.clone());
        config.database.max_connections = 4;
        config.authentication.dangerous_development_secret = Some(Secret::new(SECRET));
        config.rate_limit.enabled = false;
        // All databases round alike.
        config.privacy.key = Some(Secret::new(KEY));
        // Most tests share their databases; those of the log have their own.
        config.audit.enabled = false;
        change(&mut config);
        let app = civigrid::app::App::build(&config, clock).await.expect("the program starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it listens"));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(app.serve(listener, async {
            let _ = stopped.await;
        }));
        Self { base, http: reqwest::Client::new(), _stop: stop }
    }

    /// Where it listens: `http://127.0.0.1:8080`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The standard caller of a role.
    pub(crate) fn of(&self, role: &str) -> Client<'_> {
        self.as_who(&Who::of(role))
    }

    /// Nobody known.
    pub(crate) fn anonymous(&self) -> Client<'_> {
        self.as_who(&Who::anonymous())
    }

    /// Any caller.
    pub(crate) fn as_who(&self, who: &Who) -> Client<'_> {
        self.with_token(who.token())
    }

    /// Whoever this token names.
    pub(crate) fn with_token(&self, token: Option<String>) -> Client<'_> {
        Client { http: &self.http, base: &self.base, token }
    }
}

/// The engine alone, for what HTTP does not tell: statements and cost.
pub(crate) async fn engine(database: &TestDatabase) -> Engine {
    let engine = Engine::build(database.open(), Policy::built_in(), Limits::default()).await;
    engine.expect("the engine is built").keyed(Key::new(KEY))
}

/// Asks the engine.
pub(crate) async fn execute(engine: &Engine, who: &Who, query: &str) -> Answer {
    let request = Request { query: query.to_owned(), request_id: "test".to_owned(), ..Request::default() };
    engine.execute(&request, &who.caller(), now()).await
}
