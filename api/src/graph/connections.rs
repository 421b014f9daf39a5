//! Planning of pages: of a root, and of a row's relations.

use apollo_compiler::executable::Field as Selected;
use entities::catalog::{self, Register, Relation, Through};

use crate::policy::{Cover, FieldSet, Right};
use crate::store::filter::{Filter, Page};
use crate::store::select::Content;

use super::error::GraphError;
use super::pages;
use super::plan::{ConnectionPlan, CursorPlan, ParentKey, PlannedConnection, PlannedEdge, Work};
use super::planner::{Place, Planner};
use super::refusals::lists::count_limit;
use super::row_conditions::Visible;
use super::selection::{ConnectionEntry, ConnectionSelection, EdgeEntry};
use super::values::argument;

impl<'p> Planner<'p> {
    /// Plans the rows of a relation.
    pub(super) fn many(
        &mut self,
        place: Place,
        register: &'static Register,
        relation: &'static Relation,
        field: &'p Selected,
        selection: &'p ConnectionSelection,
    ) -> Result<ConnectionPlan<'p>, GraphError> {
        let target = catalog::register(relation.target).unwrap_or(register);
        let tie_index = target.field(relation.through.tie()).map_or(0, |(index, _)| index);
        let visible = self.permits.of(target).cover(Right::Show, tie_index);
        if visible != Cover::Everywhere {
            self.note(target, tie_index, visible);
        }
        let by_place = matches!(relation.through, Through::Place(_));
        let key_field = if by_place { register.field("code").map_or(0, |(index, _)| index) } else { 0 };
        let column = self.column(place, Content::Field(key_field));
        let parent = ParentKey { step: place.step, column, of_group: false };
        let seen = visible != Cover::Nowhere && !self.permits.of(target).is_empty();
        let visible = self.visible(place, relation, target, visible);
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
        self.ask(register);
        let permit = self.permits.of(register);
        let filter = self.filter(register, field, narrow)?;
        let page = pages::page(field, self.variables, permit, filter.as_ref().map_or(FieldSet::EMPTY, Filter::fully_visible), self.limits)?;
        let needs_rows = selection
            .entries
            .iter()
            .any(|(_, entry)| matches!(entry, ConnectionEntry::Nodes(_) | ConnectionEntry::Edges(..) | ConnectionEntry::PageInfo(_)));
        let page_rows = rows.saturating_mul(page.size as u64);
        let shape = (page.backward, page.after.is_some(), page.before.is_some());
        let mut step = None;
        let mut cursor = None;
        if needs_rows {
            self.spend(page_rows)?;
            let order = page.order.clone();
            let work = page_work(parent, filter.clone(), page);
            let added = self.add_step(register, work);
            let place = Place { step: added, table: 0, rows: page_rows };
            if let Some((_, relation, _)) = parent
                && let Some((tie, _)) = register.field(relation.through.tie())
            {
                self.touch_shown(place, register, tie);
            }
            for key in &order {
                self.touch(register, key.field);
            }
            if needs_cursor(selection) {
                let columns = order.iter().map(|key| self.column(place, Content::Field(key.field))).collect();
                cursor = Some(CursorPlan { order, columns, id: self.column(place, Content::Field(0)) });
            }
            step = Some(added);
        }
        let mut entries = Vec::with_capacity(selection.entries.len());
        for (key, entry) in &selection.entries {
            self.path.push(key.as_str());
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
                            self.path.push(key.as_str());
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
                    return Err(count_limit());
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
}

/// A list to plan.
#[derive(Clone, Copy)]
pub(super) struct List<'p> {
    pub(super) register: &'static Register,
    pub(super) field: &'p Selected,
    pub(super) selection: &'p ConnectionSelection,
    pub(super) parent: Option<(ParentKey, &'static Relation, Visible)>,
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
    parent: Option<(ParentKey, &'static Relation, Visible)>,
    filter: Option<&'a Filter>,
    step: Option<usize>,
    rows: u64,
    seen: bool,
}

fn page_work(parent: Option<(ParentKey, &'static Relation, Visible)>, filter: Option<Filter>, page: Page) -> Work {
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
