//! The program. See [`civigrid::cli`] for its commands.

use std::process::ExitCode;

/// Answers are many short-lived pieces of memory from many threads, which this allocator is good at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    civigrid::cli::run()
}
