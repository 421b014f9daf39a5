//! `civigrid explain`: how the database would answer a query, asked as a role would ask it. Nothing is read.

use std::collections::HashSet;
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use entities::catalog::Register;
use entities::registers::REGISTERS;
use serde_json::{Map, Value};

use super::bounds::Bounds;
use super::console::Console;
use super::{Context, logging};
use crate::app;
use crate::clock::Clock;
use crate::graph::{Explained, Explanation, Request};
use crate::policy::{Caller, Permits, Policy};
use crate::store::explain::{DatabasePlan, Planning};

#[derive(Args)]
pub(super) struct Explain {
    /// The query; - reads it from standard input.
    query: String,
    /// The role to ask as; without it, a caller without a token.
    #[arg(long)]
    role: Option<String>,
    #[command(flatten)]
    bounds: Bounds,
    /// The caller's own id in the person register (person_…).
    #[arg(long, requires = "role")]
    person: Option<String>,
    /// The operation to explain, where the document has several.
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// The query's variables, as a JSON object.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    variables: String,
    /// Plan for the values of the query and the assignment, which the plan then shows. PostgreSQL only.
    #[arg(long)]
    values: bool,
    /// The database's address; also database.url of the settings.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Explain {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let config = context.sources()?.flag("database.url", self.database.clone()).read()?;
        logging::start(&config.log)?;
        let policy = app::policy(&config)?;
        let caller = self.caller(&policy)?;
        let variables: Map<String, Value> = serde_json::from_str(&self.variables).context("--variables is no JSON object")?;
        let request = Request { query: self.query()?, operation_name: self.operation, variables, ..Request::default() };
        let planning = if self.values { Planning::TheseValues } else { Planning::AnyValue };
        let engine = app::engine(&config).await?;
        let explained = engine.explain(&request, &caller, Clock::system(config.zone).now(), planning).await;
        let explanation = explained.map_err(|refused| anyhow::anyhow!("{}: {}", refused.code.word(), refused.message))?;
        print(context.console, &explanation);
        if explanation.steps.is_empty() {
            context.console.line(format_args!("{}", why_nothing(&request.query, &policy.permits(&caller))));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn caller(&self, policy: &Policy) -> anyhow::Result<Caller> {
        let Some(role) = &self.role else { return Ok(Caller::anonymous()) };
        let assigned = self.bounds.assigned(policy, role)?;
        assigned.supposed(self.person.as_deref()).map_err(anyhow::Error::msg)
    }

    fn query(&self) -> anyhow::Result<String> {
        if self.query != "-" {
            return Ok(self.query.clone());
        }
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read the query from standard input")?;
        Ok(text)
    }
}

/// Why the database is asked nothing: the registers that the query names and of which no row is in scope, if there are any.
fn why_nothing(query: &str, permits: &Permits) -> String {
    let words: HashSet<&str> = query.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').collect();
    let asked = |register: &Register| {
        // Statistics are asked for even of no rows, so they are not among what nothing is asked for.
        let roots = [Some(register.singular), register.plural];
        roots.into_iter().flatten().chain(register.natural_keys.iter().map(|key| key.root)).any(|root| words.contains(root))
    };
    let unseen = REGISTERS.iter().filter(|register| asked(register) && permits.of(register).is_empty());
    let unseen: Vec<&str> = unseen.map(|register| register.type_name).collect();
    if unseen.is_empty() {
        return "nothing would be asked of the database".to_owned();
    }
    format!("no rows of {} are in scope; nothing would be asked of the database", unseen.join(" or "))
}

fn print(console: &mut Console, explanation: &Explanation) {
    let Explanation { operation, document, nodes, node_limit, withheld, refused, steps } = explanation;
    let name = operation.as_deref().unwrap_or("(unnamed)");
    console.line(format_args!("operation {name}, document {document}, {nodes} of {node_limit} nodes"));
    for field in withheld {
        console.line(format_args!("withheld: {field}"));
    }
    for (root, code, message) in refused {
        console.line(format_args!("refused: {root}: {code}: {message}"));
    }
    for (index, step) in steps.iter().enumerate() {
        let Explained { table, work, parent, parents, sql, plan } = step;
        let hangs = match (parent, parents) {
            (Some(parent), Some(parents)) => format!(" (parents: step {parent}, at most {parents} rows)"),
            _ => String::new(),
        };
        console.line(format_args!("\nstep {}: {work}: {table}{hangs}", index + 1));
        if let Some(sql) = sql {
            console.line(format_args!("  {sql}"));
        }
        if let Some(DatabasePlan { text, rows, cost }) = plan {
            for line in text.lines() {
                console.line(format_args!("    {line}"));
            }
            if let (Some(rows), Some(cost)) = (rows, cost) {
                console.line(format_args!("  expected: {rows} rows, cost {cost}"));
            }
        }
    }
}
