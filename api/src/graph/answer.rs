//! From rows to the answer's text: one pass, no values in between.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::codes::RegionLevel;
use serde_json::json as value;
use uuid::Uuid;

use crate::language::Language;
use crate::policy::{ConditionSet, Key, Tokens};
use crate::store::Error;
use crate::store::rows::Cell;

use super::cells::cell_text;
use super::fetch::Fetched;
use super::json;
use super::pages;
use super::plain;
use super::plan::{
    ConnectionPlan, CursorPlan, ExactPoint, Form, Guard, Limited, ObjectPlan, Planned, PlannedConnection, PlannedEdge, PlannedGroup,
    PlannedKey, PlannedOf, PlannedStats, StatsPlan,
};

/// Writes rows of one request.
pub(super) struct Writer<'a> {
    pub(super) fetched: &'a Fetched<'a>,
    pub(super) out: Vec<u8>,
    /// The most bytes the answer may have.
    pub(super) limit: usize,
    /// The day of the request, by which ages count.
    pub(super) today: NaiveDate,
    /// What stands in place of values that are masked so.
    pub(super) tokens: Tokens<'a>,
    /// The language of sentences.
    pub(super) language: Language,
    /// The key by which figures are rounded.
    pub(super) key: &'a Key,
}

/// Why an answer was not written.
#[derive(Debug)]
pub(super) enum Unwritten {
    /// It would be larger than allowed.
    TooLarge,
    /// A value could not be read.
    Store(Error),
}

impl From<Error> for Unwritten {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl Writer<'_> {
    /// Writes the only row of a step, or null.
    pub(super) fn single(&mut self, plan: &ObjectPlan<'_>) -> Result<(), Unwritten> {
        let rows = self.fetched.children(plan.step, 0);
        if rows.is_empty() {
            json::null(&mut self.out);
            return Ok(());
        }
        self.object(plan, rows.start)
    }

    /// Writes rows in the order of the ids that were asked for. The key is the first column of each step.
    pub(super) fn nodes(&mut self, plans: &[ObjectPlan<'_>], slots: &[Option<(usize, Uuid)>]) -> Result<(), Unwritten> {
        let mut rows = HashMap::new();
        for (position, plan) in plans.iter().enumerate() {
            for row in self.fetched.children(plan.step, 0) {
                if let Some(id) = self.fetched.cell(plan.step, row, 0)?.uuid() {
                    rows.insert((position, id), row);
                }
            }
        }
        self.out.push(b'[');
        for (index, slot) in slots.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            match slot.and_then(|slot| rows.get(&slot).map(|row| (slot.0, *row))) {
                Some((plan, row)) => self.object(&plans[plan], row)?,
                None => json::null(&mut self.out),
            }
        }
        self.out.push(b']');
        Ok(())
    }

