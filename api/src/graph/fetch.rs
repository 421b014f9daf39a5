//! Running a plan's steps, in order, on one connection.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use entities::catalog::Through;
use entities::codes::RegionLevel;
use entities::region_code::RegionCode;
use uuid::Uuid;

use crate::policy::{Cover, Permits};
use crate::store::context::Context;
use crate::store::expression::{Type, years_before};
use crate::store::region_tree::RegionTree;
use crate::store::rows::{Cell, Rows, day_number};
use crate::store::scope::AGE_OF_CONSENT;
use crate::store::select::Content;
use crate::store::session::{Session, Statement};
use crate::store::statistics::GroupKey;
use crate::store::tie::Tie;
use crate::store::{Backend, Error};

use super::plan::{Coarsened, ParentKey, Plan, Step, Work};
use super::request::Run;
use super::row_conditions::Visible;
use super::statements;

/// What the steps gave.
pub(super) struct Fetched<'a> {
    plan: &'a Plan<'a>,
    permits: &'a Permits,
    tree: Arc<RegionTree>,
    /// The last day on which people were born who are no children any more, as rows count days.
    born_by: i64,
    results: Vec<Fetch>,
}

/// What one step gave.
#[derive(Default)]
struct Fetch {
    rows: Rows,
    /// Columns before those of the table: the parent's position, where rows hang on parents.
    lead: usize,
    /// For each row of the parent, its place among the distinct keys; empty where there is no parent.
    key_of_parent: Vec<Option<usize>>,
    /// For each distinct key, the first row of the parent that has it.
    parent_of_key: Vec<usize>,
    /// For each distinct key, its rows.
    ranges: Vec<Range<usize>>,
    /// For steps in the region tree: the region of each row of the parent.
    regions: Vec<Option<usize>>,
}

/// Where steps read, and what is noted of each statement before it is run: the session tells how it went.
pub(super) struct Reading<'s, 'd> {
    pub(super) session: Option<&'s mut Session<'d>>,
    pub(super) runs: &'s mut Vec<Run>,
}

impl Reading<'_, '_> {
    async fn read(&mut self, statements: Vec<Statement>, last: bool) -> Result<Vec<Rows>, Error> {
        match self.session.as_deref_mut() {
            Some(session) if !statements.is_empty() => session.read(statements, last).await,
            _ => Ok(Vec::new()),
        }
    }

    fn note(&mut self, step: &Step) {
        self.runs.push(Run {
            table: step.table.register.table,
            work: step.work.name(),
            begun: Instant::now(),
            took: None,
            rows: 0,
            kept: false,
        });
    }
}

impl Fetch {
    /// Takes the rows that came: those of each parent, or all of them where there is none.
    fn take(&mut self, rows: Rows) -> Result<(), Error> {
        self.ranges = if self.lead == 0 { std::iter::once(0..rows.len()).collect() } else { ranges(&rows, self.ranges.len())? };
        self.rows = rows;
        Ok(())
    }
}

impl<'a> Fetched<'a> {
    /// Runs all steps, level by level: what does not wait for each other's rows is read together.
    pub(super) async fn run(
        plan: &'a Plan<'a>,
        backend: Backend,
        context: Context<'a>,
        tree: Arc<RegionTree>,
        mut reading: Reading<'_, '_>,
    ) -> Result<Self, Error> {
        let results = plan.steps.iter().map(|_| Fetch::default()).collect();
        let born_by = day_number(years_before(context.today, AGE_OF_CONSENT));
        let mut fetched = Self { plan, permits: context.permits, tree, born_by, results };
        let mut waiting: Vec<usize> = (0..plan.steps.len()).collect();
        let mut done = vec![false; plan.steps.len()];
        while !waiting.is_empty() {
            // A step's parent stands before it, so each level has at least the first step that is left.
            let is_ready = |index: &usize| plan.steps[*index].work.parent().is_none_or(|parent| done[parent.step]);
            let (level, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|index| is_ready(index));
            let last = !later.iter().any(|index| plan.steps[*index].work.is_statement());
            fetched.level(&level, backend, context, &mut reading, last).await?;
            level.iter().for_each(|index| done[*index] = true);
            waiting = later;
        }
        Ok(fetched)
    }

