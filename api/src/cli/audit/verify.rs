//! `civigrid audit verify`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Context, Place};
use crate::audit::{self, CheckpointFile, Proof, PublicKey, Report};

/// The exit code if something is wrong.
const WRONG: u8 = 3;

#[derive(Args)]
pub(in crate::cli) struct Verify {
    /// A file of checkpoints from outside the database; also audit.checkpoint_file of the settings.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The key that signed the checkpoints, public or private; also audit.checkpoint_key_file of the settings.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { checkpoint, key, place } = self;
        let desk = place.open(context).await?;
        // A file that is named must be there; that of the settings may not have been begun.
        let of_settings = desk.config.audit.checkpoint_file.clone().filter(|file| file.exists());
        let checkpoints = checkpoint.or(of_settings).map(|file| CheckpointFile(file).read()).transpose()?;
        let key = key.or_else(|| desk.config.audit.checkpoint_key_file.clone()).map(|file| PublicKey::read(&file)).transpose()?;
        let proof = Proof { checkpoints: checkpoints.unwrap_or_default(), key };
        let report = audit::verify(&desk.connection, &proof).await?;
        for finding in &report.findings {
            context.console.line(format_args!("wrong: {finding}"));
        }
        context.console.line(format_args!("{}", told(&report, proof.key.is_some())));
        Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
    }
}

fn told(report: &Report, has_key: bool) -> String {
    let Report { batches, records, numbers, dropped_up_to, unlinked, checkpoints: (held, signed), anchored_up_to, findings } = report;
    let range = numbers.map(|(first, last)| format!(", numbers {first} to {last}")).unwrap_or_default();
    let dropped =
        if *dropped_up_to > 0 { format!("; all up to number {dropped_up_to} was dropped when its time was over") } else { String::new() };
    let anchored = match (held, has_key) {
        (0, _) => "no checkpoint stands for any of it, so that its end may have been cut off".to_owned(),
        (held, false) => {
            format!("{held} checkpoints hold up to number {anchored_up_to}, but no key was given to check their signatures with")
        }
        (held, true) => format!("{signed} of {held} checkpoints are signed and hold up to number {anchored_up_to}"),
    };
    let count = findings.len();
    format!("{batches} batches with {records} records{range}{dropped}; {unlinked} not linked yet; {anchored}; {count} wrong")
}
