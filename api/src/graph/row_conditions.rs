//! How rows tell which of a permit's conditions they satisfy. Labels are facts of the person a row is about: they are read once,
//! from columns that are mostly read anyway or from the parent that the row hangs on, and not asked of the database for each
//! condition and row.

use entities::catalog::{self, Register, Relation, ScopePath, Source, Through};

use crate::policy::{ConditionSet, Cover, Labels};
use crate::store::Error;
use crate::store::rows::Cell;
use crate::store::select::Content;

use super::fetch::Fetched;
use super::plan::{Guard, Work};
use super::planner::{Place, Planner};

/// What is asked of the rows of one table of a step, and where the answer stands.
pub(super) struct RowConditions {
    table: usize,
    /// The conditions that are asked for.
    set: ConditionSet,
    /// Where the answer stands, once the plan is complete.
    told: Option<Told>,
}

/// Where rows tell which conditions they satisfy.
#[derive(Clone, Copy)]
struct Told {
    /// The column that tells those which ask for more than labels.
    beyond: Option<(usize, ConditionSet)>,
    labelled: Option<Labelled>,
}

/// Conditions by the labels of the person whom a row, or the parent that it hangs on, is about.
#[derive(Clone, Copy)]
pub(super) struct Labelled {
    /// The step whose row tells the labels: that of the row itself, or of an ancestor.
    step: usize,
    source: LabelSource,
    /// By [`Labels::number`], the conditions that hold as far as those labels tell.
    sets: [ConditionSet; 4],
}

/// Where labels stand.
#[derive(Clone, Copy)]
enum LabelSource {
    /// The columns of birth and protection of the person's own row.
    Own { birth: Option<usize>, protected: Option<usize> },
    /// A column of labels.
    Column(usize),
}

/// Where the caller may look along a tie, and who tells.
#[derive(Clone, Copy)]
pub(super) enum Visible {
    /// It is asked of each row that hangs on a parent.
    OfRows(Cover),
    /// The parents' labels tell.
    OfParents(Cover, Labelled),
}

impl Visible {
    /// What is left to ask of each row.
    pub(super) fn of_rows(self) -> Cover {
        match self {
            Self::OfRows(cover) => cover,
            Self::OfParents(..) => Cover::Everywhere,
        }
    }
}

impl Planner<'_> {
    /// Where a row will tell which of these conditions it satisfies.
    pub(super) fn conditions(&mut self, place: Place, set: ConditionSet) -> usize {
        let known = self.asked_of(place);
        let asked = &mut self.plan.steps[place.step].conditions;
        if let Some(position) = known {
            asked[position].set = asked[position].set.union(set);
            return position;
        }
        asked.push(RowConditions { table: place.table, set, told: None });
        asked.len() - 1
    }

    /// What is asked of the rows of a place by now.
    pub(super) fn asked_of(&self, place: Place) -> Option<usize> {
        self.plan.steps[place.step].conditions.iter().position(|asked| asked.table == place.table)
    }

    pub(super) fn guard(&mut self, place: Place, cover: Cover) -> Guard {
        match cover {
            Cover::Where { any, none } => Guard { cover, conditions: Some(self.conditions(place, any.union(none))) },
            Cover::Everywhere | Cover::Nowhere => Guard { cover, conditions: None },
        }
    }

    /// Settles, once all conditions are known that are asked for, which columns tell them.
    pub(super) fn tell_conditions(&mut self) {
        for step in 0..self.plan.steps.len() {
            for position in 0..self.plan.steps[step].conditions.len() {
                let RowConditions { table, set, .. } = self.plan.steps[step].conditions[position];
                let place = Place { step, table, rows: 0 };
                let permit = self.permits.of(self.register_at(place));
                let beyond = permit.beyond_labels(set);
                let beyond = (!beyond.is_empty()).then(|| (self.column(place, Content::Conditions(beyond)), beyond));
                let labelled = (!permit.by_labels(set).is_empty()).then(|| self.labelled(place, self.register_at(place), set));
                self.plan.steps[step].conditions[position].told = Some(Told { beyond, labelled });
            }
        }
    }

    /// Who tells where the caller may look along a relation from a parent.
    pub(super) fn visible(&mut self, parent: Place, relation: &Relation, target: &'static Register, cover: Cover) -> Visible {
        let Cover::Where { any, none } = cover else { return Visible::OfRows(cover) };
        let (set, permit) = (any.union(none), self.permits.of(target));
        let register = self.register_at(parent);
        let hangs = leads_to(target).is_some_and(|(reference, to)| to.name == register.name && is_tied_by(relation, target, reference));
        if !hangs || self.is_region_step(parent.step) || !permit.beyond_labels(set).is_empty() {
            return Visible::OfRows(cover);
        }
        Visible::OfParents(cover, self.labelled(parent, target, set))
    }

    /// Where the rows of `place` tell labels, and what these say of the conditions of a register's permit.
    fn labelled(&mut self, place: Place, register: &'static Register, set: ConditionSet) -> Labelled {
        let permit = self.permits.of(register);
        let sets = Labels::ALL.map(|labels| permit.with_labels(set, labels));
        let (step, source) = self.label_source(place);
        Labelled { step, source, sets }
    }

    fn label_source(&mut self, place: Place) -> (usize, LabelSource) {
        let register = self.register_at(place);
        if let Some((reference, target)) = leads_to(register)
            && let Some(parent) = self.parent_behind(place, reference, target)
        {
            return self.label_source(parent);
        }
        let mut own = |way: Option<ScopePath>| {
            let Some(ScopePath::Column(column)) = way else { return None };
            let index = register.fields.iter().position(|field| matches!(field.source, Source::Column(of) if of == column))?;
            Some(self.column(place, Content::Field(index)))
        };
        let source = match (own(register.minor), own(register.protection)) {
            (None, None) => LabelSource::Column(self.column(place, Content::Labels)),
            (birth, protected) => LabelSource::Own { birth, protected },
        };
        (place.step, source)
    }

    /// The parent that the rows of a step hang on, if it is the very row that their reference leads to.
    pub(super) fn parent_behind(&self, place: Place, reference: &str, target: &Register) -> Option<Place> {
        let step = &self.plan.steps[place.step];
        let Work::PerParent { parent, relation, .. } = &step.work else { return None };
        if place.table != 0 || parent.of_group || self.is_region_step(parent.step) || !is_tied_by(relation, step.table.register, reference)
        {
            return None;
        }
        let table = &self.plan.steps[parent.step].table;
        let of = table.columns[parent.column].table;
        (table.register_of(of).name == target.name).then_some(Place { step: parent.step, table: of, ..place })
    }

    fn register_at(&self, place: Place) -> &'static Register {
        self.plan.steps[place.step].table.register_of(place.table)
    }
}

