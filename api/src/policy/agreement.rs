//! Agreements between departments that were decided outside the policy file: each acts as one more grant.

use chrono::{DateTime, Utc};
use entities::catalog::{Class, Register};
use entities::region_code::RegionCode;
use uuid::Uuid;

use super::caller::{Assignment, Caller, Purpose};
use super::fields::FieldSet;
use super::permit::{Right, Rights, Share};
use super::scope::{Atom, Condition};
use super::shares::{self, Held};
use super::terms::common;
use super::{ListedPurpose, Permits, Policy};
use crate::clock::Now;

/// A granted agreement: from its decision to its end, whoever is assigned to the department may read the fields in the regions.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Its key.
    pub id: Uuid,
    /// The department that asked.
    pub department: Uuid,
    /// The register.
    pub register: &'static Register,
    /// The fields.
    pub fields: FieldSet,
    /// The regions.
    pub regions: Vec<RegionCode>,
    /// What for.
    pub purpose: String,
    /// Law or contract.
    pub basis: String,
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant at which it no longer holds.
    pub until: DateTime<Utc>,
}

/// Agreements that hold now or will.
#[derive(Clone, Debug, Default)]
pub struct Agreements(Vec<Agreement>);

/// What decides beside the caller: the instant, and the agreements.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    /// The request's instant.
    pub now: Now,
    /// Agreements that hold now or will.
    pub agreements: &'a Agreements,
}

impl Agreement {
    /// True if it is in force.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && now < self.until
    }

    /// The names of its fields.
    pub fn field_names(&self) -> impl Iterator<Item = &'static str> {
        let fields = self.register.fields;
        self.fields.indices().filter_map(move |index| fields.get(index)).map(|field| field.name)
    }

    /// What it gives in these regions, in full. It says nothing of people under 14, of protected persons and of sensitive codes, so
    /// what is more sensitive there is not in it.
    fn shares_in(&self, regions: Vec<RegionCode>) -> Vec<Share> {
        let public = FieldSet::of_classes(self.register, &[Class::Public]);
        let fields = self.fields.union(public);
        let rights = Rights { show: fields, filter: fields, aggregate: public, ..Rights::default() };
        shares::of_fields(self.register, rights, &Condition::all(vec![Atom::Regions(regions)]))
    }
}

impl Agreements {
    /// True if nothing would change.
    pub(crate) fn are(&self, other: &Self) -> bool {
        // An agreement changes in nothing but its end and, with a community that moves, its regions.
        let same = |(one, other): (&Agreement, &Agreement)| one.id == other.id && one.until == other.until && one.regions == other.regions;
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }

    /// These agreements.
    pub fn of(agreements: Vec<Agreement>) -> Self {
        Self(agreements)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Agreement> {
        self.0.iter()
    }

    /// Those in force.
    pub fn in_force(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Agreement> {
        self.0.iter().filter(move |agreement| agreement.holds(now))
    }

    /// The next instant at which one begins or ends.
    fn next_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.iter().flat_map(|agreement| [agreement.from, agreement.until]).filter(|at| *at > now).min()
    }

    /// What they give a caller of a register by this assignment: to the department it names, within its regions if it names any,
    /// and, where the policy lists the agreement's purpose, to who states it.
    pub(super) fn shares(
        &self,
        (register, listed): (&'static Register, &[ListedPurpose]),
        caller: &Caller,
        assignment: &Assignment,
        now: Now,
        held: &mut Held,
    ) {
        for (agreement, regions) in self.concerning(register, assignment, now) {
            let purpose = &agreement.purpose;
            let stated = matches!(&caller.purpose, Purpose::Stated(stated) if stated == purpose) || caller.purpose == Purpose::Any;
            if stated || !listed.iter().any(|known| known.code == *purpose) {
                held.shares.extend(agreement.shares_in(regions));
            } else {
                held.for_purposes.push((agreement.fields, vec![purpose.clone()]));
            }
        }
    }

    /// Those in force on a register for the department of an assignment, with the regions in which they give it something.
    fn concerning(
        &self,
        register: &'static Register,
        assignment: &Assignment,
        now: Now,
    ) -> impl Iterator<Item = (&Agreement, Vec<RegionCode>)> {
        let concerns =
            move |agreement: &&Agreement| assignment.department == Some(agreement.department) && agreement.register.name == register.name;
        self.in_force(now.instant).filter(concerns).filter_map(|agreement| {
            let regions = match assignment.regions.as_slice() {
                [] => agreement.regions.clone(),
                own => common(&agreement.regions, own),
            };
            (!regions.is_empty()).then_some((agreement, regions))
        })
    }

    /// Those that give the field to an assignment, each with the conditions on whose rows it does.
    pub(super) fn giving(
        &self,
        (register, field): (&'static Register, usize),
        assignment: &Assignment,
        now: Now,
    ) -> impl Iterator<Item = (&Agreement, Vec<Condition>)> {
        let giving = self.concerning(register, assignment, now).filter(move |(agreement, _)| agreement.fields.contains(field));
        giving.map(move |(agreement, regions)| {
            let shares = agreement.shares_in(regions).into_iter().filter(|share| share.rights.show.contains(field));
            (agreement, shares.map(|share| share.condition).collect())
        })
    }
}

impl Policy {
    /// The next instant at which a grant ends or an agreement begins or ends: until then the same caller may do the same, on
    /// the same day.
    pub fn next_change(&self, present: Present<'_>) -> Option<DateTime<Utc>> {
        self.next_end(present.now).into_iter().chain(present.agreements.next_change(present.now.instant)).min()
    }

    /// Names of the fields that the deciding caller does not see on every row that the agreement would show: nobody gives what
    /// they do not have. The permits are the deciding caller's.
    pub fn lacking_for(permits: &Permits, agreement: &Agreement) -> Vec<&'static str> {
        let permit = permits.of(agreement.register);
        let shares = agreement.shares_in(agreement.regions.clone());
        let seen = |field: usize| {
            let giving = shares.iter().filter(|share| share.rights.of(Right::Show).contains(field));
            giving.into_iter().all(|share| permit.shows_wherever(field, &share.condition))
        };
        agreement
            .fields
            .indices()
            .filter(|index| !seen(*index))
            .filter_map(|index| agreement.register.fields.get(index))
            .map(|field| field.name)
            .collect()
    }

    /// True if the caller has an assignment to the department.
    pub fn belongs(caller: &Caller, department: Uuid) -> bool {
        caller.assignments.iter().any(|assignment| assignment.department == Some(department))
    }
}
