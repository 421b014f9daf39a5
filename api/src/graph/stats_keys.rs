//! Planning of what tells groups apart: the request's keys, and what is selected of them.

use apollo_compiler::executable::Field as Selected;
use entities::catalog::{self, Register};
use serde_json::Value;

use crate::policy::{Cover, FieldSet, Permit, Right};
use crate::store::select::{Link, Origin};
use crate::store::statistics::{GroupBy, GroupKey, Period, Statistics};

use super::error::GraphError;
use super::filters::withheld;
use super::names::field_of_enum_value;
use super::pages::usable_everywhere;
use super::plan::{Coarsened, Form, ParentKey, PlannedKey, PlannedOf, Work};
use super::planner::{Place, Planner, form_of, level_of};
use super::refusals::rights::Use;
use super::refusals::statistics;
use super::selection::{KeyEntry, ObjectSelection, OfEntry};
use super::stats_planner::list;
use super::values::argument;

/// Most references between a row and the row whose value tells its group.
const MOST_STEPS: usize = 3;

/// Which keys a selection is about: those read from the register that the references lead to.
#[derive(Clone, Copy)]
pub(super) struct KeyOf<'a> {
    /// The register whose values count.
    pub(super) register: &'static Register,
    /// The references that lead to it.
    pub(super) of: &'a [usize],
    /// The step of the groups.
    pub(super) step: usize,
}

impl<'p> Planner<'p> {
    /// The keys that a request groups by.
    pub(super) fn keys(&self, field: &Selected, permit: &Permit, full: FieldSet) -> Result<Vec<GroupKey>, GraphError> {
        let register = permit.register();
        let mut keys: Vec<GroupKey> = Vec::new();
        for group in list(argument(field, "groupBy", self.variables)) {
            let key = group_key(register, &group, Vec::new())?;
            self.may_group(permit, &key, full)?;
            if keys.iter().any(|known| known.of == key.of && clash(known.by, key.by)) {
                return Err(statistics::grouped_twice());
            }
            keys.push(key);
        }
        Ok(keys)
    }

    /// Refuses a key that the caller may group by nowhere. The row's own field must be his on every row that is counted;
    /// a value of another row is as good as none where it is not his, as is a row out of scope.
    fn may_group(&self, permit: &Permit, key: &GroupKey, full: FieldSet) -> Result<(), GraphError> {
        let steps = key.of.iter().copied().chain(key.reached(permit.register()).and_then(|reached| key.field(reached)));
        let mut permit = permit;
        for (position, field) in steps.enumerate() {
            if position == 0 {
                if permit.aggregates(field) != Cover::Everywhere {
                    usable_everywhere(permit, Right::Aggregate, field, full, Use::Group)?;
                }
            } else if !permit.is_empty() && permit.cover(Right::Aggregate, field) == Cover::Nowhere {
                return Err(withheld(permit.register(), field, Use::Group));
            }
            match permit.register().fields[field].target().and_then(catalog::register) {
                Some(target) => permit = self.permits.of(target),
                None => break,
            }
        }
        Ok(())
    }

