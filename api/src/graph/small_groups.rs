//! Statistics over fields that the caller may aggregate and not see: groups of few rows are kept back, others rounded, and
//! whatever could single out a row is refused. Where keys and measures are all shown, statistics are exact and none of this
//! applies (`docs/adr/0032`).

use apollo_compiler::executable::Field as Selected;
use entities::catalog::{self, Kind, Register};
use serde_json::Value;

use crate::policy::Permit;
use crate::store::Error;
use crate::store::filter::Filter;
use crate::store::rows::Cell;
use crate::store::statistics::{Function, GroupKey, GroupOrderBy, Hidden, Measure, Statistics};

use super::answer::{Unwritten, Writer};
use super::cells::cell_text;
use super::error::GraphError;
use super::json;
use super::plan::{KeptMeasure, StatsPlan};
use super::planner::Planner;
use super::refusals::statistics as refusals;
use super::rounding::{LEAST, may_be_summed, to_five, to_three_digits};
use super::selection::{GroupEntry, StatsEntry, StatsSelection};
use super::stats_planner::{measure_at, measure_form};
use super::values::argument;

impl Planner<'_> {
    /// Has groups of few rows kept back if a key or a measure is not shown to the caller, and refuses what would single out
    /// rows then.
    pub(super) fn keep_back(
        &self,
        permit: &Permit,
        field: &Selected,
        selection: &StatsSelection,
        filter: Option<&Filter>,
        statistics: &mut Statistics,
    ) -> Result<(), GraphError> {
        let keys: Vec<bool> = statistics.keys.iter().map(|key| self.is_hidden(permit, key)).collect();
        let bounded = statistics.having.iter().map(|having| having.measure).chain(statistics.measures.iter().copied());
        let bounded = bounded.filter_map(|measure| if let Measure::Of(_, field) = measure { Some(field) } else { None });
        let measured = measured(selection).chain(bounded).any(|field| !permit.shows_what_it_aggregates(field));
        if permit.is_empty() || !(measured || keys.contains(&true)) {
            return Ok(());
        }
        let bounds = argument(field, "having", self.variables);
        if bounds.as_ref().and_then(Value::as_object).is_some_and(|bounds| !bounds.is_empty()) {
            return Err(refusals::bounded_small_groups());
        }
        if statistics.order.iter().any(|order| matches!(order.by, GroupOrderBy::Measure(_))) {
            return Err(refusals::ordered_small_groups());
        }
        if let Some(name) = filter.and_then(|filter| singled_out_by(permit.register(), filter)) {
            return Err(refusals::filtered_small_groups(&name));
        }
        // Rounding goes by what tells the groups apart, whatever of it is asked for.
        statistics.given.iter_mut().for_each(|given| *given = true);
        measure_at(statistics, Measure::Count);
        statistics.hidden = Some(Hidden { keys, least: LEAST });
        Ok(())
    }

    /// True if the key, or a reference on the way to it, is aggregated on a row where it is not shown.
    fn is_hidden(&self, permit: &Permit, key: &GroupKey) -> bool {
        let steps = key.of.iter().copied().chain(key.reached(permit.register()).and_then(|reached| key.field(reached)));
        let mut permit = permit;
        for field in steps {
            if permit.is_empty() {
                return false;
            }
            if !permit.shows_what_it_aggregates(field) {
                return true;
            }
            match permit.register().fields[field].target().and_then(catalog::register) {
                Some(target) => permit = self.permits.of(target),
                None => return false,
            }
        }
        false
    }
}

/// The fields that a selection measures.
fn measured(selection: &StatsSelection) -> impl Iterator<Item = usize> {
    let groups = selection.entries.iter().filter_map(|(_, entry)| if let StatsEntry::Nodes(groups) = entry { Some(groups) } else { None });
    let fields = groups.flatten().filter_map(|(_, group)| if let GroupEntry::Measures(_, fields, _) = group { Some(fields) } else { None });
    fields.flatten().filter_map(|(_, field)| *field)
}

/// What of a filter could single out rows: any test but those of short lists of values and of regions, and any question about
/// rows that hang on a row.
fn singled_out_by(register: &Register, filter: &Filter) -> Option<String> {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().find_map(|filter| singled_out_by(register, filter)),
        Filter::Not(filter) => singled_out_by(register, filter),
        Filter::FullyVisible(_) | Filter::IsNull(_) => None,
        Filter::Many(relation, ..) => Some(format!("{}.{}", register.type_name, relation.name)),
        Filter::Field(index, _) => {
            let field = &register.fields[*index];
            let coarse = matches!(field.kind, Kind::Code(_) | Kind::Boolean | Kind::Place | Kind::RegionCode);
            (!coarse).then(|| format!("{}.{}", register.type_name, field.name))
        }
        Filter::One(index, filter) => {
            let target = register.fields[*index].target().and_then(catalog::register);
            target.and_then(|target| singled_out_by(target, filter))
        }
    }
}

