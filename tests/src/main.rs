//! The program itself, built for the tests that need a process of their own: its log, its exit codes, its metrics.

use std::process::ExitCode;

fn main() -> ExitCode {
    civigrid::cli::run()
}
