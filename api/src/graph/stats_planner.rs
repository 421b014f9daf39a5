//! Planning of statistics: groups, measures, bounds and orders from a request's values.

use apollo_compiler::executable::Field as Selected;
use entities::catalog::{Field, Kind, Register};
use serde_json::Value;

use crate::policy::{FieldSet, Permit, Right};
use crate::store::filter::{Filter, Literal};
use crate::store::statistics::{Function, GroupBy, GroupKey, GroupOrder, GroupOrderBy, Having, Measure, Statistics};

use super::error::GraphError;
use super::filters::literal;
use super::names::enum_value;
use super::pages::{bounded, offset_in, usable_everywhere};
use super::plan::{Form, PlannedGroup, PlannedStats, StatsPlan, Work};
use super::planner::Planner;
use super::refusals::rights::Use;
use super::refusals::statistics;
use super::schema::stats::{FUNCTIONS, measured};
use super::selection::{GroupEntry, StatsEntry, StatsSelection};
use super::small_groups::kept_measure;
use super::stats_keys::KeyOf;
use super::values::argument;

impl<'p> Planner<'p> {
    /// Plans the statistics of a register.
    pub(super) fn stats(
        &mut self,
        register: &'static Register,
        field: &'p Selected,
        selection: &'p StatsSelection,
    ) -> Result<StatsPlan<'p>, GraphError> {
        self.ask(register);
        let permit = self.permits.of(register);
        let filter = self.filter(register, field, false)?;
        let full = filter.as_ref().map_or(FieldSet::EMPTY, Filter::fully_visible);
        let size =
            argument(field, "first", self.variables).and_then(|first| first.as_i64()).unwrap_or(self.limits.default_page_size as i64);
        let size = bounded(size, self.limits)?;
        self.spend(size as u64)?;
        let mut statistics = Statistics {
            given: Vec::new(),
            keys: self.keys(field, permit, full)?,
            measures: Vec::new(),
            having: Vec::new(),
            order: Vec::new(),
            size,
            offset: 0,
            zone: self.now.offset,
            hidden: None,
        };
        statistics.given = vec![false; statistics.keys.len()];
        self.bounds(field, permit, full, &mut statistics)?;
        self.group_order(field, permit, full, &mut statistics)?;
        self.keep_back(permit, field, selection, filter.as_ref(), &mut statistics)?;
        let signature = signature(register, &statistics);
        if let Some(Value::String(text)) = argument(field, "after", self.variables) {
            statistics.offset = offset_in(&text, "group", &signature)?;
        }
        let offset = statistics.offset;
        let step = self.add_step(register, Work::Groups { statistics: statistics.clone(), filter });
        let mut entries = Vec::with_capacity(selection.entries.len());
        for (key, entry) in &selection.entries {
            self.path.push(key.as_str());
            let planned = match entry {
                StatsEntry::Typename => PlannedStats::Typename,
                StatsEntry::PageInfo(parts) => PlannedStats::PageInfo(parts),
                StatsEntry::Nodes(groups) => {
                    let mut planned = Vec::with_capacity(groups.len());
                    for (key, group) in groups {
                        planned.push((key.as_str(), self.group(register, step, full, &mut statistics, group)?));
                    }
                    PlannedStats::Nodes(planned)
                }
            };
            self.path.pop();
            entries.push((key.as_str(), planned));
        }
        let keeps_back = statistics.hidden.is_some();
        self.touch_statistics(register, &statistics);
        if let Work::Groups { statistics: planned, .. } = &mut self.plan.steps[step].work {
            *planned = statistics;
        }
        Ok(StatsPlan {
            step: (!permit.is_empty()).then_some(step),
            register,
            type_name: &selection.type_name,
            entries,
            offset,
            signature,
            size,
            keeps_back,
        })
    }

    fn bounds(&self, field: &Selected, permit: &Permit, full: FieldSet, statistics: &mut Statistics) -> Result<(), GraphError> {
        let Some(Value::Object(bounds)) = argument(field, "having", self.variables) else { return Ok(()) };
        for (name, value) in &bounds {
            if name == "count" {
                having(Measure::Count, None, value, statistics)?;
                continue;
            }
            for (measured_name, value) in value.as_object().into_iter().flatten() {
                let Some((index, measured)) = permit.register().field(measured_name) else { continue };
                may_measure(permit, index, full)?;
                having(Measure::Of(function(name), index), Some(measured), value, statistics)?;
            }
        }
        Ok(())
    }

    fn group_order(&self, field: &Selected, permit: &Permit, full: FieldSet, statistics: &mut Statistics) -> Result<(), GraphError> {
        for item in list(argument(field, "orderBy", self.variables)) {
            let name = item["by"].as_str().unwrap_or_default();
            let by = match ordered_measure(permit.register(), name) {
                Some(measure) => {
                    if let Measure::Of(_, index) = measure {
                        may_measure(permit, index, full)?;
                    }
                    GroupOrderBy::Measure(measure_index(statistics, measure))
                }
                None => {
                    let own = |key: &GroupKey| match key.by {
                        _ if !key.of.is_empty() => false,
                        GroupBy::Field(index) => enum_value(permit.register().fields[index].name) == name,
                        GroupBy::Region(_) => name == "REGION",
                        GroupBy::Period(..) => name == "PERIOD",
                    };
                    let position = statistics.keys.iter().position(own);
                    GroupOrderBy::Key(position.ok_or_else(|| statistics::ordered_but_not_grouped(name))?)
                }
            };
            statistics.order.push(GroupOrder { by, descending: item["direction"] == "DESC" });
        }
        Ok(())
    }

    fn group(
        &mut self,
        register: &'static Register,
        step: usize,
        full: FieldSet,
        statistics: &mut Statistics,
        entry: &'p GroupEntry,
    ) -> Result<PlannedGroup<'p>, GraphError> {
        Ok(match entry {
            GroupEntry::Typename => PlannedGroup::Typename,
            GroupEntry::Suppressed => PlannedGroup::Suppressed,
            GroupEntry::Count => PlannedGroup::Count(measure_at(statistics, Measure::Count)),
            GroupEntry::Measures(name, fields, type_name) => {
                let permit = self.permits.of(register);
                let (mut planned, mut guarded) = (Vec::with_capacity(fields.len()), Vec::new());
                for (key, index) in fields {
                    let Some(index) = index else {
                        planned.push((key.as_str(), None));
                        guarded.push((key.as_str(), None));
                        continue;
                    };
                    may_measure(permit, *index, full)?;
                    if let Some(hidden) = statistics.hidden.clone() {
                        guarded.push((key.as_str(), Some(kept_measure(permit, statistics, &hidden, function(name), *index))));
                        continue;
                    }
                    let measure = Measure::Of(function(name), *index);
                    let form = measure_form(register, measure);
                    planned.push((key.as_str(), Some((measure_at(statistics, measure), form))));
                }
                if statistics.hidden.is_some() {
                    PlannedGroup::Kept(type_name, guarded)
                } else {
                    PlannedGroup::Measures(type_name, planned)
                }
            }
            GroupEntry::Key(entries) => {
                let mut planned = Vec::with_capacity(entries.len());
                for (key, entry) in entries {
                    planned.push((key.as_str(), self.key_entry(KeyOf { register, of: &[], step }, statistics, entry)?));
                }
                PlannedGroup::Key(planned)
            }
        })
    }
}

