//! What of persons a request touches: noted while it is planned, for the audit log.

use entities::catalog::{self, Class, Register, ScopePath};
use entities::region_code::RegionCode;
use uuid::Uuid;

use crate::store::Error;
use crate::store::filter::Filter;
use crate::store::select::Content;
use crate::store::statistics::{Measure, Statistics};

use super::fetch::Fetched;
use super::plan::Work;
use super::planner::{Place, Planner};

/// Personal and sensitive fields, and where the persons stand whose they are.
#[derive(Default)]
pub(super) struct Touched {
    /// Register, index, and true if the field's values are shown.
    pub(super) fields: Vec<(&'static Register, usize, bool)>,
    /// Where keys of persons stand.
    pub(super) persons: Vec<Persons>,
    /// Fields of registers of which the caller may see no row at all.
    pub(super) hidden: Vec<(&'static Register, usize)>,
    /// Regions to which a question binds itself.
    pub(super) within: Vec<RegionCode>,
}

/// Persons whom the rows of a step are about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Persons {
    /// The step of the rows.
    pub(super) of: usize,
    /// The step that names them: the same, or one whose rows those hang on.
    pub(super) step: usize,
    /// The column that does.
    pub(super) column: usize,
}

impl Touched {
    /// A refused root reads nothing: no persons stand in its steps, from one on, and the fields noted after so many others were
    /// asked for and not shown.
    pub(super) fn refuse(&mut self, from_step: usize, from_field: usize) {
        self.persons.retain(|persons| persons.of < from_step);
        for (register, index, shown) in self.fields.split_off(from_field) {
            if shown {
                self.note(register, index, false);
            } else {
                self.fields.push((register, index, false));
            }
        }
    }

    fn note(&mut self, register: &'static Register, index: usize, shown: bool) {
        let personal = register.fields.get(index).is_some_and(|field| field.class >= Class::Personal);
        let known = |(other, field, how): &(&Register, usize, bool)| *field == index && *how == shown && other.name == register.name;
        if personal && !self.fields.iter().any(known) {
            self.fields.push((register, index, shown));
        }
    }
}

impl Planner<'_> {
    /// Notes a field that is used without being shown.
    pub(super) fn touch(&mut self, register: &'static Register, index: usize) {
        self.plan.touched.note(register, index, false);
    }

    /// Notes a field that is shown, and whose it is.
    pub(super) fn touch_shown(&mut self, place: Place, register: &'static Register, index: usize) {
        if register.fields[index].class >= Class::Personal {
            self.plan.touched.note(register, index, true);
            self.person_of(place.step, place, register);
        }
    }

    /// Reads the person whom a row is about, whether or not the caller sees the rows on the way there. Of the log itself nobody is
    /// noted: reading it would make it grow without end.
    fn person_of(&mut self, of: usize, place: Place, register: &'static Register) {
        if register.is_log() || self.is_region_step(place.step) {
            return;
        }
        let content = match register.person {
            Some(ScopePath::Column(column)) => register.fields.iter().position(|field| field.columns().eq([column])).map(Content::Field),
            Some(ScopePath::Via(reference, target) | ScopePath::ViaIfAny(reference, target)) => {
                if let Some(target) = catalog::register(target)
                    && let Some(parent) = self.parent_behind(place, reference, target)
                {
                    return self.person_of(of, parent, target);
                }
                Some(Content::Person)
            }
            Some(ScopePath::Back(..)) | None => None,
        };
        let Some(content) = content else { return };
        let persons = Persons { of, step: place.step, column: self.column(place, content) };
        if !self.plan.touched.persons.contains(&persons) {
            self.plan.touched.persons.push(persons);
        }
    }

    /// Notes what a filter asks for.
    pub(super) fn touch_filter(&mut self, register: &'static Register, filter: &Filter) {
        for region in filter.regions() {
            if !self.plan.touched.within.contains(&region) {
                self.plan.touched.within.push(region);
            }
        }
        self.touch_tests(register, filter);
    }

    fn touch_tests(&mut self, register: &'static Register, filter: &Filter) {
        match filter {
            Filter::And(all) | Filter::Or(all) => all.iter().for_each(|part| self.touch_tests(register, part)),
            Filter::Not(inner) => self.touch_tests(register, inner),
            Filter::Field(index, _) => self.touch(register, *index),
            Filter::One(index, inner) => {
                self.touch(register, *index);
                if let Some(target) = register.fields[*index].target().and_then(catalog::register) {
                    self.touch_tests(target, inner);
                }
            }
            Filter::Many(relation, _, inner) => {
                if let Some(target) = catalog::register(relation.target) {
                    if let Some((tie, _)) = target.field(relation.through.tie()) {
                        self.touch(target, tie);
                    }
                    self.touch_tests(target, inner);
                }
            }
            Filter::FullyVisible(_) | Filter::IsNull(_) => {}
        }
    }

    /// Notes what statistics group by and measure.
    pub(super) fn touch_statistics(&mut self, register: &'static Register, statistics: &Statistics) {
        for key in &statistics.keys {
            let mut reached = Some(register);
            for step in &key.of {
                if let Some(register) = reached {
                    self.touch(register, *step);
                    reached = register.fields.get(*step).and_then(|field| field.target()).and_then(catalog::register);
                }
            }
            if let Some(reached) = reached
                && let Some(index) = key.field(reached)
            {
                self.touch(reached, index);
            }
        }
        for measure in &statistics.measures {
            if let Measure::Of(_, index) = measure {
                self.touch(register, *index);
            }
        }
    }
}

impl Fetched<'_> {
    /// The persons whose rows, or rows about whom, the answer shows; as often as it does.
    pub(super) fn persons(&self) -> Result<Vec<Uuid>, Error> {
        let mut persons = Vec::new();
        let shown = if self.plan().touched.persons.is_empty() { Vec::new() } else { self.shown() };
        for Persons { of, step, column } in &self.plan().touched.persons {
            for row in &shown[*of] {
                persons.extend(self.cell(*step, self.ancestor(*of, *row, *step)?, *column)?.uuid());
            }
        }
        Ok(persons)
    }

    /// The rows of each step that the answer shows: not those that only tell that there are more, and nothing that hangs on them.
    fn shown(&self) -> Vec<Vec<usize>> {
        let mut shown: Vec<Vec<usize>> = Vec::with_capacity(self.plan().steps.len());
        for (step, planned) in self.plan().steps.iter().enumerate() {
            let size = self.page_size(step);
            shown.push(match planned.work.parent() {
                None => self.children(step, 0).take(size).collect(),
                Some(parent) if matches!(planned.work, Work::Region { .. }) => shown[parent.step].clone(),
                Some(parent) => shown[parent.step].iter().flat_map(|row| self.children(step, *row).take(size)).collect(),
            });
        }
        shown
    }
}
