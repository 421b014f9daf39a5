//! The benchmark: Civigrid beside the best handler written by hand for each work, on the same data, with the same answers.
//!
//! `bench` starts a PostgreSQL of its own, fills it, and starts two servers as processes of their own, so that each
//! one's CPU can be told: Civigrid as it is shipped (`serve-civigrid`) and the handlers (`serve-hand`). It then checks that
//! both give the same values, loads them in turn and prints a table. See `docs/benchmark.md`.

mod account;
mod cluster;
mod compare;
mod console;
mod hand;
mod http_client;
mod load;
mod log_cost;
mod measure;
mod report;
mod run;
mod servers;
mod setup;
mod variables;
mod works;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The same allocator in both servers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Civigrid beside handlers written by hand.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(flatten)]
    run: run::Run,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve Civigrid (started by the benchmark).
    #[command(hide = true)]
    ServeCivigrid(servers::Civigrid),
    /// Serve the handlers written by hand (started by the benchmark).
    #[command(hide = true)]
    ServeHand(hand::Serve),
}

fn main() -> ExitCode {
    let Arguments { run, command } = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            console::complain(format_args!("cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match command {
            None => run.run().await,
            Some(Command::ServeCivigrid(command)) => command.run().await.map(|()| true),
            Some(Command::ServeHand(command)) => command.run().await.map(|()| true),
        }
    });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            console::complain(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
