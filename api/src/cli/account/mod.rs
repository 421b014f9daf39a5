//! `civigrid account`: who may act as what, and whose tokens hold no more.
//!
//! Whoever can write to the database can do this; `--by` says whose deed it is, for the register's own record.

mod end;
mod grant;
pub(super) mod issuer;
mod list;
pub(super) mod moment;
mod revoke;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Context, logging};
use crate::app;
use crate::clock::Clock;
use crate::config::{Authentication, Config};
use crate::policy;
use crate::store::Database;
use crate::store::accounts::Deed;
use issuer::Issuers;

/// What everyone is told who changed something.
pub(super) const SOON: &str = "Running servers notice within five seconds.";

#[derive(Subcommand)]
pub(super) enum Account {
    /// Give an account a role. Its issuer's tokens then need no roles of their own.
    Grant(Box<grant::Grant>),
    /// End roles of an account, now or later.
    End(end::End),
    /// List role assignments, or revocations.
    List(list::List),
    /// Refuse all tokens of an account, or one token, from now on.
    Revoke(revoke::Revoke),
    /// Lift a revocation.
    Restore(revoke::Restore),
}

impl Account {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Grant(command) => command.run(context).await,
            Self::End(command) => command.run(context).await,
            Self::List(command) => command.run(context).await,
            Self::Revoke(command) => command.run(context).await,
            Self::Restore(command) => command.run(context).await,
        }
    }
}

/// The account that is meant.
#[derive(Args)]
struct Holder {
    /// Who signs the account's tokens (claim iss); not needed where the settings name one issuer only.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The account (claim sub).
    #[arg(long)]
    subject: String,
}

/// Whose deed it is.
#[derive(Args)]
pub(super) struct Acting {
    /// The account that does this (claim sub); never the one that gains by it.
    #[arg(long, value_name = "SUBJECT")]
    by: String,
    /// Its issuer, where it is another one.
    #[arg(long, value_name = "URL")]
    by_issuer: Option<String>,
    /// Why, for those who ask later.
    #[arg(long)]
    reason: String,
}

/// Where the register is.
#[derive(Args)]
pub(super) struct Place {
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// What the commands work with.
pub(super) struct Desk {
    pub(super) config: Config,
    pub(super) database: Database,
    pub(super) issuers: Issuers,
}

impl Place {
    pub(super) async fn open(self, context: &Context<'_>) -> anyhow::Result<Desk> {
        let config = context.sources()?.flag("database.url", self.database).read()?;
        logging::start(&config.log)?;
        let database = app::database(&config)?;
        database.ready().await?;
        Ok(Desk { issuers: Issuers::of(&config), config, database })
    }
}

impl Desk {
    pub(super) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        Clock::system(self.config.zone).now().instant
    }

    /// Whose deed it is. Its issuer is that of the account that is meant, unless another is said; no client does anything here.
    pub(super) fn deed(&self, acting: Acting, issuer: &str) -> anyhow::Result<Deed> {
        let Acting { by, by_issuer, reason } = acting;
        let issuer = match by_issuer {
            None if issuer != Authentication::CLIENT_ISSUER => issuer.to_owned(),
            named => self.issuers.find_person(named.as_deref())?,
        };
        Ok(Deed { by: policy::Account { issuer, subject: by }, reason, now: self.now() })
    }
}
