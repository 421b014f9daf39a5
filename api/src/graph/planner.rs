//! From selections to steps: which columns, which rows, what is withheld, what it may cost.

use apollo_compiler::executable::Field as Selected;
use apollo_compiler::response::JsonMap;
use entities::catalog::{Field, Kind, Register, Relation, Source};
use entities::codes::{REGION_LEVEL, RegionLevel};
use entities::mask::Mask;
use sea_orm::ActiveEnum;
use serde_json::Value;

use crate::clock::Now;
use crate::policy::{Caller, ConditionSet, Cover, Permits, Right, Shown};
use crate::store::expression::Type;
use crate::store::filter::Filter;
use crate::store::select::{Column, Content, Join, Link, MOST_JOINS, Origin, Table};
use crate::store::statistics;

use super::error::GraphError;
use super::filters::FilterReader;
use super::in_force::InForce;
use super::limits::Limits;
use super::names::enum_value;
use super::plan::{Coarsened, ExactPoint, Form, Guard, Limited, ObjectPlan, ParentKey, Plan, Planned, Step, Withheld, Work};
use super::refusals::lists;
use super::selection::{EntryValue, ObjectSelection, Plain};
use super::values::argument;

/// Plans one request.
pub(super) struct Planner<'p> {
    /// Who asks.
    pub(super) caller: &'p Caller,
    pub(super) permits: &'p Permits,
    /// Where the permits come from, to say why.
    pub(super) in_force: &'p InForce,
    pub(super) variables: &'p JsonMap,
    pub(super) limits: &'p Limits,
    pub(super) now: Now,
    pub(super) plan: Plan<'p>,
    /// Response keys from the root to where the planner is.
    pub(super) path: Vec<&'p str>,
}

/// Rows of one step, or of one of its joins: what an object is planned on.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) step: usize,
    pub(super) table: usize,
    /// The most rows there can be.
    pub(super) rows: u64,
}

impl<'p> Planner<'p> {
    /// Adds a step that reads rows of a register.
    pub(super) fn add_step(&mut self, register: &'static Register, work: Work) -> usize {
        self.plan.steps.push(Step {
            table: Table { register, joins: Vec::new(), columns: Vec::new() },
            types: Vec::new(),
            conditions: Vec::new(),
            work,
        });
        self.plan.steps.len() - 1
    }

    /// The position of a column in a step's rows, added if it is not there yet.
    pub(super) fn column(&mut self, place: Place, content: Content) -> usize {
        let table = &mut self.plan.steps[place.step].table;
        let wanted = Column { table: place.table, content };
        table.columns.iter().position(|column| *column == wanted).unwrap_or_else(|| {
            table.columns.push(wanted);
            table.columns.len() - 1
        })
    }

    /// Notes a register that is asked for; without any row in scope the answer is empty for that reason.
    pub(super) fn ask(&mut self, register: &'static Register) {
        let known = self.plan.without_rows.iter().any(|known| known.name == register.name);
        if self.permits.of(register).is_empty() && !known {
            self.plan.without_rows.push(register);
        }
    }

    /// Notes a page on the way to the node budget.
    pub(super) fn spend(&mut self, nodes: u64) -> Result<(), GraphError> {
        self.plan.pages.push((self.path.join("."), nodes));
        let total = self.plan.pages.iter().fold(0u64, |sum, (_, nodes)| sum.saturating_add(*nodes));
        if total > self.limits.nodes {
            let figures: Vec<String> = self.plan.pages.iter().map(|(path, nodes)| format!("{path}: {nodes}")).collect();
            return Err(lists::too_costly(total, self.limits.nodes, &figures.join(", ")));
        }
        Ok(())
    }

