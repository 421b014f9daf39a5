//! `civigrid account revoke` and `civigrid account restore`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;

use super::issuer::Purpose;
use super::moment::Moment;
use super::{Acting, Context, Desk, Place, SOON};
use crate::store::accounts::{self, Revoked, Wanted};

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
        let revoked = target.which.revoked()?;
        let warning = if let Revoked::Account(subject) = &revoked { unknown(&desk, &issuer, subject).await? } else { None };
        let id = accounts::revoke(&desk.database, &issuer, &revoked, until, &deed).await?;
        context.console.line(format_args!("{id}"));
        if let Some(warning) = warning {
            context.console.complain(format_args!("warning: {warning}"));
        }
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is said of an account that the register has never seen: a slip of the pen would leave the one that is meant as it is.
async fn unknown(desk: &Desk, issuer: &str, subject: &str) -> anyhow::Result<Option<String>> {
    let known = known_accounts(desk, issuer).await?;
    if known.contains(subject) {
        return Ok(None);
    }
    let near = nearest(subject, known.iter().map(String::as_str)).map(|near| format!("; did you mean {near:?}?"));
    let near = near.unwrap_or_default();
    Ok(Some(format!("no account {subject:?} of {issuer} is known; tokens of it are refused from now on{near}")))
}

/// Accounts of an issuer that hold or held a role, or that changed something here.
async fn known_accounts(desk: &Desk, issuer: &str) -> anyhow::Result<BTreeSet<String>> {
    let all = Wanted::default();
    let (assignments, revocations) =
        (accounts::assignments(&desk.database, &all).await?, accounts::revocations(&desk.database, &all).await?);
    let holders = assignments.iter().flat_map(|row| [(&row.issuer, &row.subject), (&row.granted_by_issuer, &row.granted_by)]);
    let actors = revocations.iter().map(|row| (&row.revoked_by_issuer, &row.revoked_by));
    Ok(holders.chain(actors).filter(|(of, _)| *of == issuer).map(|(_, subject)| subject.clone()).collect())
}

/// As like as this two names must be for one to be a slip of the other.
const ALIKE: f64 = 0.8;

fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = known.map(|name| (strsim::jaro_winkler(name, written), name)).filter(|(likeness, _)| *likeness > ALIKE);
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
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
