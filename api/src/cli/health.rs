//! `civigrid health`: asks a running server whether it can answer, for containers and scripts without another program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::Context;
use crate::http;

#[derive(Args)]
pub(super) struct Health {
    /// The server's address and port; server.listen of the settings without it.
    #[arg(long, value_name = "ADDRESS")]
    server: Option<SocketAddr>,
    /// Only ask whether the process lives, not whether its database answers.
    #[arg(long)]
    live: bool,
    /// The longest to wait for an answer, in seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=60))]
    patience: u16,
}

impl Health {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { server, live, patience } = self;
        let server = match server {
            Some(server) => server,
            None => reachable(context.settings()?.server.listen),
        };
        let path = if live { "live" } else { "ready" };
        let address = format!("http://{server}/health/{path}").parse().context("the server's address cannot be asked")?;
        http::probe(address, Duration::from_secs(patience.into())).await?;
        context.console.line(format_args!("{path}"));
        Ok(ExitCode::SUCCESS)
    }
}

/// Where a server that listens there is reached on the same machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