    /// Plans what is selected of a row.
    pub(super) fn object(&mut self, place: Place, selection: &'p ObjectSelection) -> Result<ObjectPlan<'p>, GraphError> {
        let register = selection.register;
        let mut entries = Vec::with_capacity(selection.entries.len());
        for entry in &selection.entries {
            self.path.push(entry.key.as_str());
            entries.push((entry.key.as_str(), self.entry(place, register, &entry.value)?));
            self.path.pop();
        }
        let conditions = self.asked_of(place);
        let present = (place.table > 0).then(|| self.presence(place, register));
        Ok(ObjectPlan { step: place.step, register, present, conditions, entries })
    }

    /// A column that is null only where there is no such row: one that is read anyway, or else the key.
    fn presence(&mut self, place: Place, register: &'static Register) -> usize {
        let never_null = |content: Content| match content {
            Content::Field(index) => !register.fields[index].nullable && !matches!(register.fields[index].source, Source::Point { .. }),
            Content::Latitude(_) | Content::Birth(_) | Content::Place | Content::Conditions(_) => false,
            Content::Labels | Content::Person => false,
        };
        let columns = &self.plan.steps[place.step].table.columns;
        let known = columns.iter().position(|column| column.table == place.table && never_null(column.content));
        known.unwrap_or_else(|| self.column(place, Content::Field(0)))
    }

    fn entry(&mut self, place: Place, register: &'static Register, entry: &'p EntryValue) -> Result<Planned<'p>, GraphError> {
        match entry {
            EntryValue::Typename => Ok(Planned::Typename),
            EntryValue::Access(parts) => Ok(self.access(place, register, parts)),
            EntryValue::Many(relation, field, selection) => self.many(place, register, relation, field, selection).map(Planned::Many),
            EntryValue::Back(relation, selection) => self.back(place, relation, selection),
            EntryValue::Scalar(index) | EntryValue::Point(index, _) | EntryValue::One(index, ..) => {
                let permit = self.permits.of(register);
                let (full, shown) = (permit.cover(Right::Show, *index), permit.shown(*index));
                self.note_shown(register, *index, shown);
                if shown == Shown::Nowhere {
                    if permit.is_empty() {
                        self.plan.touched.hidden.push((register, *index));
                    }
                    return Ok(Planned::Null);
                }
                self.touch_shown(place, register, *index);
                let masks: Vec<(Mask, Cover)> = permit.masks(*index).collect();
                let masks = masks.into_iter().map(|(mask, cover)| (self.guard(place, cover), mask)).collect();
                let guard = self.guard(place, full);
                self.shown(place, register, entry, guard, masks)
            }
        }
    }

