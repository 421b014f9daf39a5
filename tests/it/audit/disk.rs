//! A full disk: personal answers stop with a clear error, public ones go on, and all is well once there is room.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use civigrid::audit;
use civigrid::store::Backend;

use super::{connect, records, run, start};
use crate::harness::{self, App, TestDatabase, instant, program};

/// A small disk of its own; it is taken away when this is dropped.
struct Disk(PathBuf);

impl Disk {
    /// None where this process may not mount anything.
    fn of(name: &str, megabytes: u64) -> Option<Self> {
        let directory = program::directory(name);
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&directory).output().ok()?;
        mounted.status.success().then_some(Self(directory))
    }

    /// Fills it up; removing the file gives the room back.
    fn fill(&self) -> PathBuf {
        let ballast = self.0.join("ballast");
        let _ = Command::new("dd").args(["if=/dev/zero", "bs=4096"]).arg(format!("of={}", ballast.display())).output();
        ballast
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

const PERSONAL: &str = "query Personal { persons(first: 1) { nodes { name } } }";

/// Asks until the log is full; says how many answers were given before.
async fn until_full(app: &App) -> usize {
    for given in 0..20_000 {
        let answer = app.of("street_operator").query(PERSONAL).await;
        if answer.status != 200 {
            assert_eq!((answer.status, answer.code()), (503, "AUDIT_UNAVAILABLE"), "{}", answer.text);
            assert!(answer.json["data"].is_null() && answer.message().contains("the audit log cannot note"), "{}", answer.text);
            return given;
        }
    }
    panic!("the disk never became full");
}

async fn until_well(app: &App) {
    let begun = Instant::now();
    while app.of("street_operator").query(PERSONAL).await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What holds on any full disk.
async fn holds(app: &App, database: &TestDatabase, make_room: impl AsyncFnOnce()) {
    let given = until_full(app).await;
    let public = app.anonymous().query("{ regions(first: 1) { nodes { name } } }").await;
    assert!(public.data()["regions"]["nodes"][0]["name"].is_string(), "public data needs no log");
    let refused = app.of("street_operator").query(PERSONAL).await;
    assert_eq!(refused.status, 503, "still full: {}", refused.text);
    make_room().await;
    until_well(app).await;
    let kept = records(&connect(database).await).await.iter().filter(|record| record["operation"] == "Personal").count();
    assert!(kept > given, "each of the {given} answers, and the one after, has its record: {kept}");
}

#[tokio::test]
async fn a_full_disk_stops_personal_answers_until_there_is_room() {
    for database in harness::fresh_databases().await {
        match database.backend {
            Backend::Sqlite => on_sqlite(&database).await,
            Backend::Postgres => on_postgres(&database).await,
        }
    }
}

async fn on_sqlite(database: &TestDatabase) {
    let file = database.url.trim_start_matches("sqlite:");
    let size = std::fs::metadata(file).expect("a file").len();
    let Some(disk) = Disk::of("small-disk", (size >> 20) + 12) else { return on_trigger(database, "SQLite").await };
    let moved = disk.0.join("moved.sqlite");
    std::fs::copy(file, &moved).expect("there is room");
    let moved = database.at(&format!("sqlite:{}", moved.display()));
    let app = start(&moved).await;
    app.of("street_operator").query(PERSONAL).await.data();
    let ballast = disk.fill();
    holds(&app, &moved, async || remove(&ballast)).await;
}

async fn on_postgres(database: &TestDatabase) {
    let Some(disk) = Disk::of("small-tablespace", 2) else { return on_trigger(database, "PostgreSQL").await };
    let connection = connect(database).await;
    let owner: Vec<String> = super::column(&connection, "SELECT setting AS v FROM pg_settings WHERE name = 'data_directory'").await;
    let place = disk.0.join("space");
    std::fs::create_dir(&place).expect("there is room");
    let given = Command::new("chown").arg(format!("--reference={}", owner[0])).arg(&place).status().expect("chown runs");
    assert!(given.success());
    run(&connection, &format!("CREATE TABLESPACE small_disk LOCATION '{}'", place.display())).await;
    audit::make_partitions(&connection, instant()).await.expect("made");
    run(&connection, "ALTER TABLE audit_batches_2026_06 SET TABLESPACE small_disk").await;
    {
        let app = start(database).await;
        app.of("street_operator").query(PERSONAL).await.data();
        let ballast = disk.fill();
        holds(&app, database, async || remove(&ballast)).await;
    }
    run(&connection, "ALTER TABLE audit_batches_2026_06 SET TABLESPACE pg_default").await;
    run(&connection, "DROP TABLESPACE small_disk").await;
}

/// Where nothing can be mounted: the database says what it would of a full disk.
async fn on_trigger(database: &TestDatabase, name: &str) {
    harness::say(&format!("a full disk of {name}: nothing can be mounted here, so a trigger stands in for it"));
    let connection = connect(database).await;
    let full: &[&str] = match database.backend {
        Backend::Sqlite => {
            &["CREATE TRIGGER full_disk BEFORE INSERT ON audit_batches BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"]
        }
        Backend::Postgres => &[
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_batches FOR EACH ROW EXECUTE FUNCTION full_disk()",
        ],
    };
    let app = start(database).await;
    app.of("street_operator").query(PERSONAL).await.data();
    for statement in full {
        run(&connection, statement).await;
    }
    let room = if database.backend == Backend::Sqlite { "DROP TRIGGER full_disk" } else { "DROP TRIGGER full_disk ON audit_batches" };
    holds(&app, database, async || run(&connection, room).await).await;
}

fn remove(ballast: &Path) {
    std::fs::remove_file(ballast).expect("it is ours");
}
