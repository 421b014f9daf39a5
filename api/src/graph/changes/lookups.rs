//! `lookupPerson`: who knows id number and name finds the person, and nobody else learns anything.

use entities::catalog;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Asking;
use super::input::{Input, lookup_digest};
use super::outcome::{Done, Stop};
use crate::audit::Field;
use crate::graph::engine::{Engine, Noted};
use crate::graph::refusals::changes as refusals;
use crate::graph::request::Lookup;
use crate::store::changes::Change;
use crate::store::context::Context;
use crate::store::lookups;

/// What must be known of a person.
const KNOWN: [&str; 2] = ["idNumber", "name"];
/// The longest of these.
const LONGEST: usize = 100;

/// The fields that a look-up uses, for the audit log.
pub(super) fn known_fields() -> Vec<Field> {
    let register = catalog::register("person");
    let field = |name: &&str| register.and_then(|register| register.field(name).map(|(index, _)| Field { register, index }));
    KNOWN.iter().filter_map(field).collect()
}

impl Engine {
    /// The persons of exactly this id number and name whom the caller may match. Whom that could be shows in nothing but what is
    /// found.
    pub(super) async fn find(&self, asking: &Asking<'_>) -> Result<Vec<Uuid>, Stop> {
        let Some(register) = catalog::register("person") else { return Ok(Vec::new()) };
        let mut input = Input::new(asking.input);
        let wanted: Vec<(usize, &str)> =
            KNOWN.iter().filter_map(|name| Some((register.field(name)?.0, input.text(name, 1, LONGEST)))).collect();
        // Said before anything is looked at: it follows from the request alone.
        if self.changing.lookup.is_none() {
            return Err(refusals::no_privacy_key().into());
        }
        if asking.purpose.is_none_or(|purpose| purpose.trim().is_empty()) {
            return Err(refusals::no_purpose().into());
        }
        input.finish()?;
        let fields: Vec<usize> = wanted.iter().map(|(field, _)| *field).collect();
        let permits = asking.in_force.policy.match_permits(asking.caller, register, &fields, asking.in_force.present(asking.now));
        let context = Context::new(&permits, asking.now.today);
        Ok(self.keys(lookups::statement(self.database.backend(), context, register, &wanted)).await?)
    }

    pub(super) async fn lookup_person(
        &self,
        change: &Change,
        asking: &Asking<'_>,
        found: &[Uuid],
        noted: &mut Noted,
    ) -> Result<Done, Stop> {
        let settings = self.changing.lookup.as_ref().ok_or_else(refusals::no_privacy_key)?;
        let made = change.count_lookup(asking.account, asking.now.today).await?;
        if i64::from(made) > i64::from(settings.per_day) {
            return Err(refusals::quota(settings.per_day).into());
        }
        // Two rows of one person are for those to see who mend the register.
        let found = if let [only] = found { Some(*only) } else { None };
        let known = KNOWN.map(|name| asking.input.get(name).and_then(Value::as_str).unwrap_or_default().trim());
        let digest = lookup_digest(self.key(), &known);
        noted.lookups.push(Lookup { digest, found, purpose: asking.purpose.unwrap_or_default().to_owned() });
        metrics::counter!("civigrid_person_lookups_total").increment(1);
        Ok(Done { row: found, told: Map::from_iter([("matched".to_owned(), Value::from(found.is_some()))]) })
    }
}
