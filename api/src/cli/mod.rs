//! The command line: one program, every command in its own file.

mod account;
mod audit;
mod bounds;
mod check;
mod client;
mod console;
mod data;
mod demo;
mod explain;
mod failure;
mod health;
mod lists;
mod logging;
mod pages;
mod policy;
mod regenerate;
mod region;
mod serve;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Sources};
use console::Console;

/// One GraphQL schema over a city's community registers.
#[derive(Parser)]
#[command(name = "civigrid", version, propagate_version = true)]
struct Arguments {
    /// The configuration file; civigrid.toml if it is there. Also CIVIGRID_CONFIG.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests.
    Serve(serve::Serve),
    /// Ask a running server whether it can answer.
    Health(health::Health),
    /// Say how the database would answer a query, asked as a role would ask it. Nothing is read.
    Explain(Box<explain::Explain>),
    /// Bring the database's shape up to date.
    Migrate(data::Migrate),
    /// Fill an empty database with invented people on the real map.
    Generate(data::Generate),
    /// Sign a token, or make a key that signs tokens.
    Token(Box<token::Token>),
    /// Print the schema.
    Schema,
    /// Write every generated file of the source tree anew (for those who change Civigrid itself).
    Regenerate(regenerate::Regenerate),
    /// Look at a policy.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Give and end roles of accounts, revoke accounts and tokens.
    #[command(subcommand)]
    Account(account::Account),
    /// Register applications, their keys and the documents they may send.
    #[command(subcommand)]
    Client(client::Client),
    /// Prove, export, shorten the log of who read what, and take persons out of it.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Change the region tree.
    #[command(subcommand)]
    Region(region::Region),
    /// Try it out: an embedded database with invented people, and a token for every role.
    Demo(demo::Demo),
}

/// Runs what the command line says.
pub fn run() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    let mut console = Console::new();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            console.complain(format_args!("cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let mut context = Context { console: &mut console, config };
    match runtime.block_on(context.run(command)) {
        Ok(code) => code,
        Err(error) => {
            console.complain(format_args!("{}", failure::told(&error)));
            ExitCode::FAILURE
        }
    }
}

/// What every command has at hand.
struct Context<'a> {
    console: &'a mut Console,
    config: Option<PathBuf>,
}

impl Context<'_> {
    async fn run(&mut self, command: Command) -> anyhow::Result<ExitCode> {
        match command {
            Command::Serve(command) => command.run(self).await,
            Command::Health(command) => command.run(self).await,
            Command::Explain(command) => command.run(self).await,
            Command::Migrate(command) => command.run(self).await,
            Command::Generate(command) => command.run(self).await,
            Command::Token(command) => command.run(self),
            Command::Schema => {
                self.console.write(&crate::graph::sdl());
                Ok(ExitCode::SUCCESS)
            }
            Command::Regenerate(command) => command.run(self),
            Command::Policy(command) => command.run(self).await,
            Command::Account(command) => command.run(self).await,
            Command::Client(command) => command.run(self).await,
            Command::Audit(command) => command.run(self).await,
            Command::Region(command) => command.run(self).await,
            Command::Demo(command) => command.run(self).await,
        }
    }

    /// The file and the environment; the command adds its flags.
    fn sources(&self) -> anyhow::Result<Sources> {
        Ok(Sources::standard(self.config.as_deref())?)
    }

    fn settings(&self) -> anyhow::Result<Config> {
        Ok(self.sources()?.read()?)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