    /// Plans a field that is shown on some rows at least, in full or masked.
    fn shown(
        &mut self,
        place: Place,
        register: &'static Register,
        entry: &'p EntryValue,
        guard: Guard,
        masks: Vec<(Guard, Mask)>,
    ) -> Result<Planned<'p>, GraphError> {
        let levels = || masks.iter().filter_map(|(guard, mask)| if let Mask::Within(level) = mask { Some((*guard, *level)) } else { None });
        match entry {
            EntryValue::Scalar(index) => {
                let form = form_of(register, &register.fields[*index]);
                let content = if matches!(form, Form::Age | Form::AgeBand) { Content::Birth(*index) } else { Content::Field(*index) };
                let column = self.column(place, content);
                if masks.is_empty() {
                    return Ok(Planned::Cell { column, form, guard });
                }
                let forms =
                    std::iter::once((guard, form)).chain(masks.into_iter().map(|(guard, mask)| (guard, masked(register, *index, mask))));
                Ok(Planned::Masked { column, forms: forms.collect() })
            }
            EntryValue::Point(index, parts) => {
                let exact = (guard.cover != Cover::Nowhere).then(|| {
                    let longitude = self.column(place, Content::Field(*index));
                    ExactPoint { longitude, latitude: self.column(place, Content::Latitude(*index)), guard }
                });
                let masks: Vec<(Guard, RegionLevel)> = levels().collect();
                let column = (!masks.is_empty() && register.placing.is_some()).then(|| self.column(place, Content::Place));
                Ok(Planned::Point { exact, masks, place: column, parts })
            }
            EntryValue::One(index, field, selection) => {
                let masks: Vec<(Guard, RegionLevel)> = levels().collect();
                // Where a place is masked the region itself tells on which rows there is one.
                let outer = if masks.is_empty() { guard } else { Coarsened::nowhere().full };
                let plan = self.one(place, register, *index, field, selection, Coarsened { full: guard, masks })?;
                Ok(plan.map_or(Planned::Null, |plan| Planned::Object(Box::new(plan), outer)))
            }
            EntryValue::Typename | EntryValue::Many(..) | EntryValue::Back(..) | EntryValue::Access(_) => Ok(Planned::Null),
        }
    }

    /// Notes a field that is not shown in full on every row.
    fn note_shown(&mut self, register: &'static Register, index: usize, shown: Shown) {
        match shown {
            Shown::Full => {}
            Shown::Masked => {
                let field = &register.fields[index];
                if !self.plan.masked.iter().any(|(_, known)| std::ptr::eq(*known, field)) {
                    self.plan.masked.push((register, field));
                }
            }
            Shown::SomeRows => self.withhold(register, index, true),
            Shown::Nowhere => self.withhold(register, index, false),
        }
    }

    /// Notes a tie that is not to be looked along, or not on every row.
    pub(super) fn note(&mut self, register: &'static Register, index: usize, cover: Cover) {
        if cover != Cover::Everywhere {
            self.withhold(register, index, matches!(cover, Cover::Where { .. }));
        }
    }

    fn withhold(&mut self, register: &'static Register, index: usize, on_some_rows: bool) {
        let permit = self.permits.of(register);
        if !permit.is_empty() {
            let mut purposes: Vec<String> =
                permit.purposes_for(index).filter(|purpose| self.caller.may_state(purpose)).map(str::to_owned).collect();
            purposes.sort_unstable();
            purposes.dedup();
            let path = self.path.iter().map(|key| (*key).to_owned()).collect();
            self.plan.withheld.push(Withheld { register, field: &register.fields[index], on_some_rows, purposes, path });
        }
    }

    fn one(
        &mut self,
        place: Place,
        register: &'static Register,
        index: usize,
        field: &'p Selected,
        selection: &'p ObjectSelection,
        shown: Coarsened,
    ) -> Result<Option<ObjectPlan<'p>>, GraphError> {
        let target = selection.register;
        if self.permits.of(target).is_empty() {
            return Ok(None);
        }
        if target.name == "region" {
            let column = self.column(place, Content::Field(index));
            let level = argument(field, "level", self.variables).and_then(|level| level_of(&level));
            let by_id = matches!(register.fields[index].kind, Kind::Reference(_));
            let parent = ParentKey { step: place.step, column, of_group: false };
            let step = self.add_step(target, Work::Region { parent, level, by_id, shown });
            return self.object(Place { step, table: 0, rows: place.rows }, selection).map(Some);
        }
        let table = if self.is_region_step(place.step) {
            None
        } else {
            Some(self.join(place.step, Origin::Table(place.table), &register.fields[index], Link::Forward, target)?)
        };
        match table {
            Some(table) => self.object(Place { table, ..place }, selection).map(Some),
            None => Ok(None),
        }
    }

    /// The one row that points back to this one. The right to look along the reference is a matter of that row, so the
    /// join itself asks for it.
    fn back(&mut self, place: Place, relation: &'static Relation, selection: &'p ObjectSelection) -> Result<Planned<'p>, GraphError> {
        let target = selection.register;
        self.ask(target);
        let Some((index, field)) = target.field(relation.through.tie()) else { return Ok(Planned::Null) };
        let visible = self.permits.of(target).cover(Right::Show, index);
        self.note(target, index, visible);
        if visible == Cover::Nowhere || self.is_region_step(place.step) {
            return Ok(Planned::Null);
        }
        let table = self.join(place.step, Origin::Table(place.table), field, Link::Back(visible), target)?;
        self.touch_shown(Place { table, ..place }, target, index);
        let plan = self.object(Place { table, ..place }, selection)?;
        Ok(Planned::Object(Box::new(plan), Guard::EVERYWHERE))
    }

    pub(super) fn is_region_step(&self, step: usize) -> bool {
        self.plan.steps[step].work.is_in_memory()
    }

    /// The table of a to-one relation in the statement of a step, joined to one of its tables or keys.
    pub(super) fn join(
        &mut self,
        step: usize,
        from: Origin,
        field: &'static Field,
        link: Link,
        target: &'static Register,
    ) -> Result<usize, GraphError> {
        let table = &mut self.plan.steps[step].table;
        let known = table.joins.iter().position(|join| {
            let same_reference = join.field.name == field.name && join.link == link && join.target.name == target.name;
            join.from == from && same_reference
        });
        if let Some(position) = known {
            return Ok(position + 1);
        }
        if table.joins.len() == MOST_JOINS {
            return Err(lists::too_many_joins(MOST_JOINS));
        }
        table.joins.push(Join { from, field, link, target });
        Ok(table.joins.len())
    }

    /// The filter in a field's arguments.
    pub(super) fn filter(&mut self, register: &'static Register, field: &Selected, narrow: bool) -> Result<Option<Filter>, GraphError> {
        let value = argument(field, "filter", self.variables).filter(|value| !value.is_null());
        let filter = value.map(|value| FilterReader::new(self.permits, self.limits).read(register, &value, narrow)).transpose()?;
        if let Some(filter) = &filter {
            self.touch_filter(register, filter);
        }
        Ok(filter)
    }

    fn access(&mut self, place: Place, register: &'static Register, parts: &'p [Plain]) -> Planned<'p> {
        let permit = self.permits.of(register);
        let mut limited = Vec::new();
        let mut needed = ConditionSet::default();
        for (index, field) in register.fields.iter().enumerate() {
            let full = permit.cover(Right::Show, index);
            let masks: Vec<Cover> = permit.masks(index).map(|(_, cover)| cover).collect();
            for cover in masks.iter().chain([&full]) {
                if let Cover::Where { any, none } = cover {
                    needed = needed.union(*any).union(*none);
                }
            }
            if full != Cover::Everywhere {
                limited.push(Limited { name: enum_value(field.name), full, masks });
            }
        }
        if !needed.is_empty() {
            self.conditions(place, needed);
        }
        Planned::Access { parts, limited }
    }

    /// Fills in what is known once all columns are: the types of every step's columns.
    pub(super) fn finish(mut self) -> Plan<'p> {
        self.tell_conditions();
        self.plan.node_limit = self.limits.nodes;
        for step in &mut self.plan.steps {
            step.types.extend(step.table.columns.iter().map(|column| step.table.type_of(*column)));
            match &step.work {
                Work::Groups { statistics, .. } => step.types.extend(statistics::types(step.table.register, statistics)),
                Work::Duplicates(_) => step.types.extend([Type::Text, Type::Long]),
                Work::Menu { table, .. } => step.types.extend(table.types()),
                _ => {}
            }
        }
        self.plan
    }
}

/// How a masked value is spelled.
fn masked(register: &'static Register, index: usize, mask: Mask) -> Form {
    if mask == Mask::Token { Form::Token(register, &register.fields[index]) } else { Form::Mask(mask) }
}

/// How a field's value is spelled.
pub(super) fn form_of(register: &'static Register, field: &Field) -> Form {
    match (field.kind, field.source) {
        (_, Source::FirstAndLast(_)) => Form::Mask(Mask::FirstAndLast),
        (_, Source::Age(_)) => Form::Age,
        (_, Source::AgeBand(_)) => Form::AgeBand,
        (Kind::Id, _) => Form::Id(register.name),
        (Kind::RegionCode, _) => Form::RegionCode,
        (Kind::Money, _) => Form::Money,
        _ => Form::Plain,
    }
}

/// The level that a value names.
pub(super) fn level_of(value: &Value) -> Option<RegionLevel> {
    REGION_LEVEL.find(value.as_str()?).and_then(|code| RegionLevel::try_from_value(&code.value.to_owned()).ok())
}
