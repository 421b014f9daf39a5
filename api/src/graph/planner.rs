//! From selections to steps: which columns, which rows, what is withheld, what it may cost.

use apollo_compiler::executable::Field as Selected;
use apollo_compiler::response::JsonMap;
use entities::catalog::{self, Field, Kind, Register, Relation, Source, Through};
use entities::codes::{REGION_LEVEL, RegionLevel};
use sea_orm::ActiveEnum;
use serde_json::Value;

use crate::clock::Now;
use crate::policy::{ConditionSet, Cover, Permits, Right};
use crate::store::filter::{Filter, Page};
use crate::store::select::{Column, Content, Join, MOST_JOINS, Table};
use crate::store::statistics;

use super::error::{ErrorCode, GraphError};
use super::filters::{FilterReader, fully_visible_fields};
use super::limits::Limits;
use super::names::enum_value;
use super::pages;
use super::plan::{
    ConnectionPlan, CursorPlan, Form, Guard, ObjectPlan, ParentKey, Plan, Planned, PlannedConnection, PlannedEdge, Step, Withheld, Work,
};
use super::selection::{ConnectionEntry, ConnectionSelection, EdgeEntry, EntryValue, ObjectSelection, Plain};
use super::values::argument;

/// Plans one request.
pub(super) struct Planner<'p> {
    pub(super) permits: &'p Permits,
    pub(super) variables: &'p JsonMap,
    pub(super) limits: &'p Limits,
    pub(super) now: Now,
    pub(super) plan: Plan<'p>,
    /// Response keys from the root to where the planner is.
    pub(super) path: Vec<String>,
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
        self.plan.steps.push(Step { table: Table { register, joins: Vec::new(), columns: Vec::new() }, types: Vec::new(), work });
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

    /// The position of the column that tells which conditions a row satisfies.
    fn bits(&mut self, place: Place, set: ConditionSet) -> usize {
        let table = &mut self.plan.steps[place.step].table;
        let known = table.columns.iter().position(|column| column.table == place.table && matches!(column.content, Content::Conditions(_)));
        if let Some(position) = known {
            if let Content::Conditions(conditions) = &mut table.columns[position].content {
                *conditions = conditions.union(set);
            }
            return position;
        }
        table.columns.push(Column { table: place.table, content: Content::Conditions(set) });
        table.columns.len() - 1
    }

    fn guard(&mut self, place: Place, cover: Cover) -> Guard {
        match cover {
            Cover::Where { any, none } => Guard { cover, bits: Some(self.bits(place, any.union(none))) },
            Cover::Everywhere | Cover::Nowhere => Guard { cover, bits: None },
        }
    }

    /// Notes a page on the way to the node budget.
    pub(super) fn spend(&mut self, nodes: u64) -> Result<(), GraphError> {
        self.plan.pages.push((self.path.join("."), nodes));
        let total = self.plan.pages.iter().fold(0u64, |sum, (_, nodes)| sum.saturating_add(*nodes));
        if total > self.limits.nodes {
            let figures: Vec<String> = self.plan.pages.iter().map(|(path, nodes)| format!("{path}: {nodes}")).collect();
            let message =
                format!("The pages could hold {total} nodes; at most {} are allowed ({}).", self.limits.nodes, figures.join(", "));
            return Err(GraphError::new(ErrorCode::TooCostly, message).hint("Ask for smaller pages with `first`."));
        }
        Ok(())
    }

    /// Plans what is selected of a row.
    pub(super) fn object(&mut self, place: Place, selection: &'p ObjectSelection) -> Result<ObjectPlan<'p>, GraphError> {
        let register = selection.register;
        let present = (place.table > 0).then(|| self.column(place, Content::Field(0)));
        let mut entries = Vec::with_capacity(selection.entries.len());
        for entry in &selection.entries {
            self.path.push(entry.key.clone());
            entries.push((entry.key.as_str(), self.entry(place, register, &entry.value)?));
            self.path.pop();
        }
        Ok(ObjectPlan { step: place.step, register, present, entries })
    }

    fn entry(&mut self, place: Place, register: &'static Register, entry: &'p EntryValue) -> Result<Planned<'p>, GraphError> {
        match entry {
            EntryValue::Typename => Ok(Planned::Typename),
            EntryValue::Access(parts) => Ok(self.access(place, register, parts)),
            EntryValue::Many(relation, field, selection) => self.many(place, register, relation, field, selection).map(Planned::Many),
            EntryValue::Scalar(index) | EntryValue::Point(index, _) | EntryValue::One(index, ..) => {
                let cover = self.permits.of(register).cover(Right::Show, *index);
                self.note(register, *index, cover);
                if cover == Cover::Nowhere {
                    return Ok(Planned::Null);
                }
                let guard = self.guard(place, cover);
                self.shown(place, register, entry, guard)
            }
        }
    }

    /// Plans a field that is shown on some rows at least.
    fn shown(&mut self, place: Place, register: &'static Register, entry: &'p EntryValue, guard: Guard) -> Result<Planned<'p>, GraphError> {
        match entry {
            EntryValue::Scalar(index) => {
                let column = self.column(place, Content::Field(*index));
                Ok(Planned::Cell { column, form: form_of(register, &register.fields[*index]), guard })
            }
            EntryValue::Point(index, parts) => {
                let longitude = self.column(place, Content::Field(*index));
                let latitude = self.column(place, Content::Latitude(*index));
                Ok(Planned::Point { longitude, latitude, parts, guard })
            }
            EntryValue::One(index, field, selection) => {
                let plan = self.one(place, register, *index, field, selection)?;
                Ok(plan.map_or(Planned::Null, |plan| Planned::Object(Box::new(plan), guard)))
            }
            EntryValue::Typename | EntryValue::Many(..) | EntryValue::Access(_) => Ok(Planned::Null),
        }
    }

    /// Notes a field that is not shown, or not on every row.
    fn note(&mut self, register: &'static Register, index: usize, cover: Cover) {
        if cover == Cover::Everywhere || self.permits.of(register).is_empty() {
            return;
        }
        let field = &register.fields[index];
        let on_some_rows = matches!(cover, Cover::Where { .. });
        self.plan.withheld.push(Withheld { register, field, on_some_rows, path: self.path.clone() });
    }

    fn one(
        &mut self,
        place: Place,
        register: &'static Register,
        index: usize,
        field: &'p Selected,
        selection: &'p ObjectSelection,
    ) -> Result<Option<ObjectPlan<'p>>, GraphError> {
        let target = selection.register;
        if self.permits.of(target).is_empty() {
            return Ok(None);
        }
        if target.name == "region" {
            let column = self.column(place, Content::Field(index));
            let level = argument(field, "level", self.variables).and_then(|level| level_of(&level));
            let by_id = matches!(register.fields[index].kind, Kind::Reference(_));
            let step =
                self.add_step(target, Work::Region { parent: ParentKey { step: place.step, column, of_group: false }, level, by_id });
            return self.object(Place { step, table: 0, rows: place.rows }, selection).map(Some);
        }
        let table = if self.is_region_step(place.step) { None } else { self.join(place, &register.fields[index], target)? };
        match table {
            Some(table) => self.object(Place { table, ..place }, selection).map(Some),
            None => Ok(None),
        }
    }

    fn is_region_step(&self, step: usize) -> bool {
        matches!(self.plan.steps[step].work, Work::Region { .. })
    }

    /// The table of a to-one relation in the parent's statement.
    pub(super) fn join(&mut self, place: Place, field: &'static Field, target: &'static Register) -> Result<Option<usize>, GraphError> {
        let table = &mut self.plan.steps[place.step].table;
        let known = table.joins.iter().position(|join| join.from == place.table && join.field.name == field.name);
        if let Some(position) = known {
            return Ok(Some(position + 1));
        }
        if table.joins.len() == MOST_JOINS {
            let message = format!("More than {MOST_JOINS} to-one relations hang on one list.");
            return Err(GraphError::new(ErrorCode::TooWide, message));
        }
        table.joins.push(Join { from: place.table, field, target });
        Ok(Some(table.joins.len()))
    }

    fn many(
        &mut self,
        place: Place,
        register: &'static Register,
        relation: &'static Relation,
        field: &'p Selected,
        selection: &'p ConnectionSelection,
    ) -> Result<ConnectionPlan<'p>, GraphError> {
        let target = catalog::register(relation.target).unwrap_or(register);
        let (Through::Reference(tie) | Through::Place(tie)) = relation.through;
        let tie_index = target.field(tie).map_or(0, |(index, _)| index);
        let visible = self.permits.of(target).cover(Right::Show, tie_index);
        if visible != Cover::Everywhere {
            self.note(target, tie_index, visible);
        }
        let by_place = matches!(relation.through, Through::Place(_));
        let key_field = if by_place { register.field("code").map_or(0, |(index, _)| index) } else { 0 };
        let column = self.column(place, Content::Field(key_field));
        let parent = ParentKey { step: place.step, column, of_group: false };
        let seen = visible != Cover::Nowhere && !self.permits.of(target).is_empty();
        let list = List {
            register: target,
            field,
            selection,
            parent: Some((parent, relation, visible)),
            narrow: !by_place,
            rows: place.rows,
            seen,
        };
        self.connection(list)
    }

    /// Plans a page of rows, at a root or of a relation.
    pub(super) fn connection(&mut self, list: List<'p>) -> Result<ConnectionPlan<'p>, GraphError> {
        let List { register, field, selection, parent, narrow, rows, seen } = list;
        let permit = self.permits.of(register);
        let filter = self.filter(register, field, narrow)?;
        let page = pages::page(field, self.variables, permit, fully_visible_fields(filter.as_ref()), self.limits)?;
        let needs_rows = selection
            .entries
            .iter()
            .any(|(_, entry)| matches!(entry, ConnectionEntry::Nodes(_) | ConnectionEntry::Edges(..) | ConnectionEntry::PageInfo(_)));
        let page_rows = rows.saturating_mul(page.size as u64);
        let shape = (page.backward, page.after.is_some(), page.before.is_some());
        let mut step = None;
        let mut cursor = CursorPlan { order: page.order.clone(), ..CursorPlan::default() };
        if needs_rows {
            self.spend(page_rows)?;
            let work = page_work(parent, filter.clone(), page);
            let added = self.add_step(register, work);
            let place = Place { step: added, table: 0, rows: page_rows };
            cursor.id = self.column(place, Content::Field(0));
            if needs_cursor(selection) {
                cursor.columns = cursor.order.iter().map(|key| self.column(place, Content::Field(key.field))).collect();
            }
            step = Some(added);
        }
        let mut entries = Vec::with_capacity(selection.entries.len());
        for (key, entry) in &selection.entries {
            self.path.push(key.clone());
            let target = Target { register, parent, filter: filter.as_ref(), step, rows: page_rows, seen };
            entries.push((key.as_str(), self.connection_entry(entry, target, &selection.type_name)?));
            self.path.pop();
        }
        let (backward, after, before) = shape;
        Ok(ConnectionPlan { step: step.filter(|_| seen), register, entries, backward, after, before, cursor })
    }

    fn connection_entry(
        &mut self,
        entry: &'p ConnectionEntry,
        target: Target<'_>,
        type_name: &'p str,
    ) -> Result<PlannedConnection<'p>, GraphError> {
        let place = Place { step: target.step.unwrap_or_default(), table: 0, rows: target.rows };
        Ok(match entry {
            ConnectionEntry::Typename => PlannedConnection::Typename(type_name),
            ConnectionEntry::PageInfo(parts) => PlannedConnection::PageInfo(parts),
            ConnectionEntry::Nodes(selection) => PlannedConnection::Nodes(self.object(place, selection)?),
            ConnectionEntry::Edges(edge_type, edges) => {
                let mut planned = Vec::with_capacity(edges.len());
                for (key, edge) in edges {
                    let edge = match edge {
                        EdgeEntry::Typename => PlannedEdge::Typename,
                        EdgeEntry::Cursor => PlannedEdge::Cursor,
                        EdgeEntry::Node(selection) => {
                            self.path.push(key.clone());
                            let node = self.object(place, selection)?;
                            self.path.pop();
                            PlannedEdge::Node(node)
                        }
                    };
                    planned.push((key.as_str(), edge));
                }
                PlannedConnection::Edges(edge_type, planned)
            }
            ConnectionEntry::TotalCount(field) => {
                let limit = argument(field, "limit", self.variables).and_then(|limit| limit.as_i64()).unwrap_or(100_000);
                if !(0..=10_000_000).contains(&limit) {
                    return Err(GraphError::new(ErrorCode::BadInput, "The limit of a count must lie between 0 and 10,000,000."));
                }
                if !target.seen {
                    return Ok(PlannedConnection::TotalCount(None, limit));
                }
                let filter = target.filter.cloned();
                let work = match target.parent {
                    None => Work::Count { filter, limit },
                    Some((parent, relation, visible)) => Work::CountPerParent { parent, relation, filter, limit, visible },
                };
                PlannedConnection::TotalCount(Some(self.add_step(target.register, work)), limit)
            }
        })
    }

    /// The filter in a field's arguments.
    pub(super) fn filter(&mut self, register: &'static Register, field: &Selected, narrow: bool) -> Result<Option<Filter>, GraphError> {
        let value = argument(field, "filter", self.variables).filter(|value| !value.is_null());
        value.map(|value| FilterReader::new(self.permits, self.limits).read(register, &value, narrow)).transpose()
    }

    fn access(&mut self, place: Place, register: &'static Register, parts: &'p [Plain]) -> Planned<'p> {
        let permit = self.permits.of(register);
        let mut withheld = Vec::new();
        let mut needed = ConditionSet::default();
        for (index, field) in register.fields.iter().enumerate() {
            let cover = permit.cover(Right::Show, index);
            if let Cover::Where { any, none } = cover {
                needed = needed.union(any).union(none);
            }
            if cover != Cover::Everywhere {
                withheld.push((enum_value(field.name), cover));
            }
        }
        let bits = (needed != ConditionSet::default()).then(|| self.bits(place, needed));
        Planned::Access { parts, withheld, bits }
    }

    /// Fills in what is known once all columns are: the types of every step's columns.
    pub(super) fn finish(mut self) -> Plan<'p> {
        for step in &mut self.plan.steps {
            step.types.extend(step.table.columns.iter().map(|column| step.table.type_of(*column)));
            if let Work::Groups { statistics, .. } = &step.work {
                step.types.extend(statistics::types(step.table.register, statistics));
            }
        }
        self.plan
    }
}

