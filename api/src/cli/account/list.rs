//! `civigrid account list`.

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use entities::{account_revocation, role_assignment};
use sea_orm::ActiveEnum;

use super::{Context, Place};
use crate::store::accounts::{self, Wanted};

#[derive(Args)]
pub(in crate::cli) struct List {
    /// Accounts of this issuer.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// This account.
    #[arg(long)]
    subject: Option<String>,
    /// This role.
    #[arg(long)]
    role: Option<String>,
    /// What has ended too.
    #[arg(long)]
    all: bool,
    /// Revocations instead of role assignments.
    #[arg(long, conflicts_with = "role")]
    revocations: bool,
    #[command(flatten)]
    place: Place,
}

impl List {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { issuer, subject, role, all, revocations, place } = self;
        let desk = place.open(context).await?;
        let wanted = Wanted { issuer, subject, role, holding: (!all).then(|| desk.now()) };
        let lines: Vec<String> = if revocations {
            accounts::revocations(&desk.database, &wanted).await?.iter().map(revocation).collect()
        } else {
            accounts::assignments(&desk.database, &wanted).await?.iter().map(assignment).collect()
        };
        for line in &lines {
            context.console.line(format_args!("{line}"));
        }
        if lines.is_empty() {
            context.console.line(format_args!("none"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn assignment(row: &role_assignment::Model) -> String {
    let mut line = format!("{}  {} of {}: {}", row.id, row.subject, row.issuer, row.role);
    let bounds = [
        row.region_code.map(|code| format!(" in {code}")),
        row.board.map(|board| format!(" for {}", board.to_value())),
        row.department_id.map(|id| format!(" for {id}")),
        row.project_code.as_ref().map(|code| format!(" for project {code}")),
        row.person_id.map(|id| format!(", held by {id}")),
    ];
    line.extend(bounds.into_iter().flatten());
    line += &times(row.from_at, row.to_at);
    line += &format!("; given by {}: {}", row.granted_by, row.reason);
    if let (Some(by), Some(reason)) = (&row.ended_by, &row.end_reason) {
        line += &format!("; ended by {by}: {reason}");
    }
    line
}

fn revocation(row: &account_revocation::Model) -> String {
    let what = match (&row.subject, &row.token) {
        (Some(subject), _) => format!("account {subject}"),
        (None, token) => format!("token {}", token.as_deref().unwrap_or_default()),
    };
    let mut line = format!("{}  {what} of {}", row.id, row.issuer);
    line += &times(row.from_at, row.to_at);
    line += &format!("; revoked by {}: {}", row.revoked_by, row.reason);
    if let (Some(by), Some(reason)) = (&row.lifted_by, &row.lift_reason) {
        line += &format!("; lifted by {by}: {reason}");
    }
    line
}

fn times(from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> String {
    let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let to = to.map(|to| format!(" to {}", text(to))).unwrap_or_default();
    format!(", from {}{to}", text(from))
}
