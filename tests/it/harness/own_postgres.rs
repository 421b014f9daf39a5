//! A PostgreSQL server that a test may kill: as careful with its data as one in production.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection};

use super::postgres::{not_run, programs, unprivileged};
use super::{TestDatabase, workplace};

/// The server. It is ended when this is dropped.
pub(crate) struct OwnPostgres {
    programs: PathBuf,
    home: PathBuf,
    user: Option<(u32, u32)>,
    port: u16,
    process: Child,
}

impl OwnPostgres {
    /// Makes a cluster and starts its server; None where there are no programs.
    pub(crate) async fn start(name: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            not_run(&format!("a server of its own ({name})"));
            return None;
        };
        let home = workplace::path().join(format!("postgres-{name}"));
        std::fs::create_dir(&home).expect("the workplace can be written to");
        let user = unprivileged(&home);
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
        let made = command(&programs, &home, user, "initdb")
            .args(["--username=civigrid", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(home.join("data"))
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let process = serve(&programs, &home, user, port);
        let server = Self { programs, home, user, port, process };
        server.answers().await;
        Some(server)
    }

    /// A database of it with the rows of the smallest profile.
    pub(crate) async fn filled(&self) -> TestDatabase {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the server answers");
        connection.execute("CREATE DATABASE killed ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0").await.expect("made");
        TestDatabase::fill_postgres(self.url("killed")).await
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://civigrid@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Kills it and all its children, without a word of warning.
    pub(crate) fn kill(&mut self) {
        let mut ids = children(self.process.id());
        ids.insert(0, self.process.id());
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let _ = Command::new("kill").arg("-KILL").args(&ids).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }

    /// Starts it again and waits until it has recovered.
    pub(crate) async fn restart(&mut self) {
        self.process = serve(&self.programs, &self.home, self.user, self.port);
        self.answers().await;
    }

    async fn answers(&self) {
        let begun = Instant::now();
        while let Err(error) = PgConnection::connect(&self.url("postgres")).await {
            assert!(begun.elapsed() < Duration::from_secs(60), "the PostgreSQL server does not answer: {error}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn command(programs: &Path, home: &Path, user: Option<(u32, u32)>, program: &str) -> Command {
    let mut command = Command::new(programs.join(program));
    command.current_dir(home).stdin(Stdio::null()).env("LC_ALL", "C");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn serve(programs: &Path, home: &Path, user: Option<(u32, u32)>, port: u16) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(home.join("log")).expect("the workplace can be written to");
    let mut server = command(programs, home, user, "postgres");
    server.arg("-D").arg(home.join("data")).args(["-p", &port.to_string()]).stdout(Stdio::null()).stderr(log);
    for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=64MB", "restart_after_crash=off"] {
        server.args(["-c", setting]);
    }
    // What others may set for themselves; the log asks for its commits to be on disk all the same.
    server.args(["-c", "synchronous_commit=off"]);
    server.spawn().expect("postgres runs")
}

/// The processes that a process started.
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_child = |id: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // The name, in brackets, may hold anything; the parent is the second word behind it.
        status.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok()) == Some(parent)
    };
    processes.filter(is_child).collect()
}
