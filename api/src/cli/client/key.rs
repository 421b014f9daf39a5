//! `civigrid client key`.

use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use clap::{Args, Subcommand};
use entities::id::Id;

use super::{Acting, Context, Place, SOON};
use crate::config::Authentication;
use crate::store::clients;

#[derive(Subcommand)]
pub(in crate::cli) enum Key {
    /// Make a key. It is shown once and kept nowhere.
    Add(Add),
    /// List an application's keys, by their last four signs.
    List(List),
    /// End a key now.
    End(End),
}

#[derive(Args)]
pub(in crate::cli) struct Add {
    /// The application's name or id (client_…).
    client: String,
    /// How many days the key lasts.
    #[arg(long, default_value_t = 180, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct List {
    /// The application's name or id (client_…).
    client: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct End {
    /// The key (client_key_…), as `civigrid client key list` names it.
    key: String,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl Key {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add(command) => command.run(context).await,
            Self::List(command) => command.run(context).await,
            Self::End(command) => command.run(context).await,
        }
    }
}

impl Add {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, days, acting, place } = self;
        let desk = place.open(context).await?;
        let deed = desk.deed(acting, Authentication::CLIENT_ISSUER)?;
        let to = deed.now + TimeDelta::days(days.into());
        let key = clients::make_key(&desk.database, &client, to, &deed).await?;
        // The key alone goes to standard output, so that it can be put where it belongs without passing a screen.
        context.console.line(format_args!("{}", key.text));
        context.console.remark(format_args!("{} holds until {}. It is not shown again. {SOON}", key.id, instant(to)));
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { client, place } = self;
        let desk = place.open(context).await?;
        let row = clients::by_word(&desk.database, &client).await?;
        let keys = clients::keys(&desk.database, row.id).await?;
        for key in &keys {
            context.console.line(format_args!("{}", told(key, desk.now())));
        }
        if keys.is_empty() {
            context.console.line(format_args!("none"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl End {
    async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { key, acting, place } = self;
        let id = entities::id::parse(&key).filter(|(prefix, _)| *prefix == "client_key").map(|(_, uuid)| Id::new(uuid));
        let id = id.with_context(|| format!("{key:?} is no id of a key (client_key_…)"))?;
        let desk = place.open(context).await?;
        let row = clients::end_key(&desk.database, id, &desk.deed(acting, Authentication::CLIENT_ISSUER)?).await?;
        context.console.line(format_args!("{} …{} ends. {SOON}", row.id, row.last_four));
        Ok(ExitCode::SUCCESS)
    }
}

/// One key in a line.
pub(super) fn told(key: &entities::client_key::Model, now: DateTime<Utc>) -> String {
    let mut line = format!("{}  …{}, from {} to {}", key.id, key.last_four, instant(key.from_at), instant(key.to_at));
    if key.to_at <= now {
        line += " (ended)";
    }
    line += &format!("; made by {}: {}", key.made_by, key.reason);
    if let (Some(by), Some(reason)) = (&key.ended_by, &key.end_reason) {
        line += &format!("; ended by {by}: {reason}");
    }
    line
}

pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.trunc_subsecs(6).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