/// How a measure is spelled: what is counted is a number, whatever its field.
pub(super) fn measure_form(register: &Register, measure: Measure) -> Form {
    match measure {
        Measure::Of(Function::Sum | Function::Average | Function::Least | Function::Greatest, index)
            if matches!(register.fields[index].kind, Kind::Money) =>
        {
            Form::Money
        }
        _ => Form::Plain,
    }
}

pub(super) fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => Vec::new(),
        Some(single) => vec![single],
    }
}

fn function(name: &str) -> Function {
    match name {
        "sum" => Function::Sum,
        "avg" => Function::Average,
        "min" => Function::Least,
        "max" => Function::Greatest,
        _ => Function::Counted,
    }
}

/// Refuses a measure of a field that the caller may measure nowhere.
fn may_measure(permit: &Permit, index: usize, full: FieldSet) -> Result<(), GraphError> {
    match usable_everywhere(permit, Right::Aggregate, index, full, Use::Measure) {
        Err(error) if permit.cover(Right::Aggregate, index) == crate::policy::Cover::Nowhere => Err(error),
        // Where only some rows may be measured, `counted` says how many were.
        _ => Ok(()),
    }
}

/// Takes in the bounds of one measure; those of money are amounts, compared in fen.
fn having(measure: Measure, field: Option<&Field>, bounds: &Value, statistics: &mut Statistics) -> Result<(), GraphError> {
    for (operator, value) in bounds.as_object().into_iter().flatten() {
        let operator = match operator.as_str() {
            "eq" => "=",
            "ne" => "<>",
            "lt" => "<",
            "lte" => "<=",
            "gt" => ">",
            _ => ">=",
        };
        let value = match field.filter(|field| matches!(field.kind, Kind::Money)) {
            Some(field) if !value.is_null() => match literal(field, value)? {
                Literal::Integer(fen) => Some(fen as f64),
                _ => None,
            },
            _ => value.as_f64(),
        };
        if let Some(value) = value {
            statistics.having.push(Having { measure, operator, value });
        }
    }
    Ok(())
}

fn ordered_measure(register: &Register, name: &str) -> Option<Measure> {
    if name == "COUNT" {
        return Some(Measure::Count);
    }
    let (prefix, field) = name.split_once('_')?;
    let (function_name, _) = FUNCTIONS.iter().find(|(function, _)| function.eq_ignore_ascii_case(prefix))?;
    let (index, _) = measured(register).find(|(_, known)| enum_value(known.name) == field)?;
    Some(Measure::Of(function(function_name), index))
}

/// The position of a measure among a group's keys and measures.
pub(super) fn measure_at(statistics: &mut Statistics, measure: Measure) -> usize {
    statistics.keys.len() + measure_index(statistics, measure)
}

fn measure_index(statistics: &mut Statistics, measure: Measure) -> usize {
    statistics.measures.iter().position(|known| *known == measure).unwrap_or_else(|| {
        statistics.measures.push(measure);
        statistics.measures.len() - 1
    })
}

/// What tells a list of groups from others: `case.STATE.REGION-STREET.+COUNT`.
fn signature(register: &'static Register, statistics: &Statistics) -> String {
    let keys = statistics.keys.iter().map(|key| key.name(register));
    let order = statistics.order.iter().map(|GroupOrder { by, descending }| {
        let sign = if *descending { '-' } else { '+' };
        match by {
            GroupOrderBy::Key(index) => format!("{sign}{}", statistics.keys[*index].name(register)),
            GroupOrderBy::Measure(index) => format!("{sign}{}", measure_name(register, statistics.measures[*index])),
        }
    });
    std::iter::once(register.name.to_owned()).chain(keys).chain(order).collect::<Vec<_>>().join(".")
}

/// A measure as orders name it.
fn measure_name(register: &Register, measure: Measure) -> String {
    let Measure::Of(function, field) = measure else { return "COUNT".to_owned() };
    let word = FUNCTIONS.iter().map(|(word, _)| *word).find(|word| self::function(word) == function).unwrap_or("counted");
    format!("{}_{}", word.to_uppercase(), enum_value(register.fields[field].name))
}
