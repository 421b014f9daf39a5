//! Databases with the rows of the smallest profile: made once for each kind, then copied.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use civigrid::generate;
use civigrid::store::{self, Backend, Database};
use tokio::sync::OnceCell;

use super::postgres::{self, Server};
use super::workplace;

/// One database of one kind, filled.
pub(crate) struct TestDatabase {
    /// Which of the two it is.
    pub(crate) backend: Backend,
    /// Its address.
    pub(crate) url: String,
    /// Removed once it is no longer used; nothing for a shared one.
    owned: Option<Owned>,
}

enum Owned {
    File(PathBuf),
    Postgres(&'static Server, String),
}

impl TestDatabase {
    /// One of the same kind at another address, which is not removed.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self { backend: self.backend, url: url.to_owned(), owned: None }
    }

    /// A filled database of a server of the test's own.
    pub(super) async fn fill_postgres(url: String) -> Self {
        fill(&url).await;
        Self { backend: Backend::Postgres, url, owned: None }
    }

    /// A pool of connections of its own.
    pub(crate) fn open(&self) -> Database {
        let settings = store::Settings {
            url: self.url.clone(),
            connections: 4,
            statement_timeout: Duration::from_secs(30),
            wait: Duration::from_secs(30),
            keep_after: Duration::ZERO,
            // Statements are counted, whatever was asked before.
            kept_bytes: 0,
        };
        Database::new(settings).expect("the address is one")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self.owned.take() {
            Some(Owned::File(path)) => drop(std::fs::remove_file(path)),
            Some(Owned::Postgres(server, name)) => {
                // Dropping cannot wait, and this thread may be a runtime's: another one does it.
                let dropping = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                    runtime.block_on(server.run(&[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]));
                });
                let _ = dropping.join();
            }
            None => {}
        }
    }
}

/// A database of each kind, shared by all tests that only read.
pub(crate) async fn databases() -> Vec<TestDatabase> {
    static SHARED: OnceCell<String> = OnceCell::const_new();
    let mut databases = vec![TestDatabase { backend: Backend::Sqlite, url: sqlite_url(sqlite_template().await), owned: None }];
    if let Some(server) = postgres::server().await {
        let copy = || async {
            let name = copy_postgres(server, "shared").await;
            server.url(&name)
        };
        databases.push(TestDatabase { backend: Backend::Postgres, url: SHARED.get_or_init(copy).await.clone(), owned: None });
    }
    databases
}

/// A database of each kind for one test alone, which may write to it.
pub(crate) async fn fresh_databases() -> Vec<TestDatabase> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let file = workplace::path().join(format!("fresh{number}.sqlite"));
    std::fs::copy(sqlite_template().await, &file).expect("the workplace can be written to");
    let mut databases = vec![TestDatabase { backend: Backend::Sqlite, url: sqlite_url(&file), owned: Some(Owned::File(file)) }];
    if let Some(server) = postgres::server().await {
        let name = copy_postgres(server, &format!("fresh{number}")).await;
        databases.push(TestDatabase { backend: Backend::Postgres, url: server.url(&name), owned: Some(Owned::Postgres(server, name)) });
    }
    databases
}

fn sqlite_url(file: &std::path::Path) -> String {
    format!("sqlite:{}", file.display())
}

async fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    let make = || async {
        let file = workplace::path().join("template.sqlite");
        fill(&format!("{}?mode=rwc", sqlite_url(&file))).await;
        file
    };
    TEMPLATE.get_or_init(make).await
}

/// A copy of the one filled database of this server.
async fn copy_postgres(server: &Server, name: &str) -> String {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    const NAME: &str = "civigrid_test_template";
    let make = || async {
        server.run(&[drop_postgres(NAME), format!("CREATE DATABASE {NAME} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")]).await;
        fill(&server.url(NAME)).await;
        // Nobody may be connected to what is copied, and connections that were let go may still be closing.
        let shut = format!("ALTER DATABASE {NAME} WITH ALLOW_CONNECTIONS false");
        let end = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{NAME}'");
        server.run(&[shut, end]).await;
    };
    TEMPLATE.get_or_init(make).await;
    let name = format!("civigrid_test_{name}");
    server.run(&[drop_postgres(&name), format!("CREATE DATABASE {name} TEMPLATE {NAME}")]).await;
    name
}

fn drop_postgres(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

async fn fill(url: &str) {
    let settings = store::Settings {
        url: url.to_owned(),
        connections: 1,
        statement_timeout: Duration::from_secs(60),
        wait: Duration::from_secs(60),
        keep_after: Duration::ZERO,
        kept_bytes: 0,
    };
    let database = Database::new(settings).expect("the address is one");
    database.migrate().await.expect("the shape is made");
    generate::run(&super::settings(), url, false).await.expect("the rows are written");
    super::stand_in(&database).await;
}
