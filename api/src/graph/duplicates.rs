//! Values that stand on several rows, for those who may not see the values: each is told by a token that only the key can make.

use apollo_compiler::executable::{Field as Selected, SelectionSet};
use entities::catalog::{self, Register};
use entities::duplicates::Duplicates;
use serde_json::{Value, json as value};

use crate::policy::{Cover, Right};
use crate::store::Error;
use crate::store::duplicates::Search;
use crate::store::rows::Cell;

use super::answer::{Unwritten, Writer};
use super::error::GraphError;
use super::filters::{no_field_of, withheld};
use super::names::field_of_enum_value;
use super::pages::{bounded, offset_in};
use super::plan::{ObjectPlan, Work};
use super::planner::{Place, Planner};
use super::refusals::rights::Use;
use super::selection::{ObjectSelection, Plain, Reader, sets};
use super::values::argument;
use super::{json, plain};

/// Most rows that are told of one value.
pub(super) const MOST_ROWS: usize = 20;

/// What is selected of values on several rows.
pub(super) struct DuplicatesSelection {
    type_name: String,
    entries: Vec<(String, ListEntry)>,
}

enum ListEntry {
    Typename,
    Nodes(Vec<(String, GroupEntry)>),
    PageInfo(Vec<Plain>),
}

enum GroupEntry {
    Typename,
    Token,
    Count,
    Rows(ObjectSelection),
}

/// How such values are read and written.
pub(super) struct DuplicatesPlan<'p> {
    register: &'static Register,
    field: usize,
    /// The step of the rows; None if none may be seen.
    step: Option<usize>,
    size: usize,
    offset: u64,
    signature: String,
    type_name: &'p str,
    entries: Vec<(&'p str, PlannedList<'p>)>,
}

enum PlannedList<'p> {
    Typename,
    Nodes(Vec<(&'p str, PlannedGroup<'p>)>),
    PageInfo(&'p [Plain]),
}

enum PlannedGroup<'p> {
    Typename,
    Token,
    Count,
    Rows(ObjectPlan<'p>),
}

impl<'d> Reader<'d> {
    /// Reads what is selected of a register's values on several rows.
    pub(super) fn duplicates(&self, register: &'static Register, inner: &[&'d SelectionSet]) -> DuplicatesSelection {
        let type_name = format!("{}DuplicateConnection", register.type_name);
        let entries = self.merge(inner, &type_name).into_iter().map(|(key, fields)| {
            let inner = sets(&fields);
            let entry = match fields[0].name.as_str() {
                "nodes" => ListEntry::Nodes(self.duplicate_groups(register, &inner)),
                "pageInfo" => ListEntry::PageInfo(self.plain(&inner, "PageInfo")),
                _ => ListEntry::Typename,
            };
            (key, entry)
        });
        DuplicatesSelection { entries: entries.collect(), type_name }
    }

    fn duplicate_groups(&self, register: &'static Register, inner: &[&'d SelectionSet]) -> Vec<(String, GroupEntry)> {
        let merged = self.merge(inner, &format!("{}Duplicate", register.type_name));
        let groups = merged.into_iter().map(|(key, fields)| {
            let entry = match fields[0].name.as_str() {
                "token" => GroupEntry::Token,
                "count" => GroupEntry::Count,
                "rows" => GroupEntry::Rows(self.object(register, &sets(&fields))),
                _ => GroupEntry::Typename,
            };
            (key, entry)
        });
        groups.collect()
    }
}