    /// Plans what is selected of a group's key.
    pub(super) fn key_entry(
        &mut self,
        at: KeyOf<'_>,
        statistics: &mut Statistics,
        entry: &'p KeyEntry,
    ) -> Result<PlannedKey<'p>, GraphError> {
        if let KeyEntry::Of(entries) = entry {
            return self.keys_of(at, statistics, entries);
        }
        let wanted = |key: &GroupKey| match entry {
            KeyEntry::Typename | KeyEntry::Of(_) => false,
            KeyEntry::Period => matches!(key.by, GroupBy::Period(..)),
            KeyEntry::Region(_) => matches!(key.by, GroupBy::Region(_)),
            KeyEntry::Field(index) | KeyEntry::Reference(index, _) => key.by == GroupBy::Field(*index),
        };
        let Some(column) = statistics.keys.iter().position(|key| key.of == at.of && wanted(key)) else {
            return Ok(if matches!(entry, KeyEntry::Typename) { PlannedKey::Typename } else { PlannedKey::Null });
        };
        // A reference's key is joined on, not given; a region is found by its key.
        statistics.given[column] |= match entry {
            KeyEntry::Reference(_, selection) => selection.register.name == "region",
            _ => true,
        };
        Ok(match entry {
            KeyEntry::Typename | KeyEntry::Of(_) => PlannedKey::Typename,
            KeyEntry::Period => PlannedKey::Cell(column, Form::Plain),
            KeyEntry::Field(index) => PlannedKey::Cell(column, key_form(at.register, *index)),
            KeyEntry::Region(selection) if self.permits.of(selection.register).is_empty() => PlannedKey::Null,
            KeyEntry::Region(selection) => self.region_key(at.step, column, false, selection)?,
            KeyEntry::Reference(index, selection) => {
                let target = selection.register;
                if self.permits.of(target).is_empty() {
                    return Ok(PlannedKey::Null);
                }
                if target.name == "region" {
                    return self.region_key(at.step, column, true, selection);
                }
                let field = &at.register.fields[*index];
                let table = self.join(at.step, Origin::Key(column), field, Link::Forward, target)?;
                PlannedKey::Object(self.object(Place { step: at.step, table, rows: statistics.size as u64 }, selection)?)
            }
        })
    }

    /// Plans what is selected of the keys that are read from rows which the row refers to.
    fn keys_of(
        &mut self,
        at: KeyOf<'_>,
        statistics: &mut Statistics,
        entries: &'p [(String, OfEntry)],
    ) -> Result<PlannedKey<'p>, GraphError> {
        let is_below = |statistics: &Statistics, of: &[usize]| statistics.keys.iter().any(|key| key.of.starts_with(of));
        if !statistics.keys.iter().any(|key| key.of.len() > at.of.len() && key.of.starts_with(at.of)) {
            return Ok(PlannedKey::Null);
        }
        let mut planned = Vec::with_capacity(entries.len());
        for (key, entry) in entries {
            let OfEntry::Key(index, register, entries) = entry else {
                planned.push((key.as_str(), PlannedOf::Typename));
                continue;
            };
            let of: Vec<usize> = at.of.iter().copied().chain([*index]).collect();
            if !is_below(statistics, &of) {
                planned.push((key.as_str(), PlannedOf::Null));
                continue;
            }
            let mut inner = Vec::with_capacity(entries.len());
            for (key, entry) in entries {
                inner.push((key.as_str(), self.key_entry(KeyOf { register, of: &of, step: at.step }, statistics, entry)?));
            }
            planned.push((key.as_str(), PlannedOf::Key(register, inner)));
        }
        Ok(PlannedKey::Of(planned))
    }

    fn region_key(
        &mut self,
        step: usize,
        column: usize,
        by_id: bool,
        selection: &'p ObjectSelection,
    ) -> Result<PlannedKey<'p>, GraphError> {
        let region = catalog::register("region").unwrap_or(selection.register);
        let rows = self.limits.page_size as u64;
        let parent = ParentKey { step, column, of_group: true };
        let step = self.add_step(region, Work::Region { parent, level: None, by_id, shown: Coarsened::nowhere() });
        Ok(PlannedKey::Object(self.object(Place { step, table: 0, rows }, selection)?))
    }
}

/// Reads one item of `groupBy`, following its references.
fn group_key(register: &'static Register, group: &Value, mut of: Vec<usize>) -> Result<GroupKey, GraphError> {
    let (kind, value) = single(group)?;
    let by = match kind {
        "field" => GroupBy::Field(named(register, value)?),
        "region" => GroupBy::Region(level_of(value).ok_or_else(statistics::no_level)?),
        "of" => {
            let (name, inner) = single(value)?;
            let step = register.field(name).and_then(|(index, field)| Some((index, catalog::register(field.target()?)?)));
            let (index, target) = step.ok_or_else(|| statistics::no_group_field(name))?;
            of.push(index);
            if of.len() > MOST_STEPS {
                return Err(statistics::too_many_steps(MOST_STEPS));
            }
            return group_key(target, inner, of);
        }
        _ => GroupBy::Period(named(register, &value["field"])?, period(&value["by"])),
    };
    Ok(GroupKey { of, by })
}

/// The one entry of an object of which exactly one is allowed.
fn single(value: &Value) -> Result<(&str, &Value), GraphError> {
    let entries: Vec<(&String, &Value)> = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).collect();
    match entries.as_slice() {
        [(name, value)] => Ok((name.as_str(), value)),
        _ => Err(statistics::one_kind_of_group()),
    }
}

/// True if both cannot tell the same groups apart: a field counts once, and there is one level of regions and one period.
fn clash(known: GroupBy, new: GroupBy) -> bool {
    std::mem::discriminant(&known) == std::mem::discriminant(&new) && (!matches!(new, GroupBy::Field(_)) || known == new)
}

/// How a group's key is spelled: an age or its band is worked out by the statement.
fn key_form(register: &'static Register, index: usize) -> Form {
    match form_of(register, &register.fields[index]) {
        Form::Age | Form::AgeBand => Form::Plain,
        form => form,
    }
}

fn named(register: &Register, value: &Value) -> Result<usize, GraphError> {
    let name = value.as_str().unwrap_or_default();
    field_of_enum_value(register, name).ok_or_else(|| statistics::no_group_field(name))
}

fn period(value: &Value) -> Period {
    match value.as_str() {
        Some("DAY") => Period::Day,
        Some("WEEK") => Period::Week,
        Some("QUARTER") => Period::Quarter,
        Some("YEAR") => Period::Year,
        _ => Period::Month,
    }
}
