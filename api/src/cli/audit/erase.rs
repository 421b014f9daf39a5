//! `civigrid audit erase`.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::export::person_key;
use super::{Context, Place, acting};
use crate::audit::{self, Erasure};

#[derive(Args)]
pub(in crate::cli) struct Erase {
    /// The person (person_…).
    #[arg(long, value_name = "ID")]
    person: String,
    /// Who does it, for the log.
    #[arg(long, value_name = "SUBJECT")]
    by: String,
    /// Why, for those who ask later. It must not tell who is erased: it stays.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    place: Place,
}

impl Erase {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { person, by, reason, place } = self;
        if reason.trim().is_empty() || reason.contains(&person) {
            bail!("the reason must say something, and must not name the person: it stays in the log");
        }
        let person = person_key(&person)?;
        let desk = place.open(context).await?;
        let by = acting(by);
        let erasure = Erasure { person, by: &by, reason: &reason, now: desk.now() };
        let erased = audit::erase(&desk.connection, &erasure).await?;
        context.console.line(format_args!("{} mentions in {} batches were erased", erased.mentions, erased.batches));
        Ok(ExitCode::SUCCESS)
    }
}
