//! `civigrid client add`.

use std::process::ExitCode;

use clap::Args;

use super::super::account::issuer::Purpose;
use super::super::account::moment::Moment;
use super::{Acting, Context, Place, SOON};
use crate::config::Authentication;
use crate::policy::Account;
use crate::store::clients::{self, Application, Owner};

#[derive(Args)]
pub(in crate::cli) struct Add {
    /// What it is called: 1 to 64 of the signs A-Z a-z 0-9 . _ -; a name is used once.
    name: String,
    /// The account that answers for it (claim sub); not the one that registers it.
    #[arg(long, value_name = "SUBJECT", required_unless_present = "department")]
    owner: Option<String>,
    /// Who signs the owner's tokens (claim iss); not needed where the settings name one issuer only.
    #[arg(long, value_name = "URL", requires = "owner")]
    owner_issuer: Option<String>,
    /// The department that answers for it: its id (department_…) or its whole name.
    #[arg(long)]
    department: Option<String>,
    /// The contract's number.
    #[arg(long)]
    contract: Option<String>,
    /// A purpose it may state; several times for several, any without it.
    #[arg(long)]
    purpose: Vec<String>,
    /// From when: an instant, or a day from its beginning; now without it.
    #[arg(long)]
    from: Option<Moment>,
    /// Until when: an instant, or a day to its end; for ever without it.
    #[arg(long)]
    to: Option<Moment>,
    /// The most requests in one day of the deployment's zone.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..))]
    requests_per_day: Option<i32>,
    /// The largest page, where it is to be less than limits.page_size.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..))]
    page_size: Option<i32>,
    /// The most nodes that the pages of one request could hold, where it is to be less than limits.node_budget.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..))]
    node_budget: Option<i32>,
    /// Answer only documents that are registered for it (civigrid client document add).
    #[arg(long)]
    trusted_documents_only: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl Add {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self {
            name,
            owner,
            owner_issuer,
            department,
            contract,
            purpose,
            from,
            to,
            requests_per_day,
            page_size,
            node_budget,
            trusted_documents_only,
            acting,
            place,
        } = self;
        let desk = place.open(context).await?;
        let account = match owner {
            Some(subject) => Some(Account { issuer: desk.issuers.find(owner_issuer.as_deref(), Purpose::Naming)?, subject }),
            None => None,
        };
        let zone = desk.config.zone;
        let application = Application {
            name,
            owner: Owner { account, department },
            contract,
            purposes: purpose,
            from: from.map(|from| from.beginning(zone)),
            to: to.map(|to| to.end(zone)),
            requests_per_day,
            page_size,
            node_budget,
            trusted_documents_only,
            deed: desk.deed(acting, Authentication::CLIENT_ISSUER)?,
        };
        let id = clients::register(&desk.database, &application).await?;
        let name = application.name;
        context.console.line(format_args!("{id}"));
        context.console.line(format_args!(
            "It may do nothing yet. Give it a role: civigrid account grant --issuer {} --subject {id} --role …",
            Authentication::CLIENT_ISSUER
        ));
        context.console.line(format_args!("Then somebody else makes its key: civigrid client key add {name} …"));
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}
