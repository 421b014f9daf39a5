//! `civigrid policy`: what may be known about a policy before it rules.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::Context;
use crate::app;

#[derive(Subcommand)]
pub(super) enum Policy {
    /// Say whether a policy can be used, and what is wrong with it.
    Check {
        /// The policy file; without it that of the settings, else the built-in one.
        file: Option<PathBuf>,
    },
}

impl Policy {
    pub(super) fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self::Check { file } = self;
        let mut config = context.settings()?;
        if file.is_some() {
            config.policy_file = file;
        }
        let policy = app::policy(&config)?;
        let name = config.policy_file.as_ref().map_or("the built-in policy".to_owned(), |file| file.display().to_string());
        context.console.line(format_args!("{name} can be used; its roles:"));
        for (role, title) in policy.roles() {
            context.console.line(format_args!("  {role:<22} {title}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
