//! `civigrid account end`.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use entities::id::Id;

use super::issuer::Purpose;
use super::moment::Moment;
use super::{Acting, Context, Place, SOON};
use crate::policy;
use crate::store::accounts::{self, Ended};

#[derive(Args)]
pub(in crate::cli) struct End {
    /// One assignment (role_assignment_…); else all that --subject holds.
    #[arg(long, conflicts_with_all = ["subject", "role"])]
    id: Option<String>,
    /// Who signs the account's tokens (claim iss); not needed where the settings name one issuer only.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The account (claim sub).
    #[arg(long, required_unless_present = "id")]
    subject: Option<String>,
    /// This role only.
    #[arg(long)]
    role: Option<String>,
    /// When: an instant, or the end of a day; now without it. What ends earlier anyway stays as it is.
    #[arg(long)]
    at: Option<Moment>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl End {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { id, issuer, subject, role, at, acting, place } = self;
        let desk = place.open(context).await?;
        let issuer = desk.issuers.find(issuer.as_deref(), Purpose::Naming)?;
        let ended = match (id, subject) {
            (Some(id), _) => {
                let uuid = entities::id::parse(&id).filter(|(prefix, _)| *prefix == "role_assignment").map(|(_, uuid)| uuid);
                Ended::One(Id::new(uuid.with_context(|| format!("--id: {id:?} is no id of a role assignment (role_assignment_…)"))?))
            }
            (None, Some(subject)) => Ended::Of(policy::Account { issuer: issuer.clone(), subject }, role),
            (None, None) => bail!("give --id or --subject"),
        };
        let deed = desk.deed(acting, &issuer)?;
        let at = at.map(|at| at.end(desk.config.zone));
        for row in accounts::end(&desk.database, &ended, at, &deed).await? {
            context.console.line(format_args!("{} {}: {} ends", row.id, row.subject, row.role));
        }
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}
