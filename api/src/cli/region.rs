//! `civigrid region`: changes of the region tree.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use entities::region_code::RegionCode;

use super::{Context, logging};
use crate::app;
use crate::clock::Clock;
use crate::store::regions::{Moved, move_region};

#[derive(Subcommand)]
pub(super) enum Region {
    /// Move a community with its grids under another street. All rows in it follow; the old codes stay as aliases.
    Move(Move),
}

#[derive(Args)]
pub(super) struct Move {
    /// The community's code of 12 digits.
    code: RegionCode,
    /// The street's code of 12 digits.
    #[arg(long, value_name = "STREET")]
    to: RegionCode,
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Region {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self::Move(Move { code, to, database }) = self;
        let config = context.sources()?.flag("database.url", database).read()?;
        logging::start(&config.log)?;
        let now = Clock::system(config.zone).now().instant;
        let Moved { code: new, rows } = move_region(&app::database(&config)?, code, to, now).await?;
        context.console.line(format_args!("{code} is now {new}; its old codes are aliases. Rows with new places:"));
        for (register, count) in rows {
            context.console.line(format_args!("{count:>12} {register}"));
        }
        context.console.line(format_args!("Running servers notice within ten seconds."));
        Ok(ExitCode::SUCCESS)
    }
}
