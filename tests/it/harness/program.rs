//! The program as a process of its own: its log, its exit codes, and metrics that nobody else counts in.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use civigrid::clock::Clock;
use civigrid::config::Config;
use serde_json::Value;

use super::client::{Client, SECRET, Who};
use super::{TestDatabase, workplace};

/// The built program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_civigrid-under-test");

/// Runs a command of the program to its end, with no settings but these variables of the environment.
pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = bare(arguments);
    command.envs(variables.iter().copied());
    command.output().expect("the program runs")
}

/// A command of the program that finds no settings in its environment or directory.
fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CIVIGRID_") || name.starts_with("OTEL_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(workplace::path()).stdin(Stdio::null());
    command
}

/// Where the built program is.
pub(crate) fn path() -> &'static str {
    PROGRAM
}

/// A directory of the run's own, removed at its end.
pub(crate) fn directory(name: &str) -> PathBuf {
    let path = workplace::path().join(name);
    std::fs::create_dir_all(&path).expect("the workplace can be written to");
    path
}

/// A serving process. It is ended when this is dropped.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
    base: String,
    http: reqwest::Client,
}

impl Program {
    /// Starts it on a database, with more settings in TOML, and waits until it listens.
    pub(crate) async fn serve(database: &TestDatabase, settings: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let directory = directory(&format!("program{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let (file, log) = (directory.join("settings.toml"), directory.join("log"));
        std::fs::write(&file, settings).expect("the workplace can be written to");
        let mut command = bare(&["--config"]);
        command.arg(&file).args(["serve", "--listen", "127.0.0.1:0"]);
        command.env("CIVIGRID_DATABASE__URL", &database.url).env("CIVIGRID_DATABASE__MAX_CONNECTIONS", "4");
        command.env("CIVIGRID_AUTHENTICATION__DANGEROUS_DEVELOPMENT_SECRET", SECRET);
        // Most tests share their databases; those of the log say so in their settings.
        if !settings.contains("[audit]") {
            command.env("CIVIGRID_AUDIT__ENABLED", "false");
        }
        let output = std::fs::File::create(&log).expect("the workplace can be written to");
        let child = command.stdout(Stdio::null()).stderr(output).spawn().expect("the program runs");
        let mut program = Self { child, log, base: String::new(), http: reqwest::Client::new() };
        let begun = Instant::now();
        while program.base.is_empty() {
            let listening = program.events().into_iter().find(|event| event["message"] == "listening");
            if let Some(address) = listening.as_ref().and_then(|event| event["address"].as_str()) {
                program.base = format!("http://{address}");
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the program does not listen: {}", program.log_text());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        program
    }

    /// The address that it listens on, like `127.0.0.1:8080`.
    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// A caller, whose token is made now: the process reads the system's clock.
    pub(crate) fn as_who(&self, who: &Who) -> Client<'_> {
        let now = Clock::system(Config::default().zone).now().instant.timestamp();
        self.with_token(who.token_at(now))
    }

    /// Whoever this token names.
    pub(crate) fn with_token(&self, token: Option<String>) -> Client<'_> {
        Client { http: &self.http, base: &self.base, token }
    }

    /// What it has logged so far.
    pub(crate) fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log can be read")
    }

    /// The events that it has logged so far.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.log_text().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Asks it to read its policy file again.
    pub(crate) fn hang_up(&self) {
        let asked = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        let begun = Instant::now();
        while self.child.try_wait().expect("it is our child").is_none() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the program does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
