//! `civigrid audit expire`.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::{Context, Place};
use crate::audit;

#[derive(Args)]
pub(in crate::cli) struct Expire {
    /// How many months are kept beside the present one; also audit.kept_months of the settings.
    #[arg(long, value_name = "MONTHS", value_parser = clap::value_parser!(u32).range(..=1_200))]
    keep: Option<u32>,
    #[command(flatten)]
    place: Place,
}

impl Expire {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { keep, place } = self;
        let desk = place.open(context).await?;
        let months = keep.or(desk.config.audit.kept_months).context("say how many months are kept: --keep, or audit.kept_months")?;
        let expired = audit::expire(&desk.connection, months, desk.now()).await?;
        context.console.line(format_args!("{} batches were dropped", expired.batches));
        Ok(ExitCode::SUCCESS)
    }
}
