//! The servers as processes: Civigrid as it is shipped, and how both are started.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use civigrid::app::App;
use civigrid::config::{Config, Issuer, Secret};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use crate::setup::{self, AUDIENCE, ISSUER, Papers};
use crate::{cluster, console};

/// Connections of each server to the database.
pub(crate) const POOL: u32 = 8;

/// What both servers are told.
#[derive(Args)]
pub(crate) struct Common {
    /// The database.
    #[arg(long)]
    pub(crate) database: String,
    /// The public key of the tokens.
    #[arg(long)]
    pub(crate) jwks: PathBuf,
}

/// Serves Civigrid.
#[derive(Args)]
pub(crate) struct Civigrid {
    #[command(flatten)]
    common: Common,
    /// The policy.
    #[arg(long)]
    policy: PathBuf,
    /// What is done for the audit log.
    #[arg(long, value_enum)]
    log: Log,
}

/// What is done for the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// None is kept.
    None,
    /// Answers wait for it; records are made searchable by others, or later.
    Written,
    /// Records are made searchable too.
    Whole,
}

impl Civigrid {
    /// Serves until the process is ended.
    pub(crate) async fn run(self) -> Result<()> {
        tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter("warn").init();
        let mut config = Config { policy_file: Some(self.policy), ..Config::default() };
        config.database.url = Secret::new(self.common.database);
        config.database.max_connections = POOL;
        // What is measured is the reading.
        config.database.kept_statistics_megabytes = 0;
        config.rate_limit.enabled = false;
        config.audit.enabled = self.log != Log::None;
        config.audit.background = self.log == Log::Whole;
        config.authentication.issuers = vec![Issuer {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            jwks_file: Some(self.common.jwks),
            jwks_url: None,
            trusted_for_roles: true,
        }];
        config.validate()?;
        let app = App::build(&config, setup::clock()).await?;
        app.serve(listen().await?, std::future::pending()).await;
        Ok(())
    }
}

/// Listens on a free port and says which, as the parent waits for it.
pub(crate) async fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    console::line(format_args!("{}", listener.local_addr()?));
    Ok(listener)
}

/// A server that runs; it ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What its connections to the database are called.
    pub(crate) application: &'static str,
}

impl Server {
    /// Starts Civigrid.
    pub(crate) fn civigrid(database: &str, papers: &Papers, log: Log) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let log = log.to_possible_value().context("every way has a name")?;
        command.arg("serve-civigrid").arg("--policy").arg(&papers.policy).arg("--log").arg(log.get_name());
        Self::start(command, database, papers, "civigrid")
    }

    /// Starts the handlers written by hand.
    pub(crate) fn hand(database: &str, papers: &Papers) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve-hand");
        Self::start(command, database, papers, "hand")
    }

    fn start(mut command: Command, database: &str, papers: &Papers, application: &'static str) -> Result<Self> {
        command.arg("--database").arg(database).arg("--jwks").arg(&papers.jwks);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("a server does not start")?;
        let output = child.stdout.take().context("no output")?;
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), application };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        server.address = line.trim().parse().with_context(|| format!("the server {application} does not say where it listens"))?;
        Ok(server)
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The benchmark's own connection to a database, for setting up and for reading the accounts.
pub(crate) async fn control(database: &str) -> Result<tokio_postgres::Client> {
    cluster::connect(database, "control").await
}
