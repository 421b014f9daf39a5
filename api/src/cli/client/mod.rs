//! `civigrid client`: applications on accounts of their own, their keys, and the documents they may send.
//!
//! Whoever can write to the database can do this; `--by` says whose deed it is, for the register's own record.

mod add;
mod document;
mod key;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Context;
use super::account::moment::Moment;
use super::account::{Acting, Place, SOON};
use crate::config::Authentication;
use crate::store::clients;

#[derive(Subcommand)]
pub(super) enum Client {
    /// Register an application: who answers for it, and how much it may ask. It can do nothing yet.
    Add(Box<add::Add>),
    /// List the applications.
    List(show::List),
    /// Tell all of one application: its limits, keys, documents, roles and what it has asked lately.
    Show(show::Show),
    /// End an application, now or later: its keys open nothing from then on.
    End(End),
    /// Make and end the keys that it signs in with.
    #[command(subcommand)]
    Key(key::Key),
    /// Register and remove the documents that it may send by their hash.
    #[command(subcommand)]
    Document(document::Document),
}

impl Client {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add(command) => command.run(context).await,
            Self::List(command) => command.run(context).await,
            Self::Show(command) => command.run(context).await,
            Self::End(command) => command.run(context).await,
            Self::Key(command) => command.run(context).await,
            Self::Document(command) => command.run(context).await,
        }
    }
}

#[derive(Args)]
pub(super) struct End {
    /// Its name or id (client_…).
    client: String,
    /// When: an instant, or the end of a day; now without it.
    #[arg(long)]
    at: Option<Moment>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl End {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, at, acting, place } = self;
        let desk = place.open(context).await?;
        let deed = desk.deed(acting, Authentication::CLIENT_ISSUER)?;
        let at = at.map(|at| at.end(desk.config.zone));
        let row = clients::end(&desk.database, &client, at, &deed).await?;
        context.console.line(format_args!("{} {} ends", row.id, row.name));
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}