/// The reference that leads to the person a row is about, and the register it leads to.
fn leads_to(register: &Register) -> Option<(&'static str, &'static Register)> {
    match register.minor.or(register.protection)? {
        ScopePath::Via(reference, target) | ScopePath::ViaIfAny(reference, target) => Some((reference, catalog::register(target)?)),
        ScopePath::Column(_) | ScopePath::Back(..) => None,
    }
}

/// True if rows of the register hang on their parents by this reference column.
fn is_tied_by(relation: &Relation, register: &Register, reference: &str) -> bool {
    let tie = register.field(relation.through.tie());
    matches!(relation.through, Through::Reference(_)) && tie.is_some_and(|(_, field)| field.columns().eq([reference]))
}

impl Fetched<'_> {
    /// Which of the conditions that were asked for a row of a step satisfies.
    pub(super) fn conditions(&self, step: usize, row: usize, asked: Option<usize>) -> Result<ConditionSet, Error> {
        let Some(asked) = asked else { return Ok(ConditionSet::default()) };
        let RowConditions { set, told, .. } = self.asked(step, asked);
        let Some(Told { beyond, labelled }) = told else { return Ok(ConditionSet::default()) };
        let mut satisfied = *set;
        if let Some((column, beyond)) = beyond {
            let bits = self.cell(step, row, *column)?.integer().and_then(|bits| u64::try_from(bits).ok()).unwrap_or_default();
            satisfied = satisfied.without(beyond.without(ConditionSet(bits)));
        }
        if let Some(labelled) = labelled {
            satisfied = satisfied.intersection(self.by_labels(step, row, labelled)?);
        }
        Ok(satisfied)
    }

    /// The conditions that a row satisfies as far as the labels tell that stand there or with an ancestor.
    pub(super) fn by_labels(&self, step: usize, row: usize, labelled: &Labelled) -> Result<ConditionSet, Error> {
        let row = self.ancestor(step, row, labelled.step)?;
        let number = match labelled.source {
            LabelSource::Column(column) => {
                self.cell(labelled.step, row, column)?.integer().and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
            }
            LabelSource::Own { birth, protected } => {
                let (step, born_by) = (labelled.step, self.born_by());
                let adult = match birth {
                    Some(column) => self.day(step, row, column)?.is_some_and(|birth| birth <= born_by),
                    None => false,
                };
                let unprotected = match protected {
                    Some(column) => self.cell(step, row, column)? == Cell::Boolean(false),
                    None => false,
                };
                Labels { adult, unprotected }.number()
            }
        };
        Ok(labelled.sets.get(number).copied().unwrap_or_default())
    }

    fn asked(&self, step: usize, asked: usize) -> &RowConditions {
        &self.plan().steps[step].conditions[asked]
    }

    /// True if the guard lets the row show what it guards.
    pub(super) fn holds(&self, step: usize, row: usize, guard: Guard) -> Result<bool, Error> {
        match guard.cover {
            Cover::Everywhere => Ok(true),
            cover => Ok(cover.holds(self.conditions(step, row, guard.conditions)?)),
        }
    }
}