    async fn level(
        &mut self,
        level: &[usize],
        backend: Backend,
        context: Context<'a>,
        reading: &mut Reading<'_, '_>,
        last: bool,
    ) -> Result<(), Error> {
        let mut statements = Vec::new();
        let mut asked = Vec::new();
        for index in level {
            let (fetch, statement) = self.prepare(&self.plan.steps[*index], backend, context)?;
            self.results[*index] = fetch;
            if let Some(statement) = statement {
                statements.push(statement);
                reading.note(&self.plan.steps[*index]);
                asked.push(*index);
            }
        }
        for (index, rows) in asked.into_iter().zip(reading.read(statements, last).await?) {
            self.results[index].take(rows)?;
        }
        Ok(())
    }

    /// What a step knows before its rows come, and the statement that brings them.
    fn prepare(&self, step: &Step, backend: Backend, context: Context<'_>) -> Result<(Fetch, Option<Statement>), Error> {
        match &step.work {
            Work::PerParent { parent, .. } | Work::CountPerParent { parent, .. } => self.per_parent(step, *parent, backend, context),
            Work::Regions { within, level } => Ok((self.regions_below(*within, *level, context.today), None)),
            Work::Region { parent, level, by_id, shown } => Ok((self.regions(*parent, *level, *by_id, shown)?, None)),
            _ => Ok((Fetch::default(), statements::of(step, backend, context, context.permits.of(step.table.register)))),
        }
    }

    fn per_parent(
        &self,
        step: &Step,
        parent: ParentKey,
        backend: Backend,
        context: Context<'_>,
    ) -> Result<(Fetch, Option<Statement>), Error> {
        let (relation, key_of_parent, tie) = self.ties(step, parent)?;
        let keys = match &tie {
            Tie::Reference(_, ids) => ids.len(),
            Tie::Place(spans, _) => spans.len(),
        };
        let mut parent_of_key = vec![0; keys];
        for (row, key) in key_of_parent.iter().enumerate().rev() {
            if let Some(key) = key {
                parent_of_key[*key] = row;
            }
        }
        let fetch = Fetch { key_of_parent, parent_of_key, ranges: vec![0..0; keys], lead: 1, ..Fetch::default() };
        if keys == 0 || relation == Cover::Nowhere {
            return Ok((fetch, None));
        }
        let permit = context.permits.of(step.table.register);
        Ok((fetch, statements::of_parents(step, backend, context, permit, &tie)))
    }

    /// The distinct keys of the parents, and which of them each parent row has.
    fn ties(&self, step: &Step, parent: ParentKey) -> Result<(Cover, Vec<Option<usize>>, Tie), Error> {
        let (Work::PerParent { relation, visible, .. } | Work::CountPerParent { relation, visible, .. }) = &step.work else {
            return Ok((Cover::Nowhere, Vec::new(), Tie::Reference("id", Vec::new())));
        };
        let rows = self.len(parent.step);
        let mut key_of_parent = Vec::with_capacity(rows);
        let column = step.table.register.field(relation.through.tie()).and_then(|(_, field)| field.columns().next()).unwrap_or("id");
        if matches!(relation.through, Through::Place(_)) {
            let mut known = HashMap::new();
            let mut spans = Vec::new();
            let mut levels = Vec::new();
            for row in 0..rows {
                let code = self.cell(parent.step, row, parent.column)?.integer().and_then(entities::region_code::RegionCode::from_number);
                key_of_parent.push(code.map(|code| {
                    *known.entry(code).or_insert_with(|| {
                        spans.push(code.span());
                        levels.push(code.level());
                        spans.len() - 1
                    })
                }));
            }
            let level = levels.first().copied().filter(|first| levels.iter().all(|level| level == first));
            return Ok((visible.of_rows(), key_of_parent, Tie::Place(spans, level)));
        }
        let mut known = HashMap::new();
        let mut ids: Vec<Uuid> = Vec::new();
        for row in 0..rows {
            let id = match visible {
                Visible::OfParents(cover, labelled) if !cover.holds(self.by_labels(parent.step, row, labelled)?) => None,
                Visible::OfRows(_) | Visible::OfParents(..) => self.cell(parent.step, row, parent.column)?.uuid(),
            };
            key_of_parent.push(id.map(|id| {
                *known.entry(id).or_insert_with(|| {
                    ids.push(id);
                    ids.len() - 1
                })
            }));
        }
        Ok((visible.of_rows(), key_of_parent, Tie::Reference(column, ids)))
    }

