//! `civigrid client list` and `civigrid client show`.

use std::process::ExitCode;

use clap::Args;
use entities::client::Model;

use super::key::{instant, told};
use super::{Context, Place};
use crate::config::Authentication;
use crate::store::accounts::{self, Wanted};
use crate::store::clients;

/// As many days of use are told.
const DAYS: usize = 7;

#[derive(Args)]
pub(in crate::cli) struct List {
    /// What has ended too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct Show {
    /// Its name or id (client_…).
    client: String,
    #[command(flatten)]
    place: Place,
}

impl List {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { all, place } = self;
        let desk = place.open(context).await?;
        let now = desk.now();
        let rows = clients::all(&desk.database).await?;
        let rows: Vec<&Model> = rows.iter().filter(|row| all || row.to_at.is_none_or(|to| to > now)).collect();
        for row in &rows {
            let ended = if row.to_at.is_some_and(|to| to <= now) { ", ended" } else { "" };
            context.console.line(format_args!("{}  {}: {}{ended}", row.id, row.name, answering(row)));
        }
        if rows.is_empty() {
            context.console.line(format_args!("none"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, place } = self;
        let desk = place.open(context).await?;
        let now = desk.now();
        let row = clients::by_word(&desk.database, &client).await?;
        let mut lines = of_row(&row);
        for key in clients::keys(&desk.database, row.id).await? {
            lines.push(format!("key: {}", told(&key, now)));
        }
        let wanted = Wanted {
            issuer: Some(Authentication::CLIENT_ISSUER.to_owned()),
            subject: Some(row.id.to_string()),
            role: None,
            holding: Some(now),
        };
        for role in accounts::assignments(&desk.database, &wanted).await? {
            let region = role.region_code.map(|code| format!(" in {code}")).unwrap_or_default();
            lines.push(format!("role: {}{region}, given by {}: {}", role.role, role.granted_by, role.reason));
        }
        lines.push(format!("documents: {}", clients::documents(&desk.database, row.id).await?.len()));
        for day in clients::taken(&desk.database, row.id).await?.into_iter().take(DAYS) {
            lines.push(format!("taken on {}: {}", day.day, day.taken));
        }
        for line in lines {
            context.console.line(format_args!("{line}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Who answers for it.
fn answering(row: &Model) -> String {
    let account = row.owner_subject.as_ref().zip(row.owner_issuer.as_ref()).map(|(subject, issuer)| format!("{subject} of {issuer}"));
    let department = row.department_id.map(|id| id.to_string());
    let both: Vec<String> = account.into_iter().chain(department).collect();
    format!("{} answers for it", both.join(", for "))
}

fn of_row(row: &Model) -> Vec<String> {
    let number = |number: Option<i32>, without: &str| number.map_or_else(|| without.to_owned(), |number| number.to_string());
    let to = row.to_at.map(|to| format!(" to {}", instant(to))).unwrap_or_default();
    let mut lines = vec![
        format!("{}  {}: {}", row.id, row.name, answering(row)),
        format!("from {}{to}", instant(row.from_at)),
        format!("contract: {}", row.contract.as_deref().unwrap_or("none")),
        format!("purposes: {}", row.purposes.as_deref().unwrap_or("any")),
        format!("requests per day: {}", number(row.requests_per_day, "any number")),
        format!("page size: {}", number(row.page_size, "as everybody's")),
        format!("node budget: {}", number(row.node_budget, "as everybody's")),
        format!("trusted documents only: {}", if row.trusted_documents_only { "yes" } else { "no" }),
        format!("registered by {}: {}", row.registered_by, row.reason),
    ];
    if let (Some(by), Some(reason)) = (&row.ended_by, &row.end_reason) {
        lines.push(format!("ended by {by}: {reason}"));
    }
    lines
}
