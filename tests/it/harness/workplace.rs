//! The run's own directory. It is removed when this process ends, however it ends: a child waits for that.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The directory with its keeper, who holds the other end of a pipe from this process.
struct Workplace {
    path: PathBuf,
    _keeper: Child,
}

/// Waits until the pipe is closed, stops what `stop` says is to be stopped, and cleans up.
const KEEPER: &str = r#"read _; if [ -f "$0/stop" ]; then sh "$0/stop"; fi; rm -rf "$0""#;

/// The run's own directory.
pub(super) fn path() -> &'static Path {
    static WORKPLACE: OnceLock<Workplace> = OnceLock::new();
    &WORKPLACE.get_or_init(make).path
}

/// What is to be done before the directory is removed: a shell script.
pub(super) fn at_the_end(script: &str) {
    std::fs::write(path().join("stop"), script).expect("the workplace can be written to");
}

fn make() -> Workplace {
    let path = tempfile::Builder::new().prefix("civigrid-test-").tempdir().expect("a temporary directory").keep();
    // A database server of another user must find its own directory in it.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let keeper = Command::new("sh")
        .args(["-c", KEEPER])
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("sh runs");
    Workplace { path, _keeper: keeper }
}