    fn regions(&self, parent: ParentKey, level: Option<RegionLevel>, by_id: bool, shown: &Coarsened) -> Result<Fetch, Error> {
        let rows = self.len(parent.step);
        let mut regions = Vec::with_capacity(rows);
        let column = self.position(parent);
        let permit = entities::catalog::register("region").map(|register| self.permits.of(register));
        for row in 0..rows {
            let cell = self.cell(parent.step, row, column)?;
            let found =
                if by_id { cell.uuid().and_then(|id| self.tree.by_id(id)) } else { self.placed(parent.step, row, cell, level, shown)? };
            regions.push(found.filter(|region| permit.is_some_and(|permit| self.tree.in_scope(*region, permit))));
        }
        Ok(Fetch { regions, ..Fetch::default() })
    }

    fn regions_below(&self, within: RegionCode, level: RegionLevel, today: NaiveDate) -> Fetch {
        let permit = entities::catalog::register("region").map(|register| self.permits.of(register));
        let visible = |region: usize| Some(region).filter(|region| permit.is_some_and(|permit| self.tree.in_scope(*region, permit)));
        Fetch { regions: self.tree.below(within, level, today).into_iter().map(visible).collect(), ..Fetch::default() }
    }

    /// What was planned.
    pub(super) fn plan(&self) -> &Plan<'a> {
        self.plan
    }

    /// The last day on which people were born who are no children any more, as [`Self::day`] counts.
    pub(super) fn born_by(&self) -> i64 {
        self.born_by
    }

    /// The row of a step that a row of another one hangs on, over however many; the row itself where the steps are one.
    pub(super) fn ancestor(&self, mut step: usize, mut row: usize, wanted: usize) -> Result<usize, Error> {
        while step != wanted {
            // A plan names no ancestor that is none; a row of another one would tell of somebody else.
            let Work::PerParent { parent, .. } = &self.plan.steps[step].work else { return Err(Error::Undecodable { column: 0 }) };
            let fetch = &self.results[step];
            let known = fetch.parent_of_key.get(position(&fetch.rows, row)?);
            row = *known.ok_or(Error::Undecodable { column: 0 })?;
            step = parent.step;
        }
        Ok(row)
    }

    /// The region tree as it is for this request.
    pub(super) fn tree(&self) -> &RegionTree {
        &self.tree
    }

    /// Where a parent's key stands among the columns: a group's keys stand behind the columns of joined tables.
    fn position(&self, parent: ParentKey) -> usize {
        if parent.of_group { self.group_column(parent.step, parent.column) } else { parent.column }
    }

    /// Where a group's key or measure stands among the columns.
    pub(super) fn group_column(&self, step: usize, column: usize) -> usize {
        let joined = self.plan.steps[step].table.columns.len();
        let Work::Groups { statistics, .. } = &self.plan.steps[step].work else { return joined + column };
        // Keys that the statement does not give take no column.
        let before = statistics.given.iter().take(column).filter(|given| **given).count();
        joined + before + column.saturating_sub(statistics.keys.len())
    }

    /// How many columns of its table a step gives; others stand behind them.
    pub(super) fn columns(&self, step: usize) -> usize {
        self.plan.steps[step].table.columns.len()
    }

    /// Where a step of groups tells that a group has few rows; None if it tells all groups.
    pub(super) fn few_column(&self, step: usize) -> Option<usize> {
        let Work::Groups { statistics, .. } = &self.plan.steps[step].work else { return None };
        statistics.hidden.as_ref().map(|_| self.group_column(step, statistics.keys.len() + statistics.measures.len()))
    }

    /// The keys that a step of groups has.
    pub(super) fn keys(&self, step: usize) -> &[GroupKey] {
        if let Work::Groups { statistics, .. } = &self.plan.steps[step].work { &statistics.keys } else { &[] }
    }

    /// How many rows a step gave.
    fn len(&self, step: usize) -> usize {
        let fetch = &self.results[step];
        if self.plan.steps[step].work.is_in_memory() { fetch.regions.len() } else { fetch.rows.len() }
    }

    /// The rows of a step that hang on a row of its parent; all of them where there is no parent.
    pub(super) fn children(&self, step: usize, parent_row: usize) -> Range<usize> {
        let fetch = &self.results[step];
        let key = match self.plan.steps[step].work {
            Work::PerParent { .. } | Work::CountPerParent { .. } => fetch.key_of_parent.get(parent_row).copied().flatten(),
            _ => Some(0),
        };
        key.and_then(|key| fetch.ranges.get(key).cloned()).unwrap_or(0..0)
    }

    /// True if the row exists: rows of the region tree may be missing.
    pub(super) fn exists(&self, step: usize, row: usize, present: Option<usize>) -> Result<bool, Error> {
        if self.plan.steps[step].work.is_in_memory() {
            return Ok(self.results[step].regions.get(row).copied().flatten().is_some());
        }
        match present {
            Some(column) => Ok(self.cell(step, row, column)? != Cell::Null),
            None => Ok(true),
        }
    }

    /// The value of a column of a step's row.
    pub(super) fn cell(&self, step: usize, row: usize, column: usize) -> Result<Cell<'_>, Error> {
        let planned = &self.plan.steps[step];
        let fetch = &self.results[step];
        if planned.work.is_in_memory() {
            let Some(region) = fetch.regions.get(row).copied().flatten() else { return Ok(Cell::Null) };
            return Ok(self.region_cell(planned, region, column));
        }
        fetch.rows.cell(row, column + fetch.lead, planned.types[column])
    }

    /// The number of the day in a column of a statement's row, by [`day_number`].
    pub(super) fn day(&self, step: usize, row: usize, column: usize) -> Result<Option<i64>, Error> {
        let fetch = &self.results[step];
        fetch.rows.day(row, column + fetch.lead)
    }

    fn region_cell(&self, step: &Step, region: usize, column: usize) -> Cell<'_> {
        let fields = step.table.register.fields;
        match step.table.columns[column].content {
            Content::Field(field) => fields[field].columns().next().map_or(Cell::Null, |name| self.tree.cell(region, name)),
            Content::Latitude(field) => fields[field].columns().nth(1).map_or(Cell::Null, |name| self.tree.cell(region, name)),
            // A region was not born, and is about nobody.
            Content::Birth(_) | Content::Labels | Content::Person => Cell::Null,
            Content::Place => self.tree.cell(region, "code"),
            Content::Conditions(_) => {
                let bits = self.tree.conditions(region, self.permits.of(step.table.register)).0;
                Cell::Integer(i64::try_from(bits).unwrap_or_default())
            }
        }
    }

    /// How many rows of a step make a page.
    pub(super) fn page_size(&self, step: usize) -> usize {
        match &self.plan.steps[step].work {
            Work::Page { page, .. } | Work::PerParent { page, .. } => page.size,
            _ => usize::MAX,
        }
    }

    /// The count that a counting step gave for a row of its parent.
    pub(super) fn count(&self, step: usize, parent_row: usize) -> Result<i64, Error> {
        let range = self.children(step, parent_row);
        let fetch = &self.results[step];
        if range.is_empty() {
            return Ok(0);
        }
        Ok(fetch.rows.cell(range.start, fetch.lead, Type::Long)?.integer().unwrap_or_default())
    }
}

/// The rows of each key: the first column tells the key's position, and rows of one key stand together.
fn ranges(rows: &Rows, keys: usize) -> Result<Vec<Range<usize>>, Error> {
    let mut ranges = vec![0..0; keys];
    let mut row = 0;
    while row < rows.len() {
        let key = position(rows, row)?;
        let start = row;
        while row < rows.len() && position(rows, row)? == key {
            row += 1;
        }
        if let Some(range) = ranges.get_mut(key) {
            *range = start..row;
        }
    }
    Ok(ranges)
}

fn position(rows: &Rows, row: usize) -> Result<usize, Error> {
    let position = rows.cell(row, 0, Type::Long)?.integer().and_then(|position| usize::try_from(position).ok());
    position.ok_or(Error::Undecodable { column: 0 })
}
