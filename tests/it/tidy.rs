//! The code keeps to its layers: read from its own `use` lines.

use std::path::{Path, PathBuf};

use entities::registers::REGISTERS;

use crate::schema::root;

/// Modules of the program, upper ones first. A layer may skip levels downward and never looks up.
const LAYERS: &[&[&str]] =
    &[&["cli"], &["app"], &["http"], &["graph", "generate"], &["store"], &["audit"], &["policy"], &["config", "clock", "language"]];
/// Leaves: they use nothing of ours, but that settings name a language.
const LEAVES: &[&str] = &["config", "clock", "language"];

/// A library, and the modules that alone may use it.
const OWNERS: &[(&str, &[&str])] = &[
    ("axum", &["http/", "app/"]),
    ("hyper", &["http/"]),
    ("hyper_rustls", &["http/outward.rs"]),
    ("hyper_util", &["http/"]),
    ("tower_http", &["http/"]),
    ("apollo_compiler", &["graph/"]),
    ("jsonwebtoken", &["http/authentication/"]),
    ("sqlx", &["audit/", "store/"]),
    ("figment", &["config/"]),
    ("clap", &["cli/"]),
];
/// What the policy does without: it is pure and synchronous.
const NOT_IN_POLICY: &[&str] =
    &["async fn", ".await", "sea_orm", "sqlx", "axum", "apollo_compiler", "tokio", "crate::store", "crate::graph"];

/// The longest file of code.
const LONGEST: usize = 400;

struct File {
    /// Path below `api/src`, with `/`.
    path: String,
    text: String,
}

/// The files of code below a directory, sorted.
pub(crate) fn files_in(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory of the workspace") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn program() -> Vec<File> {
    let source = root().join("api/src");
    files_in(&source)
        .into_iter()
        .map(|path| File {
            path: path.strip_prefix(&source).expect("below it").to_string_lossy().replace('\\', "/"),
            text: std::fs::read_to_string(&path).expect("readable"),
        })
        .collect()
}

/// The module that a file belongs to, at the top.
fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The modules that the lines `use crate::…` name, also in braces, and those of paths in the code.
fn used(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for rest in code(text).split("crate::").skip(1) {
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split_once('}').map_or("", |(inner, _)| inner).split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
            used.push(name);
        }
    }
    used
}

/// The text without comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn layers_use_only_layers_below_them() {
    let mut wrong = Vec::new();
    for File { path, text } in program() {
        let own = top(&path);
        if ["lib", "main"].contains(&own) {
            continue;
        }
        let own_layer = layer(own).unwrap_or_else(|| panic!("{path} is in no layer; name its module in LAYERS"));
        for name in used(&text) {
            let Some(other) = layer(&name) else {
                wrong.push(format!("{path} uses crate::{name}, which is no layer"));
                continue;
            };
            let neighbours = own_layer == other && name != own;
            let allowed_neighbour = own == "config" && ["clock", "language"].contains(&name.as_str());
            if other < own_layer || (neighbours && !allowed_neighbour) || (LEAVES.contains(&own) && name != own && !allowed_neighbour) {
                wrong.push(format!("{path} uses crate::{name}, which is not below it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_library_has_one_owner() {
    let mut wrong = Vec::new();
    for File { path, text } in program() {
        let code = code(&text);
        for (library, owners) in OWNERS {
            let uses = code.lines().any(|line| {
                let line = line.trim_start();
                line.starts_with(&format!("use {library}::"))
                    || line.contains(&format!(" {library}::"))
                    || line.contains(&format!("({library}::"))
            });
            if uses && !owners.iter().any(|owner| path.starts_with(owner)) {
                wrong.push(format!("{path} uses {library}, which belongs to {}", owners.join(", ")));
            }
        }
        if code.contains("Utc::now") && path != "clock.rs" {
            wrong.push(format!("{path} reads the time, which clock.rs tells"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_policy_is_pure_and_synchronous() {
    for File { path, text } in program().into_iter().filter(|file| file.path.starts_with("policy/")) {
        let code = code(&text);
        for word in NOT_IN_POLICY {
            assert!(!code.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn no_file_is_too_long_and_none_is_called_utils() {
    let mut wrong = Vec::new();
    for directory in ["api/src", "api/tests", "entities/src", "migration/src", "tests"] {
        for path in files_in(&root().join(directory)) {
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let lines = std::fs::read_to_string(&path).expect("readable").lines().count();
            if lines > LONGEST {
                wrong.push(format!("{} has {lines} lines; at most {LONGEST}: split it", path.display()));
            }
            if ["util", "utils", "helper", "helpers", "misc", "common"].contains(&name.as_str()) {
                wrong.push(format!("{}: say what it does", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_register_has_an_entity_file_of_its_name() {
    for register in REGISTERS {
        let file = root().join(format!("entities/src/{}.rs", register.name));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("entities/src/{}.rs is missing", register.name));
        assert!(text.contains(&format!("table_name = \"{}\"", register.table)), "{}", register.name);
    }
}
