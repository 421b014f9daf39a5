//! `civigrid account revoke` and `civigrid account restore`.

use std::process::ExitCode;

use clap::Args;

use super::issuer::Purpose;
use super::moment::Moment;
use super::{Acting, Context, Place, SOON};
use crate::store::accounts::{self, Revoked};

/// What is revoked: an account or one token.
#[derive(Args)]
struct Target {
    /// Who signs the tokens (claim iss); not needed where the settings name one issuer only.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    #[command(flatten)]
    which: Which,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// An account (claim sub): all its tokens, those to come among them.
    #[arg(long)]
    subject: Option<String>,
    /// One token (claim jti).
    #[arg(long)]
    jti: Option<String>,
}

#[derive(Args)]
pub(in crate::cli) struct Revoke {
    #[command(flatten)]
    target: Target,
    /// Until when it is needed: an instant, or the end of a day. Of a token, when it ends (claim exp). For ever without it.
    #[arg(long)]
    until: Option<Moment>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(in crate::cli) struct Restore {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl Which {
    fn revoked(self) -> anyhow::Result<Revoked> {
        match (self.subject, self.jti) {
            (Some(subject), _) => Ok(Revoked::Account(subject)),
            (None, Some(token)) => Ok(Revoked::Token(token)),
            (None, None) => anyhow::bail!("give --subject or --jti"),
        }
    }
}

impl Revoke {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { target, until, acting, place } = self;
        let desk = place.open(context).await?;
        let issuer = desk.issuers.find(target.issuer.as_deref(), Purpose::Naming)?;
        let deed = desk.deed(acting, &issuer)?;
        let until = until.map(|until| until.end(desk.config.zone));
        let id = accounts::revoke(&desk.database, &issuer, &target.which.revoked()?, until, &deed).await?;
        context.console.line(format_args!("{id}"));
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { target, acting, place } = self;
        let desk = place.open(context).await?;
        let issuer = desk.issuers.find(target.issuer.as_deref(), Purpose::Naming)?;
        let deed = desk.deed(acting, &issuer)?;
        accounts::lift(&desk.database, &issuer, &target.which.revoked()?, &deed).await?;
        context.console.line(format_args!("It is lifted. {SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}
