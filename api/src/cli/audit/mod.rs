//! `civigrid audit`: the log of who read, changed or was refused what.

mod erase;
mod expire;
mod export;
mod verify;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use sea_orm::DatabaseConnection;

use super::{Context, logging};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::policy::{self, Caller, CallerKind};

#[derive(Subcommand)]
pub(super) enum Audit {
    /// Read all of the log and tell where it is not what was committed. Exit code 0: nothing is wrong; 3: something is.
    Verify(verify::Verify),
    /// Write records as lines of JSON. That they were exported is recorded.
    Export(Box<export::Export>),
    /// Take a person out of the log: what was done stays, of whom nobody can tell any more. It cannot be undone.
    Erase(erase::Erase),
    /// Drop the months that are no longer kept, once a checkpoint stands for them.
    Expire(expire::Expire),
}

impl Audit {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Verify(command) => command.run(context).await,
            Self::Export(command) => command.run(context).await,
            Self::Erase(command) => command.run(context).await,
            Self::Expire(command) => command.run(context).await,
        }
    }
}

/// Where the log is.
#[derive(Args)]
struct Place {
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// What the commands work with.
struct Desk {
    config: Config,
    connection: DatabaseConnection,
}

impl Place {
    async fn open(self, context: &Context<'_>) -> anyhow::Result<Desk> {
        let config = context.sources()?.flag("database.url", self.database).read()?;
        logging::start(&config.log)?;
        let database = app::database(&config)?;
        database.ready().await?;
        let connection = database.writer().await?;
        Ok(Desk { config, connection })
    }
}

impl Desk {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        Clock::system(self.config.zone).now().instant
    }
}

/// Whoever works at the command line, by the name they give.
fn acting(subject: String) -> Caller {
    let account = policy::Account { issuer: "command line".to_owned(), subject };
    Caller { kind: CallerKind::Person, account: Some(account), ..Caller::anonymous() }
}