    /// Writes a row.
    pub(super) fn object(&mut self, plan: &ObjectPlan<'_>, row: usize) -> Result<(), Unwritten> {
        if !self.fetched.exists(plan.step, row, plan.present)? {
            json::null(&mut self.out);
            return Ok(());
        }
        if self.out.len() > self.limit {
            return Err(Unwritten::TooLarge);
        }
        let satisfied = self.fetched.conditions(plan.step, row, plan.conditions)?;
        self.out.push(b'{');
        let mut first = true;
        for (key, planned) in &plan.entries {
            json::key(&mut self.out, &mut first, key);
            self.planned(plan, planned, row, satisfied)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn planned(&mut self, plan: &ObjectPlan<'_>, planned: &Planned<'_>, row: usize, satisfied: ConditionSet) -> Result<(), Unwritten> {
        match planned {
            Planned::Typename => json::string(&mut self.out, plan.register.type_name),
            Planned::Null => json::null(&mut self.out),
            Planned::Cell { column, form, guard } => {
                if guard.cover.holds(satisfied) {
                    let cell = self.fetched.cell(plan.step, row, *column)?;
                    cell_text(&mut self.out, self.today, &self.tokens, cell, *form);
                } else {
                    json::null(&mut self.out);
                }
            }
            Planned::Masked { column, forms } => match first(satisfied, forms) {
                Some(form) => {
                    let cell = self.fetched.cell(plan.step, row, *column)?;
                    cell_text(&mut self.out, self.today, &self.tokens, cell, form);
                }
                None => json::null(&mut self.out),
            },
            Planned::Point { exact, masks, place, parts } => {
                let point = self.point((plan.step, row), satisfied, *exact, masks, *place)?;
                let point =
                    point.map_or(serde_json::Value::Null, |[longitude, latitude]| value!({ "longitude": longitude, "latitude": latitude }));
                plain::write(&mut self.out, parts, &point);
            }
            Planned::Object(object, guard) => {
                if guard.cover.holds(satisfied) {
                    self.object(object, row)?;
                } else {
                    json::null(&mut self.out);
                }
            }
            Planned::Many(connection) => self.connection(connection, row)?,
            Planned::Access { parts, limited } => {
                let not_full = || limited.iter().filter(|field| !field.full.holds(satisfied));
                let is_masked = |field: &&Limited| field.masks.iter().any(|cover| cover.holds(satisfied));
                let masked: Vec<&str> = not_full().filter(is_masked).map(|field| field.name.as_str()).collect();
                let withheld: Vec<&str> = not_full().filter(|field| !is_masked(field)).map(|field| field.name.as_str()).collect();
                plain::write(&mut self.out, parts, &value!({ "masked": masked, "withheld": withheld, "writable": [] }));
            }
        }
        Ok(())
    }

    /// The point as the row shows it: as it is, as the centre of a region around it, or not at all.
    fn point(
        &self,
        (step, row): (usize, usize),
        satisfied: ConditionSet,
        exact: Option<ExactPoint>,
        masks: &[(Guard, RegionLevel)],
        place: Option<usize>,
    ) -> Result<Option<[f64; 2]>, Error> {
        if let Some(ExactPoint { longitude, latitude, guard }) = exact
            && guard.cover.holds(satisfied)
        {
            let cells = (self.fetched.cell(step, row, longitude)?, self.fetched.cell(step, row, latitude)?);
            let (Cell::Float(longitude), Cell::Float(latitude)) = cells else { return Ok(None) };
            return Ok(Some([longitude, latitude]));
        }
        let (Some(level), Some(column)) = (first(satisfied, masks), place) else { return Ok(None) };
        let place = self.fetched.cell(step, row, column)?.integer();
        Ok(place.and_then(|place| self.fetched.centre(place, level)))
    }

    /// Writes a page; `parent_row` is the row it hangs on.
    pub(super) fn connection(&mut self, plan: &ConnectionPlan<'_>, parent_row: usize) -> Result<(), Unwritten> {
        let page = self.page(plan, parent_row);
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in &plan.entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedConnection::Typename(name) => json::string(&mut self.out, name),
                PlannedConnection::Nodes(object) => self.list(&page.rows, |writer, row| writer.object(object, row))?,
                PlannedConnection::Edges(type_name, edges) => {
                    self.list(&page.rows, |writer, row| writer.edge(plan, type_name, edges, row))?;
                }
                PlannedConnection::PageInfo(parts) => {
                    let info = self.page_info(plan, &page)?;
                    plain::write(&mut self.out, parts, &info);
                }
                PlannedConnection::TotalCount(step, limit) => {
                    let count = step.map_or(Ok(0), |step| self.fetched.count(step, parent_row))?;
                    if count > *limit { json::null(&mut self.out) } else { json::integer(&mut self.out, count) }
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The rows of a page in the order of the list; a step gives one row more than the page holds if there are more.
    fn page(&self, plan: &ConnectionPlan<'_>, parent_row: usize) -> PageRows {
        let Some(step) = plan.step else { return PageRows::default() };
        let range = self.fetched.children(step, parent_row);
        let size = self.fetched.page_size(step);
        let more = range.len() > size;
        let mut rows: Vec<usize> = range.take(size).collect();
        if plan.backward {
            rows.reverse();
        }
        PageRows { rows, more }
    }

    pub(super) fn list(
        &mut self,
        rows: &[usize],
        mut write: impl FnMut(&mut Self, usize) -> Result<(), Unwritten>,
    ) -> Result<(), Unwritten> {
        self.out.push(b'[');
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self, *row)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn edge(&mut self, plan: &ConnectionPlan<'_>, type_name: &str, edges: &[(&str, PlannedEdge<'_>)], row: usize) -> Result<(), Unwritten> {
        self.out.push(b'{');
        let mut first = true;
        for (key, edge) in edges {
            json::key(&mut self.out, &mut first, key);
            match edge {
                PlannedEdge::Typename => json::string(&mut self.out, type_name),
                PlannedEdge::Node(object) => self.object(object, row)?,
                PlannedEdge::Cursor => {
                    let cursor = plan.cursor.as_ref().map(|cursor| self.cursor(plan, cursor, row)).transpose()?;
                    json::string(&mut self.out, &cursor.unwrap_or_default());
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn cursor(&self, plan: &ConnectionPlan<'_>, cursor: &CursorPlan, row: usize) -> Result<String, Error> {
        let CursorPlan { order, columns, id } = cursor;
        let step = plan.step.unwrap_or_default();
        let values =
            columns.iter().map(|column| self.fetched.cell(step, row, *column).map(Cell::literal)).collect::<Result<Vec<_>, _>>()?;
        let id = self.fetched.cell(step, row, *id)?.uuid().unwrap_or_default();
        Ok(pages::encode(plan.register, order, &values, id))
    }

    fn page_info(&self, plan: &ConnectionPlan<'_>, page: &PageRows) -> Result<serde_json::Value, Error> {
        let cursor = |row: Option<&usize>| row.zip(plan.cursor.as_ref()).map(|(row, cursor)| self.cursor(plan, cursor, *row)).transpose();
        Ok(value!({
            "hasNextPage": if plan.backward { plan.before } else { page.more },
            "hasPreviousPage": if plan.backward { page.more } else { plan.after },
            "startCursor": cursor(page.rows.first())?,
            "endCursor": cursor(page.rows.last())?,
        }))
    }

    /// Writes statistics.
    pub(super) fn stats(&mut self, plan: &StatsPlan<'_>) -> Result<(), Unwritten> {
        let (groups, more) = match plan.step {
            Some(step) => {
                let range = self.fetched.children(step, 0);
                (range.clone().take(plan.size).collect::<Vec<_>>(), range.len() > plan.size)
            }
            None => (Vec::new(), false),
        };
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in &plan.entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedStats::Typename => json::string(&mut self.out, plan.type_name),
                PlannedStats::Nodes(entries) => self.list(&groups, |writer, row| writer.group(plan, entries, row))?,
                PlannedStats::PageInfo(parts) => {
                    let cursor = |number: u64| format!("group:{number}:{}", plan.signature);
                    let end = plan.offset + groups.len() as u64;
                    let info = value!({
                        "hasNextPage": more,
                        "hasPreviousPage": plan.offset > 0,
                        "startCursor": groups.first().map(|_| cursor(plan.offset + 1)),
                        "endCursor": groups.last().map(|_| cursor(end)),
                    });
                    plain::write(&mut self.out, parts, &info);
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn group(&mut self, plan: &StatsPlan<'_>, entries: &[(&str, PlannedGroup<'_>)], row: usize) -> Result<(), Unwritten> {
        let step = plan.step.unwrap_or_default();
        let type_name = plan.register.type_name;
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedGroup::Typename => json::string(&mut self.out, &format!("{type_name}Stats")),
                PlannedGroup::Suppressed => {
                    let few = self.few(step, row)?;
                    json::boolean(&mut self.out, few);
                }
                PlannedGroup::Count(column) if plan.keeps_back => self.kept_count(plan, row, *column)?,
                PlannedGroup::Count(column) => self.measure(step, row, *column, Form::Plain)?,
                PlannedGroup::Kept(name, measures) => self.kept_measures(plan, name, measures, row)?,
                PlannedGroup::Measures(name, measures) => {
                    self.out.push(b'{');
                    let mut first = true;
                    for (key, column) in measures {
                        json::key(&mut self.out, &mut first, key);
                        match column {
                            Some((column, form)) => self.measure(step, row, *column, *form)?,
                            None => json::string(&mut self.out, name),
                        }
                    }
                    self.out.push(b'}');
                }
                PlannedGroup::Key(keys) => self.group_key(step, type_name, keys, row)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn group_key(&mut self, step: usize, type_name: &str, keys: &[(&str, PlannedKey<'_>)], row: usize) -> Result<(), Unwritten> {
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in keys {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedKey::Typename => json::string(&mut self.out, &format!("{type_name}StatsKey")),
                PlannedKey::Null => json::null(&mut self.out),
                PlannedKey::Object(object) => self.object(object, row)?,
                PlannedKey::Of(entries) => self.group_key_of(step, type_name, entries, row)?,
                PlannedKey::Cell(column, form) => {
                    let cell = self.fetched.cell(step, row, self.fetched.group_column(step, *column))?;
                    cell_text(&mut self.out, self.today, &self.tokens, cell, *form);
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn group_key_of(&mut self, step: usize, type_name: &str, entries: &[(&str, PlannedOf<'_>)], row: usize) -> Result<(), Unwritten> {
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedOf::Typename => json::string(&mut self.out, &format!("{type_name}StatsKeyOf")),
                PlannedOf::Null => json::null(&mut self.out),
                PlannedOf::Key(register, keys) => self.group_key(step, register.type_name, keys, row)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    pub(super) fn measure(&mut self, step: usize, row: usize, column: usize, form: Form) -> Result<(), Unwritten> {
        let cell = self.fetched.cell(step, row, self.fetched.group_column(step, column))?;
        cell_text(&mut self.out, self.today, &self.tokens, cell, form);
        Ok(())
    }
}

#[derive(Default)]
struct PageRows {
    rows: Vec<usize>,
    more: bool,
}

/// What the first of these guards that holds on a row stands for.
fn first<T: Copy>(satisfied: ConditionSet, guarded: &[(Guard, T)]) -> Option<T> {
    guarded.iter().find(|(guard, _)| guard.cover.holds(satisfied)).map(|(_, what)| *what)
}
