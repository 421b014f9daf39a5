//! Agreements between departments that are in force, as far as the database says: beside what the policy file gives.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use entities::id;
use entities::region_code::RegionCode;

use super::now;
use crate::app;
use crate::cli::Context;
use crate::cli::pages::matrix;
use crate::policy::{Agreed, Agreement, Agreements};
use crate::store::agreements;

#[derive(Args)]
pub(in crate::cli) struct Asked {
    /// Read from the database of the settings which agreements between departments are in force, and tell of them too.
    #[arg(long)]
    agreements: bool,
}

impl Asked {
    /// The agreements in force; None if they are not asked for.
    pub(super) async fn read(&self, context: &Context<'_>) -> anyhow::Result<Option<Agreements>> {
        if !self.agreements {
            return Ok(None);
        }
        let database = app::database(&context.settings()?)?;
        database.ready().await?;
        let now = now(context)?.instant;
        let held = agreements::in_force(&database, now).await?;
        Ok(Some(Agreements::of(held.into_iter().filter(|agreement| agreement.holds(now)).collect())))
    }
}

/// The agreements as a section of the matrix; those on these registers, or all if none is named.
pub(super) fn section(agreements: &Agreements, registers: &[&'static str]) -> String {
    let mut out =
        "\n## Agreements in force\n\nEach acts as one more grant, until its end, for everybody assigned to the department.\n\n".to_owned();
    out.push_str("| agreement | department | register | fields | regions | until | purpose | basis |\n");
    out.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for agreement in agreements.all().filter(|agreement| registers.is_empty() || registers.contains(&agreement.register.name)) {
        let Agreement { id, department, register, fields: _, regions, purpose, basis, from: _, until } = agreement;
        let fields: Vec<&str> = agreement.field_names().collect();
        let cells = [
            id::text("agreement", *id),
            id::text("department", *department),
            register.name.to_owned(),
            fields.join(", "),
            codes(regions),
            moment(*until),
            purpose.clone(),
            matrix::cell(basis),
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

/// The agreements that give a caller the field, as lines below an explanation.
pub(super) fn of_field(agreements: &[Agreed]) -> String {
    let lines: Vec<String> = agreements
        .iter()
        .map(|Agreed { agreement, .. }| {
            let (id, regions, until) = (id::text("agreement", agreement.id), codes(&agreement.regions), moment(agreement.until));
            format!("  {id}  gives it in {regions} until {until}, for {}, by {}\n", agreement.purpose, agreement.basis)
        })
        .collect();
    if lines.is_empty() { String::new() } else { format!("\nAgreements between departments:\n{}", lines.concat()) }
}

fn codes(regions: &[RegionCode]) -> String {
    regions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
