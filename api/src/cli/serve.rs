//! `civigrid serve`: answers requests until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::{Context, check, logging};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Danger};

#[derive(Args)]
pub(super) struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Say what is not safe for production, and do not serve. Exit code 0: nothing dangerous; 3: something is; 1: the
    /// settings cannot be used.
    #[arg(long)]
    check: bool,
    /// With --check: do not ask the database what its role may do.
    #[arg(long, requires = "check")]
    offline: bool,
}

impl Serve {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let sources = context.sources()?.flag("server.listen", self.listen);
        let config = sources.read()?;
        if self.check {
            return Ok(check::check(&config, sources.files(), !self.offline, context.console).await);
        }
        logging::start(&config.log)?;
        for finding in config.findings().iter().filter(|finding| finding.danger == Danger::Dangerous) {
            tracing::warn!(setting = finding.setting.as_str(), "not safe for production: {}", finding.text);
        }
        let (app, listener) = prepare(&config).await?;
        tracing::info!(address = %listener.local_addr()?, "listening");
        if app.serve(listener, asked_to_stop()?).await {
            tracing::info!("stopped");
        } else {
            tracing::warn!("stopped; some requests outlasted server.shutdown_grace_ms and were dropped");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Everything that can fail before the first request does so here.
pub(super) async fn prepare(config: &Config) -> anyhow::Result<(App, TcpListener)> {
    let app = App::build(config, Clock::system(config.zone)).await?;
    let address = config.server.listen;
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    Ok((app, listener))
}

/// Ends when the system or the terminal asks the program to stop.
pub(super) fn asked_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let terminal = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let mut system = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminal => (),
            _ = system.recv() => (),
        }
        #[cfg(not(unix))]
        let _ = terminal.await;
    })
}