/// A list to plan.
#[derive(Clone, Copy)]
pub(super) struct List<'p> {
    pub(super) register: &'static Register,
    pub(super) field: &'p Selected,
    pub(super) selection: &'p ConnectionSelection,
    pub(super) parent: Option<(ParentKey, &'static Relation, Cover)>,
    /// True if the rows are bounded enough for a search in names.
    pub(super) narrow: bool,
    /// The most parents there can be.
    pub(super) rows: u64,
    /// False if no row can be seen, so that nothing is read.
    pub(super) seen: bool,
}

#[derive(Clone, Copy)]
struct Target<'a> {
    register: &'static Register,
    parent: Option<(ParentKey, &'static Relation, Cover)>,
    filter: Option<&'a Filter>,
    step: Option<usize>,
    rows: u64,
    seen: bool,
}

fn page_work(parent: Option<(ParentKey, &'static Relation, Cover)>, filter: Option<Filter>, page: Page) -> Work {
    match parent {
        None => Work::Page { filter, page },
        Some((parent, relation, visible)) => Work::PerParent { parent, relation, filter, page, visible },
    }
}

fn needs_cursor(selection: &ConnectionSelection) -> bool {
    selection.entries.iter().any(|(_, entry)| match entry {
        ConnectionEntry::PageInfo(parts) => parts.iter().any(|part| part.name.ends_with("Cursor")),
        ConnectionEntry::Edges(_, edges) => edges.iter().any(|(_, edge)| matches!(edge, EdgeEntry::Cursor)),
        _ => false,
    })
}

/// How a field's value is spelled.
pub(super) fn form_of(register: &'static Register, field: &Field) -> Form {
    match (field.kind, field.source) {
        (_, Source::FirstAndLast(_)) => Form::FirstAndLast,
        (Kind::Id, _) => Form::Id(register.name),
        (Kind::RegionCode, _) => Form::RegionCode,
        _ => Form::Plain,
    }
}

/// The level that a value names.
pub(super) fn level_of(value: &Value) -> Option<RegionLevel> {
    REGION_LEVEL.find(value.as_str()?).and_then(|code| RegionLevel::try_from_value(&code.value.to_owned()).ok())
}
