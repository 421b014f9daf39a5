//! `civigrid policy`: what may be known about a policy before it rules.

mod agreements;
mod explain;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use entities::registers::REGISTERS;

use super::Context;
use super::bounds::known_role;
use super::pages::{differences, matrix, privacy};
use crate::app;
use crate::clock::{Clock, Now};
use crate::policy as core;
use crate::policy::hint;

#[derive(Subcommand)]
pub(super) enum Policy {
    /// Say whether a policy can be used, what is wrong with it, and what may not be meant.
    Check {
        /// The policy file; without it that of the settings, else the built-in one.
        file: Option<PathBuf>,
        /// Fail also on what may not be meant: fields and registers that no role sees, roles without grants, words that change nothing.
        #[arg(long)]
        strict: bool,
    },
    /// Print the policy file that holds; to begin one of your own, or to look up a line.
    Show(Source),
    /// Print who may do what with every field, as a page in Markdown.
    Matrix {
        /// Only this role; several times for several.
        #[arg(long)]
        role: Vec<String>,
        /// Only this register; several times for several.
        #[arg(long)]
        register: Vec<String>,
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        agreed: agreements::Asked,
    },
    /// Print which cells of the matrix differ between two policies: what a change gives and takes, and to whom.
    Diff {
        /// The policy to compare with; with one file alone, the policy that holds is compared with it.
        before: PathBuf,
        /// The policy after the change.
        after: Option<PathBuf>,
    },
    /// Try a policy on the cases of a file: what a caller would be shown of a question, held against what is expected.
    Test(trial::Trial),
    /// Print what is kept about people, who sees it, why and how long, as a page in Markdown.
    Privacy(Source),
    /// Say why a role may see, filter or count by a field, or why not, and what grant would be needed.
    Explain(explain::Explain),
}

/// Which policy.
#[derive(Args)]
pub(super) struct Source {
    /// The policy file; without it that of the settings, else the built-in one.
    #[arg(long = "policy", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Source {
    fn read(self, context: &Context<'_>) -> anyhow::Result<core::Policy> {
        let mut config = context.settings()?;
        if self.file.is_some() {
            config.policy_file = self.file;
        }
        Ok(app::policy(&config)?)
    }
}

impl Policy {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check { file, strict } => check(Source { file }, strict, context),
            Self::Show(source) => show(source, context),
            Self::Matrix { role, register, source, agreed } => {
                let policy = source.read(context)?;
                let agreements = agreed.read(context).await?;
                let selection = matrix::Selection {
                    roles: role.into_iter().map(|role| known_role(&policy, role)).collect::<anyhow::Result<_>>()?,
                    registers: register.iter().map(|name| Ok(known_register(name)?.name)).collect::<anyhow::Result<_>>()?,
                };
                context.console.write(&matrix::page(&policy, &selection));
                if let Some(agreements) = agreements {
                    context.console.write(&agreements::section(&agreements, &selection.registers));
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Privacy(source) => {
                let policy = source.read(context)?;
                context.console.write(&privacy::page(&policy));
                Ok(ExitCode::SUCCESS)
            }
            Self::Diff { before, after } => diff(before, after, context),
            Self::Test(trial) => trial.run(context),
            Self::Explain(explain) => explain.run(context).await,
        }
    }
}

fn check(source: Source, strict: bool, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
    let policy = source.read(context)?;
    let derivable = policy.derivable();
    if !derivable.is_empty() {
        for core::Finding { file, line, message } in &derivable {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            context.console.remark(format_args!("{file}{line}: {message}"));
        }
        let hint = "show what follows, show no longer what tells it, or accept it with [[accept]] and say why";
        context.console.complain(format_args!("{} shows what it withholds, {} times; {hint}", policy.file(), derivable.len()));
        return Ok(ExitCode::FAILURE);
    }
    let mut remarks = policy.review();
    remarks.extend(policy.ended(now(context)?));
    let word = if strict { "not strict" } else { "warning" };
    for core::Finding { file, line, message } in &remarks {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        context.console.remark(format_args!("{file}{line}: {word}: {message}"));
    }
    if strict && !remarks.is_empty() {
        context.console.complain(format_args!("{} could be used, but --strict wants {} remarks mended", policy.file(), remarks.len()));
        return Ok(ExitCode::FAILURE);
    }
    context.console.line(format_args!("{} can be used; its roles:", policy.file()));
    for (role, title) in policy.roles() {
        context.console.line(format_args!("  {role:<22} {title}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The present in the zone of the settings.
fn now(context: &Context<'_>) -> anyhow::Result<Now> {
    Ok(Clock::system(context.settings()?.zone).now())
}

fn diff(first: PathBuf, second: Option<PathBuf>, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
    let (before, after) = match second {
        Some(second) => (Source { file: Some(first) }, Source { file: Some(second) }),
        None => (Source { file: None }, Source { file: Some(first) }),
    };
    let found = differences::between(&before.read(context)?, &after.read(context)?);
    for difference in &found {
        context.console.line(format_args!("{difference}"));
    }
    match found.len() {
        0 => context.console.line(format_args!("no cell of the matrix differs")),
        1 => context.console.line(format_args!("1 difference")),
        many => context.console.line(format_args!("{many} differences")),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(source: Source, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
    let configured = context.settings()?.policy_file;
    match source.file.or(configured) {
        None => context.console.write(core::BUILT_IN),
        Some(file) => match std::fs::read_to_string(&file) {
            Ok(text) => context.console.write(&text),
            Err(error) => bail!("cannot read {}: {error}", file.display()),
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// A register by its name in the policy or by its type in the graph.
fn known_register(name: &str) -> anyhow::Result<&'static entities::catalog::Register> {
    if let Some(register) = REGISTERS.iter().find(|register| register.name == name || register.type_name == name) {
        return Ok(register);
    }
    let as_types = name.starts_with(char::is_uppercase);
    let names = REGISTERS.iter().map(|register| if as_types { register.type_name } else { register.name });
    bail!("unknown type \"{name}\"; {}", hint(name, names))
}
