//! Settings from the environment, and the database that they name.

use std::time::{Duration, Instant};

use crate::{civigrid, civigrid_with};

#[test]
fn a_variable_with_one_underscore_too_few_is_told_its_right_name() {
    let directory = tempfile::tempdir().expect("a directory");
    for (written, meant) in [
        ("CIVIGRID_SERVER_LISTEN", "CIVIGRID_SERVER__LISTEN"),
        ("CIVIGRID_RATE_LIMIT_PER_SECOND", "CIVIGRID_RATE_LIMIT__PER_SECOND"),
        ("CIVIGRID_DATABASE_URL_FILE", "CIVIGRID_DATABASE__URL_FILE"),
    ] {
        let said = civigrid_with(directory.path(), &["serve", "--check", "--offline"], &[(written, "hunter2")]);
        let expected = format!("{written} is not a setting; did you mean {meant}, with two underscores between the parts?");
        assert!(!said.success && said.complaints.contains(&expected), "{}", said.complaints);
        assert!(!said.complaints.contains("hunter2"), "{}", said.complaints);
    }
}

#[test]
fn a_database_that_is_not_there_is_said_to_refuse_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    // A port that nobody listens on.
    let url = "postgres://nobody:hunter2@127.0.0.1:1/none";
    for command in ["migrate", "generate"] {
        let begun = Instant::now();
        let said = civigrid(directory.path(), &[command, "--database", url]);
        assert!(!said.success && said.complaints.to_lowercase().contains("connection refused"), "{}", said.complaints);
        assert!(!said.complaints.contains("hunter2") && begun.elapsed() < Duration::from_secs(15), "{}", said.complaints);
    }
}