impl<'p> Planner<'p> {
    /// Plans a search for values on several rows.
    pub(super) fn duplicates(
        &mut self,
        duplicates: &'static Duplicates,
        selected: &'p Selected,
        selection: &'p DuplicatesSelection,
    ) -> Result<DuplicatesPlan<'p>, GraphError> {
        let name = argument(selected, "field", self.variables).unwrap_or_default();
        let name = name.as_str().unwrap_or_default();
        let register = catalog::register(duplicates.register).ok_or_else(|| no_field_of(name))?;
        let field = field_of_enum_value(register, name).ok_or_else(|| no_field_of(name))?;
        self.ask(register);
        let permit = self.permits.of(register);
        if !permit.is_empty() && permit.cover(Right::Duplicates, field) == Cover::Nowhere {
            return Err(withheld(register, field, Use::Duplicates));
        }
        self.touch(register, field);
        let (across, apart) = duplicates.across;
        let apart = register.field(apart).map(|(index, _)| index);
        let across = argument(selected, across, self.variables) == Some(Value::Bool(true));
        let size = argument(selected, "first", self.variables).and_then(|first| first.as_i64());
        let size = bounded(size.unwrap_or(self.limits.default_page_size as i64), self.limits)?;
        let rows = size as u64 * MOST_ROWS as u64;
        self.spend(rows)?;
        let signature = format!("{}.{name}.{across}", register.name);
        let offset = match argument(selected, "after", self.variables) {
            Some(Value::String(text)) => offset_in(&text, "value", &signature)?,
            _ => 0,
        };
        let search = Search { field, across: apart.filter(|_| across), size, offset, rows: MOST_ROWS };
        let step = self.add_step(register, Work::Duplicates(search));
        let place = Place { step, table: 0, rows };
        // The statement's own columns stand behind those of the table, of which there is at least one.
        self.column(place, crate::store::select::Content::Field(0));
        let mut entries = Vec::with_capacity(selection.entries.len());
        for (key, entry) in &selection.entries {
            let planned = match entry {
                ListEntry::Typename => PlannedList::Typename,
                ListEntry::PageInfo(parts) => PlannedList::PageInfo(parts),
                ListEntry::Nodes(groups) => {
                    let mut planned = Vec::with_capacity(groups.len());
                    for (key, group) in groups {
                        let group = match group {
                            GroupEntry::Typename => PlannedGroup::Typename,
                            GroupEntry::Token => PlannedGroup::Token,
                            GroupEntry::Count => PlannedGroup::Count,
                            GroupEntry::Rows(rows) => PlannedGroup::Rows(self.object(place, rows)?),
                        };
                        planned.push((key.as_str(), group));
                    }
                    PlannedList::Nodes(planned)
                }
            };
            entries.push((key.as_str(), planned));
        }
        let step = (!permit.is_empty()).then_some(step);
        Ok(DuplicatesPlan { register, field, step, size, offset, signature, type_name: &selection.type_name, entries })
    }
}

/// The rows of one value.
struct Found {
    token: String,
    count: i64,
    rows: Vec<usize>,
}

impl Writer<'_> {
    /// Writes values on several rows.
    pub(super) fn duplicates(&mut self, plan: &DuplicatesPlan<'_>) -> Result<(), Unwritten> {
        let mut found = self.found(plan)?;
        let more = found.len() > plan.size;
        found.truncate(plan.size);
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in &plan.entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedList::Typename => json::string(&mut self.out, plan.type_name),
                PlannedList::PageInfo(parts) => {
                    let cursor = |number: u64| (!found.is_empty()).then(|| format!("value:{number}:{}", plan.signature));
                    let info = value!({
                        "hasNextPage": more,
                        "hasPreviousPage": plan.offset > 0,
                        "startCursor": cursor(plan.offset + 1),
                        "endCursor": cursor(plan.offset + found.len() as u64),
                    });
                    plain::write(&mut self.out, parts, &info);
                }
                PlannedList::Nodes(groups) => {
                    let all: Vec<usize> = (0..found.len()).collect();
                    self.list(&all, |writer, index| writer.duplicate(plan, groups, &found[index]))?;
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn duplicate(&mut self, plan: &DuplicatesPlan<'_>, entries: &[(&str, PlannedGroup<'_>)], found: &Found) -> Result<(), Unwritten> {
        self.out.push(b'{');
        let mut first = true;
        for (key, entry) in entries {
            json::key(&mut self.out, &mut first, key);
            match entry {
                PlannedGroup::Typename => json::string(&mut self.out, &format!("{}Duplicate", plan.register.type_name)),
                PlannedGroup::Token => json::string(&mut self.out, &found.token),
                PlannedGroup::Count => json::integer(&mut self.out, found.count),
                PlannedGroup::Rows(object) => self.list(&found.rows, |writer, row| writer.object(object, row))?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The values that the statement gave, each with its rows; one more than a page if there are more.
    fn found(&self, plan: &DuplicatesPlan<'_>) -> Result<Vec<Found>, Error> {
        let Some(step) = plan.step else { return Ok(Vec::new()) };
        let column = self.fetched.columns(step);
        let field = &plan.register.fields[plan.field];
        let mut found: Vec<Found> = Vec::new();
        let mut last = None;
        for row in self.fetched.children(step, 0) {
            let Cell::Text(text) = self.fetched.cell(step, row, column)? else { continue };
            if last == Some(text) {
                if let Some(known) = found.last_mut() {
                    known.rows.push(row);
                }
                continue;
            }
            last = Some(text);
            let count = self.fetched.cell(step, row, column + 1)?.integer().unwrap_or_default();
            found.push(Found { token: self.tokens.token(plan.register, field, text), count, rows: vec![row] });
        }
        Ok(found)
    }
}
