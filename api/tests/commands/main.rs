//! The program as it is typed: each test runs the built binary in a directory of its own.

mod generated_files;
mod policy_check;
mod policy_diff;
mod policy_explain;
mod policy_mistakes;
mod policy_test;
mod settings;
mod tokens;

use std::path::Path;
use std::process::Command;

/// What a command said, and whether it succeeded.
struct Said {
    success: bool,
    out: String,
    complaints: String,
}

/// Runs `civigrid` with these words, in this directory, without settings from the environment.
fn civigrid(directory: &Path, words: &[&str]) -> Said {
    civigrid_with(directory, words, &[])
}

/// The same with these variables of the environment.
fn civigrid_with(directory: &Path, words: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_civigrid"));
    // Cargo, which runs these tests, is not to be found: what the program would ask of it belongs to no copy of a tree.
    command.args(words).current_dir(directory).env_remove("CARGO");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CIVIGRID_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { success: output.status.success(), out: text(output.stdout), complaints: text(output.stderr) }
}

/// A directory that holds one policy file, `policy.toml`.
fn directory_with(policy: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("policy.toml"), policy).expect("a file");
    directory
}