/// A measure of groups of which those of few rows are kept back, with what it takes to tell whether it may be told.
pub(super) fn kept_measure(permit: &Permit, statistics: &mut Statistics, hidden: &Hidden, function: Function, field: usize) -> KeptMeasure {
    let measure = Measure::Of(function, field);
    let values = [Function::Counted, Function::Amounts, Function::GreatestAmount];
    KeptMeasure {
        function,
        field,
        column: measure_at(statistics, measure),
        form: measure_form(permit.register(), measure),
        values: values.map(|function| measure_at(statistics, Measure::Of(function, field))),
        seen: permit.shows_what_it_aggregates(field) && !hidden.keys.contains(&true),
    }
}

impl Writer<'_> {
    /// True if a group has few rows and is kept back.
    pub(super) fn few(&self, step: usize, row: usize) -> Result<bool, Error> {
        match self.fetched.few_column(step) {
            Some(column) => Ok(self.fetched.cell(step, row, column)? == Cell::Boolean(true)),
            None => Ok(false),
        }
    }

    /// Writes a group's count, up or down to a multiple of five.
    pub(super) fn kept_count(&mut self, plan: &StatsPlan<'_>, row: usize, column: usize) -> Result<(), Unwritten> {
        let step = plan.step.unwrap_or_default();
        match self.group_integer(step, row, column)? {
            Some(count) if !self.few(step, row)? => {
                let told = to_five(count, self.is_rounded_up(plan, row, "*", count)?);
                json::integer(&mut self.out, told);
            }
            _ => json::null(&mut self.out),
        }
        Ok(())
    }

    /// Writes a group's measures.
    pub(super) fn kept_measures(
        &mut self,
        plan: &StatsPlan<'_>,
        type_name: &str,
        measures: &[(&str, Option<KeptMeasure>)],
        row: usize,
    ) -> Result<(), Unwritten> {
        self.out.push(b'{');
        let mut first = true;
        for (key, measure) in measures {
            json::key(&mut self.out, &mut first, key);
            match measure {
                Some(measure) => self.kept_measure(plan, measure, row)?,
                None => json::string(&mut self.out, type_name),
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn kept_measure(&mut self, plan: &StatsPlan<'_>, measure: &KeptMeasure, row: usize) -> Result<(), Unwritten> {
        let step = plan.step.unwrap_or_default();
        let few = self.few(step, row)?;
        let [values, amounts, greatest] = measure.values;
        let number = |column| self.group_integer(step, row, column).map(Option::unwrap_or_default);
        let (values, amounts, greatest) = (number(values)?, number(amounts)?, number(greatest)?);
        match measure.function {
            Function::Counted => {
                let name = plan.register.fields[measure.field].name;
                let told = if few || values < LEAST { 0 } else { to_five(values, self.is_rounded_up(plan, row, name, values)?) };
                json::integer(&mut self.out, told);
            }
            Function::Sum | Function::Average if !few && may_be_summed(values, amounts, greatest) => {
                let cell = self.fetched.cell(step, row, self.fetched.group_column(step, measure.column))?;
                let told = match cell {
                    Cell::Integer(number) => to_three_digits(number as f64),
                    Cell::Float(number) => to_three_digits(number),
                    _ => return Ok(json::null(&mut self.out)),
                };
                // A sum is spelled as the whole number that it is.
                let whole = matches!(cell, Cell::Integer(_)) && told.fract() == 0.0;
                let told = if whole { Cell::Integer(told as i64) } else { Cell::Float(told) };
                cell_text(&mut self.out, self.today, &self.tokens, told, measure.form);
            }
            Function::Least | Function::Greatest if !few && measure.seen => self.measure(step, row, measure.column, measure.form)?,
            _ => json::null(&mut self.out),
        }
        Ok(())
    }

    fn group_integer(&self, step: usize, row: usize, column: usize) -> Result<Option<i64>, Error> {
        Ok(self.fetched.cell(step, row, self.fetched.group_column(step, column))?.integer())
    }

    /// Whether a count is rounded up: drawn from what tells the groups apart, the group, what is counted and the true count.
    fn is_rounded_up(&self, plan: &StatsPlan<'_>, row: usize, counted: &str, count: i64) -> Result<bool, Error> {
        let step = plan.step.unwrap_or_default();
        let keys = self.fetched.keys(step);
        let mut parts = vec!["statistics".to_owned(), plan.register.name.to_owned(), counted.to_owned(), count.to_string()];
        for (index, key) in keys.iter().enumerate() {
            parts.push(key.name(plan.register));
            parts.push(spelled(self.fetched.cell(step, row, self.fetched.group_column(step, index))?));
        }
        let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        Ok(self.key.draw(&parts, 2) == 1)
    }
}

/// A key's value as a text, one for each value.
fn spelled(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Uuid(uuid) => uuid.simple().to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Integer(number) | Cell::Instant(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => format!("\"{text}"),
        Cell::Date(day) => day.to_string(),
    }
}
