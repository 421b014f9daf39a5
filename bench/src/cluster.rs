//! A PostgreSQL of the benchmark's own, from the installed server programs.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// What the server is told: the data stays in memory, and a statement's CPU is that of its one process.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=512MB",
    "work_mem=16MB",
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "max_connections=60",
    "max_wal_size=8GB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "log_min_messages=fatal",
];

/// What it is told where nothing that is written has to last.
const NOT_TO_LAST: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// A running cluster; it stops when this is dropped.
pub(crate) struct Cluster {
    server: Child,
    address: String,
    _directory: Option<TempDir>,
}

/// The user that PostgreSQL runs as: it refuses to run as root.
struct User {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Starts a cluster in `keep`, making it if it is not there yet, or in a directory that is thrown away. Commits of a durable
    /// one wait for the disk, as in production.
    pub(crate) async fn start(keep: Option<&Path>, durable: bool) -> Result<Self> {
        let programs = programs()?;
        let user = user()?;
        let thrown_away = if keep.is_none() { Some(TempDir::with_prefix("civigrid-bench-")?) } else { None };
        let directory = keep.or(thrown_away.as_ref().map(TempDir::path)).context("no directory")?;
        std::fs::create_dir_all(directory)?;
        let directory = directory.canonicalize()?;
        let data = directory.join("data");
        if !data.join("PG_VERSION").exists() {
            own(&directory, user.as_ref())?;
            let mut initdb = as_user(&programs.join("initdb"), user.as_ref(), &directory);
            initdb.args(["--auth=trust", "--username=bench", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
            let output = initdb.output().context("initdb does not start")?;
            if !output.status.success() {
                bail!("initdb: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = as_user(&programs.join("postgres"), user.as_ref(), &directory);
        command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        let not_to_last = if durable { &[] } else { NOT_TO_LAST };
        for setting in SETTINGS.iter().chain(not_to_last) {
            command.arg("-c").arg(setting);
        }
        let log = std::fs::File::create(directory.join("postgres.log"))?;
        let server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().context("postgres does not start")?;
        let cluster = Self { server, address: format!("postgres://bench@127.0.0.1:{port}"), _directory: thrown_away };
        cluster.wait().await?;
        Ok(cluster)
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.address)
    }

    /// Makes a database of this name, if it is not there yet.
    pub(crate) async fn create(&self, database: &str) -> Result<()> {
        let control = connect(&self.url("postgres"), "control").await?;
        if control.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&database]).await?.is_none() {
            control.batch_execute(&format!("CREATE DATABASE {database}")).await?;
        }
        Ok(())
    }

    async fn wait(&self) -> Result<()> {
        for _ in 0..600 {
            if connect(&self.url("postgres"), "control").await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("PostgreSQL does not answer within a minute; see postgres.log in its directory (--keep)")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT ends the sessions and shuts down in order; the pid is that of our own child, which is not yet waited for.
        let asked = Command::new("kill").arg("-INT").arg(self.server.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// A connection of the benchmark itself.
pub(crate) async fn connect(url: &str, application: &str) -> Result<Client> {
    let mut config: tokio_postgres::Config = url.parse()?;
    config.application_name(application);
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with the client; what breaks it is told by the statement that meets it.
    tokio::spawn(connection);
    Ok(client)
}

/// The folder of the newest installed server programs.
fn programs() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql").context("no PostgreSQL server programs under /usr/lib/postgresql")? {
        let entry = entry?;
        let version = entry.file_name().to_str().and_then(|name| name.parse().ok());
        let programs = entry.path().join("bin");
        if let Some(version) = version
            && programs.join("initdb").exists()
        {
            found.push((version, programs));
        }
    }
    found.into_iter().max().map(|(_, path)| path).context("no PostgreSQL server programs under /usr/lib/postgresql")
}

/// Another user when we are root: `postgres`, else `nobody`.
fn user() -> Result<Option<User>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    let find = |name: &str| {
        accounts
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>())
            .find(|fields| fields.first() == Some(&name))
            .and_then(|fields| Some(User { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? }))
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .map(Some)
        .context("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

fn as_user(program: &Path, user: Option<&User>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory);
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    command
}

fn own(directory: &Path, user: Option<&User>) -> Result<()> {
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o755))?;
    if let Some(user) = user {
        chown(directory, Some(user.uid), Some(user.gid))?;
    }
    Ok(())
}
