//! `civigrid regenerate`: writes every file of the source tree that the program itself can tell, or says which are out of date.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::Context;
use super::lists::{Changes, Registers};
use super::pages::{REGENERATE, errors, matrix, privacy};
use crate::policy::Policy;

/// What begins and ends a generated part, in the two kinds of files that have any.
#[derive(Clone, Copy)]
enum Marks {
    Markdown,
    Rust,
}

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
    /// Texts that stand between lines that name them: `generated: NAME` and `end: NAME` in a comment.
    Parts(Marks, Vec<(&'static str, String)>),
}

/// The lists that the program itself is compiled from.
fn lists(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let (registers, changes) = (Registers::read(root)?, Changes::read(root)?);
    Ok(vec![
        Generated {
            path: "entities/src/lib.rs",
            content: Content::Parts(Marks::Rust, vec![("modules of registers", registers.modules())]),
        },
        Generated {
            path: "entities/src/registers.rs",
            content: Content::Parts(Marks::Rust, vec![("registers", registers.entries()), ("entities", registers.visits())]),
        },
        Generated {
            path: "migration/src/lib.rs",
            content: Content::Parts(Marks::Rust, vec![("modules of changes", changes.modules()), ("changes", changes.entries())]),
        },
    ])
}

/// What the program tells of itself.
fn told() -> Vec<Generated> {
    let policy = Policy::built_in();
    vec![
        Generated { path: "schema.graphql", content: Content::Whole(crate::graph::sdl()) },
        Generated { path: "docs/matrix.md", content: Content::Whole(matrix::page(&policy, &matrix::Selection::default())) },
        Generated { path: "docs/privacy.md", content: Content::Whole(privacy::page(&policy)) },
        Generated {
            path: "docs/errors.md",
            content: Content::Parts(
                Marks::Markdown,
                vec![("codes of the graph", errors::graph_table()), ("codes of HTTP", errors::http_table())],
            ),
        },
    ]
}

impl Regenerate {
    pub(super) fn run(&self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { check, root } = self;
        if !root.join("entities/src/registers.rs").is_file() {
            bail!("{} is not the source tree of Civigrid; run this at its root, or name it", root.display());
        }
        let mut stale = self.renew(context, lists(root)?)?;
        if !stale.is_empty() && !check {
            return self.again(context);
        }
        stale.extend(self.renew(context, told())?);
        if stale.is_empty() {
            context.console.line(format_args!("every generated file is current"));
        } else if *check {
            context.console.complain(format_args!("out of date: {}; run: {REGENERATE}", stale.join(", ")));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Regenerate {
    /// Writes what is out of date, unless it is only to be checked; tells what that was.
    fn renew(&self, context: &mut Context<'_>, files: Vec<Generated>) -> anyhow::Result<Vec<&'static str>> {
        let Self { check, root } = self;
        let mut stale = Vec::new();
        for Generated { path, content } in files {
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
        Ok(stale)
    }

    /// What the program tells of itself it can tell only once it is compiled from the new lists: cargo, if it runs this
    /// program, runs it again.
    fn again(&self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Some(cargo) = std::env::var_os("CARGO") else {
            context.console.complain(format_args!("the lists of registers have changed; build the program and run this again"));
            return Ok(ExitCode::FAILURE);
        };
        let mut command = std::process::Command::new(cargo);
        command.current_dir(&self.root).args(["run", "--quiet", "--package", "civigrid", "--", "regenerate"]);
        let status = command.status().context("cargo does not start")?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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
            Self::Parts(marks, parts) => {
                let before = before.with_context(|| format!("{path} is missing; only parts of it are generated"))?;
                parts.iter().try_fold(before.to_owned(), |text, (name, part)| put_part(&text, marks, name, part, path))
            }
        }
    }
}

fn put_part(text: &str, marks: Marks, name: &str, part: &str, path: &str) -> anyhow::Result<String> {
    let (begin, end) = match marks {
        Marks::Markdown => (format!("<!-- generated: {name} -->"), format!("<!-- end: {name} -->")),
        Marks::Rust => (format!("// generated: {name}"), format!("// end: {name}")),
    };
    let lines: Vec<&str> = text.lines().collect();
    let line = |mark: &str| lines.iter().position(|line| line.trim() == mark);
    let (first, last) = line(&begin)
        .zip(line(&end))
        .filter(|(first, last)| first < last)
        .with_context(|| format!("{path} lacks the lines {begin:?} and {end:?} that enclose a generated part"))?;
    let space: &[&str] = if matches!(marks, Marks::Markdown) { &[""] } else { &[] };
    let written = [&lines[..=first], space, &[part], &lines[last..]].concat();
    Ok(written.join("\n") + "\n")
}
