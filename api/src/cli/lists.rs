//! The lists in the source tree that follow from which files there are: registers, their entities and the changes of the
//! database's shape. The program that writes them is compiled without what is new, so they are read from the files' names.

use std::path::Path;

use anyhow::Context as _;

/// What an entity's file says that is a register's.
const MARK: &str = "pub const REGISTER: Register";

/// The registers' lists.
pub(super) struct Registers {
    /// In the order of the list that is there; new ones at the end, by name.
    ordered: Vec<String>,
}

impl Registers {
    /// Reads which registers there are.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let folder = root.join("entities/src");
        let mut found = Vec::new();
        for name in modules_in(&folder)? {
            let file = folder.join(format!("{name}.rs"));
            if std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?.contains(MARK) {
                found.push(name);
            }
        }
        let file = folder.join("registers.rs");
        let list = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let named = |line: &str| Some(line.trim().strip_prefix("&super::")?.strip_suffix("::REGISTER,")?.to_owned());
        let mut ordered: Vec<String> = list.lines().filter_map(named).filter(|name| found.contains(name)).collect();
        found.retain(|name| !ordered.contains(name));
        ordered.extend(found);
        Ok(Self { ordered })
    }

    /// The modules of `entities/src/lib.rs`.
    pub(super) fn modules(&self) -> String {
        let mut names = self.ordered.clone();
        names.sort_unstable();
        lines(&names, |name| format!("pub mod {name};"))
    }

    /// The entries of `REGISTERS`.
    pub(super) fn entries(&self) -> String {
        lines(&self.ordered, |name| format!("    &super::{name}::REGISTER,"))
    }

    /// The visits of entities.
    pub(super) fn visits(&self) -> String {
        lines(&self.ordered, |name| format!("    visitor.visit(&super::{name}::REGISTER, super::{name}::Entity);"))
    }
}

/// The changes of the database's shape, oldest first.
pub(super) struct Changes(Vec<String>);

impl Changes {
    /// Reads which changes there are: their files begin with the day and a number.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let is_change = |name: &String| name.strip_prefix('m').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        Ok(Self(modules_in(&root.join("migration/src"))?.into_iter().filter(is_change).collect()))
    }

    /// The modules of `migration/src/lib.rs`.
    pub(super) fn modules(&self) -> String {
        lines(&self.0, |name| format!("mod {name};"))
    }

    /// The entries of the migrator.
    pub(super) fn entries(&self) -> String {
        lines(&self.0, |name| format!("            Box::new({name}::Migration),"))
    }
}

fn lines(names: &[String], line: impl Fn(&String) -> String) -> String {
    names.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The names of a folder's modules of one file, in order.
fn modules_in(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.with_context(|| format!("cannot read {}", folder.display()))?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}
