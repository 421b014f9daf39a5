//! `civigrid audit export`.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use entities::catalog;
use sea_orm::ActiveEnum as _;

use super::super::account::moment::Moment;
use super::{Context, Place, acting};
use crate::audit::{self, Entry, Kind, Outcome, Record, Wanted};

#[derive(Args)]
pub(in crate::cli) struct Export {
    /// From when: an instant, or a day from its beginning.
    #[arg(long)]
    from: Option<Moment>,
    /// Until when: before an instant, or to the end of a day.
    #[arg(long)]
    to: Option<Moment>,
    /// What this account did.
    #[arg(long, value_name = "SUBJECT")]
    account: Option<String>,
    /// What was done with this person's data (person_…).
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// How it ended: COMPLETE, WITHHELD, REFUSED or FAILED.
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// What for.
    #[arg(long)]
    purpose: Option<String>,
    /// Which register (person) or field (person.phone) was touched.
    #[arg(long, value_name = "NAME", value_parser = touched)]
    touched: Option<String>,
    /// Who exports, for the log.
    #[arg(long, value_name = "SUBJECT")]
    by: String,
    #[command(flatten)]
    place: Place,
}

impl Export {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { from, to, account, person, outcome, purpose, touched, by, place } = self;
        let person = person.as_deref().map(person_key).transpose()?;
        let desk = place.open(context).await?;
        let zone = desk.config.zone;
        let (from, to) = (from.map(|from| from.beginning(zone)), to.map(|to| to.end(zone)));
        let wanted = Wanted { from, to, account, person, outcome, purpose, touched };
        let by = acting(by);
        let mut record = Record::new(Kind::Log, desk.now(), &by);
        record.operation = Some("audit export");
        // Noted before anything is told.
        audit::append(&desk.connection, &Entry::of(record, &by, person.into_iter().collect())).await?;
        let console = &mut *context.console;
        let told = audit::export(&desk.connection, &wanted, |line| console.line(format_args!("{line}"))).await?;
        console.remark(format_args!("{told} records"));
        Ok(ExitCode::SUCCESS)
    }
}

fn outcome(word: &str) -> Result<Outcome, String> {
    Outcome::try_from_value(&word.to_owned()).map_err(|_| "it is COMPLETE, WITHHELD, REFUSED or FAILED".to_owned())
}

/// The name of a register or of a field.
fn touched(name: &str) -> Result<String, String> {
    let (register, field) = name.split_once('.').map_or((name, None), |(register, field)| (register, Some(field)));
    let known = catalog::register(register).ok_or_else(|| format!("there is no register {register:?}; docs/matrix.md has all"))?;
    match field {
        Some(field) if known.field(field).is_none() => Err(format!("{register} has no field {field:?}; docs/matrix.md has all")),
        _ => Ok(name.to_owned()),
    }
}

/// The key in an id of the person register.
pub(super) fn person_key(text: &str) -> anyhow::Result<uuid::Uuid> {
    match entities::id::parse(text) {
        Some(("person", key)) => Ok(key),
        _ => bail!("{text:?} is no id of a person; ids look like person_01k81mhxptfjg8bfq4v2b7f9k3"),
    }
}
