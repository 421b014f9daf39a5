//! `civigrid regenerate`: writes every file of the source tree that the program itself can tell, or says which are out of date.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::Context;
use super::pages::{errors, matrix, privacy};
use crate::policy::Policy;

/// What writes the files anew; named wherever one is found out of date.
const COMMAND: &str = "cargo run -- regenerate";

#[derive(Args)]
pub(super) struct Regenerate {
    /// Write nothing, and fail if a file is out of date.
    #[arg(long)]
    check: bool,
    /// The root of the source tree.
    #[arg(default_value = ".")]
    root: PathBuf,
}

/// A generated file, or the generated parts of one.
struct Generated {
    /// Path below the root.
    path: &'static str,
    content: Content,
}

enum Content {
    Whole(String),
    /// Texts that stand between the lines `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
    Parts(Vec<(&'static str, String)>),
}

fn all() -> Vec<Generated> {
    let policy = Policy::built_in();
    vec![
        Generated { path: "schema.graphql", content: Content::Whole(crate::graph::sdl()) },
        Generated { path: "docs/matrix.md", content: Content::Whole(matrix::page(&policy, &matrix::Selection::default())) },
        Generated { path: "docs/privacy.md", content: Content::Whole(privacy::page(&policy)) },
        Generated {
            path: "docs/errors.md",
            content: Content::Parts(vec![("codes of the graph", errors::graph_table()), ("codes of HTTP", errors::http_table())]),
        },
    ]
}

impl Regenerate {
    pub(super) fn run(&self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { check, root } = self;
        if !root.join("entities/src/registers.rs").is_file() {
            bail!("{} is not the source tree of Civigrid; run this at its root, or name it", root.display());
        }
        let mut stale = Vec::new();
        for Generated { path, content } in all() {
            let file = root.join(path);
            let before = read(&file)?;
            let after = content.put_into(path, before.as_deref())?;
            if before.as_deref() == Some(after.as_str()) {
                continue;
            }
            stale.push(path);
            if !check {
                std::fs::write(&file, after).with_context(|| format!("cannot write {}", file.display()))?;
                context.console.line(format_args!("wrote {path}"));
            }
        }
        if stale.is_empty() {
            context.console.line(format_args!("every generated file is current"));
        } else if *check {
            context.console.complain(format_args!("out of date: {}; run: {COMMAND}", stale.join(", ")));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The file's text; None if there is no such file yet.
fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

impl Content {
    /// The whole file as it should be.
    fn put_into(self, path: &str, before: Option<&str>) -> anyhow::Result<String> {
        match self {
            Self::Whole(text) => Ok(text),
            Self::Parts(parts) => {
                let before = before.with_context(|| format!("{path} is missing; only parts of it are generated"))?;
                parts.iter().try_fold(before.to_owned(), |text, (name, part)| put_part(&text, name, part, path))
            }
        }
    }
}

fn put_part(text: &str, name: &str, part: &str, path: &str) -> anyhow::Result<String> {
    let (begin, end) = (format!("<!-- generated: {name} -->\n"), format!("<!-- end: {name} -->\n"));
    let found = text.split_once(&begin).and_then(|(head, rest)| rest.split_once(&end).map(|(_, tail)| (head, tail)));
    let (head, tail) = found.with_context(|| format!("{path} lacks the lines {begin:?} and {end:?} that enclose a generated part"))?;
    Ok(format!("{head}{begin}\n{part}\n{end}{tail}"))
}
