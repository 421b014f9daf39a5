//! A PostgreSQL server for this run: the named one, or one of our own from the installed programs.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

use super::{certificates, say, workplace};

/// A running server.
pub(crate) struct Server {
    /// The address up to the name of the database.
    base: String,
    /// The database to connect to for making others.
    first: String,
    /// The certificate of the authority that signed the server's, if the server is ours.
    pub(crate) authority: Option<PathBuf>,
    /// The server's process, if it is ours; the workplace's keeper ends it.
    _process: Option<Child>,
}

/// The server, if there can be one. Says once whether there is.
pub(crate) async fn server() -> Option<&'static Server> {
    static SERVER: OnceCell<Option<Server>> = OnceCell::const_new();
    SERVER.get_or_init(find).await.as_ref()
}

async fn find() -> Option<Server> {
    let (server, version) = if let Ok(url) = std::env::var("CIVIGRID_TEST_POSTGRES") {
        let (base, first) = url.rsplit_once('/').expect("CIVIGRID_TEST_POSTGRES is an address that ends with /database");
        (Server { base: base.to_owned(), first: first.to_owned(), authority: None, _process: None }, "CIVIGRID_TEST_POSTGRES".to_owned())
    } else if let Some(programs) = programs() {
        (start(&programs).await, version(&programs))
    } else {
        not_run("PostgreSQL half");
        return None;
    };
    // The address may hold a password; what follows it does not.
    let place = server.base.rsplit_once('@').map_or(server.base.as_str(), |(_, place)| place);
    say(&format!("PostgreSQL half: runs (server {version} at {place})"));
    Some(server)
}

/// Says that a part is not run for want of server programs; fails where they are required.
pub(super) fn not_run(part: &str) {
    let required = std::env::var("CIVIGRID_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(!required, "CIVIGRID_REQUIRE_POSTGRES=1, and no PostgreSQL server programs found; apt-get install postgresql");
    say(&format!("{part}: NOT RUN (no server programs found; apt-get install postgresql)"));
}

impl Server {
    /// The address of a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.base, if self.authority.is_some() { "?sslmode=disable" } else { "" })
    }

    /// Runs statements, one after the other, outside every test's database.
    pub(crate) async fn run(&self, statements: &[String]) {
        let mut connection = PgConnection::connect(&self.url(&self.first)).await.expect("the server answers");
        for statement in statements {
            connection.execute(AssertSqlSafe(statement.clone())).await.expect("the server does as it is told");
        }
        connection.close().await.expect("the server lets us go");
    }
}

/// The directory of the server's programs: of the path if it names both, else the newest of Debian's.
pub(super) fn programs() -> Option<PathBuf> {
    let whole = |directory: &PathBuf| directory.join("initdb").is_file() && directory.join("postgres").is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    debian.sort();
    let debian = debian.into_iter().rev().map(|(_, directory)| directory);
    std::env::split_paths(&path).chain(debian).find(whole)
}

fn version(programs: &Path) -> String {
    let told = Command::new(programs.join("postgres")).arg("--version").output().expect("postgres runs");
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    told.split_whitespace().find(|word| word.starts_with(|sign: char| sign.is_ascii_digit())).unwrap_or("?").to_owned()
}

/// Makes a cluster in the run's own directory and starts its server, which ends with this process.
async fn start(programs: &Path) -> Server {
    let home = workplace::path().join("postgres");
    std::fs::create_dir(&home).expect("the workplace can be written to");
    let user = unprivileged(&home);
    std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    let command = |program: &str| {
        let mut command = Command::new(programs.join(program));
        command.current_dir(&home).stdin(Stdio::null()).env("LC_ALL", "C");
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        command
    };
    let data = home.join("data");
    let made = command("initdb")
        .args(["--username=civigrid", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
        .arg(&data)
        .output()
        .expect("initdb runs");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let authority = certificates::write(&data, user);
    admit(&data);
    let stop = format!(
        "pid=$(head -n 1 '{0}') && kill -QUIT \"$pid\" && for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 \"$pid\" || break; sleep 0.1; done",
        data.join("postmaster.pid").display()
    );
    workplace::at_the_end(&stop);
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let log = std::fs::File::create(workplace::path().join("postgres.log")).expect("the workplace can be written to");
    let mut server = command("postgres");
    server.arg("-D").arg(&data).args(["-p", &port.to_string()]).process_group(0).stdout(Stdio::null()).stderr(log);
    for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off", "autovacuum=off"] {
        server.args(["-c", setting]);
    }
    server.args(["-c", "ssl=on", "-c", "synchronous_commit=off", "-c", "max_connections=300", "-c", "shared_buffers=128MB"]);
    let process = server.spawn().expect("postgres runs");
    let server = Server {
        base: format!("postgres://civigrid@127.0.0.1:{port}"),
        first: "postgres".to_owned(),
        authority: Some(authority),
        _process: Some(process),
    };
    let begun = Instant::now();
    while let Err(error) = PgConnection::connect(&server.url(&server.first)).await {
        assert!(begun.elapsed() < Duration::from_secs(60), "the PostgreSQL server does not answer: {error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server
}

/// Users who have to prove themselves, each in another way, are asked to; everybody else is trusted.
fn admit(data: &Path) {
    let file = data.join("pg_hba.conf");
    let trusted = std::fs::read_to_string(&file).expect("initdb wrote it");
    let asked = "hostssl all asked_by_scram 127.0.0.1/32 scram-sha-256\n\
        host all asked_by_scram 127.0.0.1/32 reject\n\
        host all asked_by_md5 127.0.0.1/32 md5\n\
        host all asked_in_the_clear 127.0.0.1/32 password\n";
    std::fs::write(&file, format!("{asked}{trusted}")).expect("it can be written to");
}

/// PostgreSQL refuses to run as root: then the directory goes to another user, who runs it.
pub(super) fn unprivileged(home: &Path) -> Option<(u32, u32)> {
    if std::fs::metadata(home).expect("just made").uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the system's users");
    let user = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let (uid, gid) = user("postgres").or_else(|| user("nobody")).expect("a user postgres or nobody");
    chown(home, Some(uid), Some(gid)).expect("root may");
    Some((uid, gid))
}
