//! `civigrid migrate` and `civigrid generate`: the database's shape, and invented data in it.

use std::process::ExitCode;

use clap::Args;

use super::console::Console;
use super::{Context, logging};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::generate::{self, Profile, Settings};
use crate::store::Error;

#[derive(Args)]
pub(super) struct Migrate {
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

#[derive(Args)]
pub(super) struct Generate {
    /// How much: the name of a profile.
    #[arg(long, default_value = "demo")]
    profile: Profile,
    /// The same seed makes the same people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Migrate {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let config = context.sources()?.flag("database.url", self.database).read()?;
        logging::start(&config.log)?;
        migrate(&config).await?;
        context.console.line(format_args!("the database is up to date"));
        Ok(ExitCode::SUCCESS)
    }
}

impl Generate {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let config = context.sources()?.flag("database.url", self.database).read()?;
        logging::start(&config.log)?;
        fill(context.console, &config, self.profile, self.seed).await?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn migrate(config: &Config) -> Result<(), Error> {
    let database = app::database(config)?;
    // The pool that writes tries for half a minute and then says no more than that; the one that reads says why at once.
    if let Err(error @ Error::Postgres(_)) = database.ready().await {
        return Err(error);
    }
    database.migrate().await
}

/// Brings the database up to date and fills it, telling what was made.
pub(super) async fn fill(console: &mut Console, config: &Config, profile: Profile, seed: u64) -> anyhow::Result<()> {
    migrate(config).await?;
    let settings = Settings { profile, seed, now: Clock::system(config.zone).now().instant };
    let report = generate::run(&settings, config.database.url.expose(), true).await?;
    for phase in &report.phases {
        console.line(format_args!("{:>12} {:<24} {:>7.1} s", phase.rows, phase.name, phase.seconds));
    }
    Ok(())
}
