//! `civigrid policy test`: cases in a file, caller × question → expected cells.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use entities::codes::Board;
use serde::Deserialize;
use uuid::Uuid;

use super::Source;
use crate::cli::Context;
use crate::cli::bounds::known_role;
use crate::clock::Clock;
use crate::graph::{Preview, Previewed};
use crate::policy::{Assignment, Caller, CallerKind, Policy, Purpose, Shown};

#[derive(Args)]
pub(in crate::cli) struct Trial {
    /// The file of cases.
    cases: PathBuf,
    #[command(flatten)]
    source: Source,
}

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One case: who asks what, and what must come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it proves.
    name: String,
    /// The caller's roles, each with the same bounds; none for a caller without a token.
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    board: Option<String>,
    department: Option<String>,
    #[serde(default)]
    projects: Vec<String>,
    /// The caller's own id in the person register.
    person: Option<String>,
    purpose: Option<String>,
    /// The question, in GraphQL.
    query: String,
    #[serde(default)]
    variables: serde_json::Map<String, serde_json::Value>,
    /// What must be shown of which cell: full, masked, some rows or withheld.
    #[serde(default)]
    cells: BTreeMap<String, String>,
    /// The code with which root fields must be refused, by their response key.
    #[serde(default)]
    refused: BTreeMap<String, String>,
}

impl Trial {
    pub(in crate::cli) fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { cases: path, source } = self;
        let clock = Clock::system(context.settings()?.zone);
        let policy = source.read(context)?;
        let text = std::fs::read_to_string(&path).with_context(|| format!("the file of cases {} cannot be read", path.display()))?;
        let Cases { case: cases } = toml::from_str(&text).with_context(|| format!("{} holds no cases", path.display()))?;
        if cases.is_empty() {
            bail!("{} holds no case; one begins with [[case]]", path.display());
        }
        let preview = Preview::new().map_err(anyhow::Error::msg)?;
        let mut failed = 0;
        for case in &cases {
            let differences = case.run(&policy, &preview, &clock).with_context(|| format!("case {:?}", case.name))?;
            let word = if differences.is_empty() { "ok    " } else { "FAILED" };
            context.console.line(format_args!("{word}  {}", case.name));
            for difference in &differences {
                context.console.line(format_args!("          {difference}"));
            }
            failed += usize::from(!differences.is_empty());
        }
        context.console.line(format_args!("{} of {} cases hold by {}", cases.len() - failed, cases.len(), policy.file()));
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Case {
    /// What is otherwise than expected.
    fn run(&self, policy: &Policy, preview: &Preview, clock: &Clock) -> anyhow::Result<Vec<String>> {
        let caller = self.caller(policy)?;
        let Previewed { cells, refused } =
            preview.ask(policy, &caller, &self.query, &self.variables, clock.now()).map_err(anyhow::Error::msg)?;
        let mut differences = Vec::new();
        for (cell, expected) in &self.cells {
            if !WORDS.iter().any(|(word, _)| word == expected) {
                bail!("cell {cell} is expected to be {expected:?}; possible are full, masked, some rows and withheld");
            }
            match cells.get(cell) {
                None => differences.push(format!("{cell} is not asked for")),
                Some(shown) if word_of(*shown) != expected => {
                    differences.push(format!("{cell} is {}; expected is {expected}", word_of(*shown)));
                }
                Some(_) => {}
            }
        }
        for (root, code) in &self.refused {
            match refused.iter().find(|(key, _)| key == root) {
                None => differences.push(format!("{root} is answered; expected is {code}")),
                Some((_, given)) if given != code => differences.push(format!("{root} is refused with {given}; expected is {code}")),
                Some(_) => {}
            }
        }
        let unexpected = refused.iter().filter(|(root, _)| !self.refused.contains_key(root));
        differences.extend(unexpected.map(|(root, code)| format!("{root} is refused with {code}")));
        Ok(differences)
    }

    fn caller(&self, policy: &Policy) -> anyhow::Result<Caller> {
        let regions: Result<Vec<_>, _> = self.regions.iter().map(|code| code.parse()).collect();
        let board = self.board.as_ref().map(|name| Board::named(name).with_context(|| format!("{name:?} is no board"))).transpose()?;
        let id = |register: &str, text: &Option<String>| -> anyhow::Result<Option<Uuid>> {
            let Some(text) = text else { return Ok(None) };
            let parsed = entities::id::parse(text).filter(|(prefix, _)| *prefix == register).map(|(_, uuid)| uuid);
            parsed.map(Some).with_context(|| format!("{text:?} is no id of a {register}"))
        };
        let (regions, department) = (regions?, id("department", &self.department)?);
        if let Some(purpose) = self.purpose.as_ref().filter(|purpose| !policy.purposes().iter().any(|known| known.code == **purpose)) {
            bail!("{purpose:?} is no purpose of {}", policy.file());
        }
        let assignment = |role: &String| -> anyhow::Result<Assignment> {
            let role = known_role(policy, role.clone())?;
            Ok(Assignment { role, regions: regions.clone(), board, department, projects: self.projects.clone() })
        };
        Ok(Caller {
            kind: if self.roles.is_empty() { CallerKind::Anonymous } else { CallerKind::Person },
            person: id("person", &self.person)?,
            purpose: self.purpose.clone().map_or(Purpose::Unstated, Purpose::Stated),
            assignments: self.roles.iter().map(assignment).collect::<anyhow::Result<_>>()?,
            ..Caller::anonymous()
        })
    }
}

const WORDS: [(&str, Shown); 4] =
    [("full", Shown::Full), ("masked", Shown::Masked), ("some rows", Shown::SomeRows), ("withheld", Shown::Nowhere)];

fn word_of(shown: Shown) -> &'static str {
    WORDS.iter().find(|(_, known)| *known == shown).map_or("withheld", |(word, _)| word)
}
