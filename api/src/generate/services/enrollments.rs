//! Enrollments: who may take part in a project does so with its chance, as far as places reach, and goes through the
//! states as far as time has come.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entities::business::{self, Business};
use entities::codes::{BusinessStatus, EnrollmentState as State, HardshipLevel, PersonTagKind};
use entities::enrollment;
use entities::household::{self, Household};
use entities::id::Id;
use entities::person::{self, Person};
use entities::person_tag;
use entities::region_code::RegionCode;

use super::office::Office;
use super::projects::{PROJECTS, Places, Project, Rule};
use crate::generate::departments::Bureau;
use crate::generate::dice::Dice;

/// What the registers know of people.
struct Known {
    /// Tags that last.
    tags: HashSet<(Id<Person>, PersonTagKind)>,
    /// Workers of new occupations.
    riders: HashSet<Id<Person>>,
}

/// Whoever takes part.
#[derive(Clone, Copy, Default)]
struct Beneficiary {
    person: Option<Id<Person>>,
    household: Option<Id<Household>>,
    business: Option<Id<Business>>,
    place: Option<RegionCode>,
    /// Not before this the row can have been made.
    known: DateTime<Utc>,
}

impl Beneficiary {
    fn person(row: &person::Model) -> Self {
        Self { person: Some(row.id), place: row.region_code, known: row.created_at, ..Self::default() }
    }

    fn household(row: &household::Model) -> Self {
        Self { household: Some(row.id), place: Some(row.region_code), known: row.created_at, ..Self::default() }
    }

    fn business(row: &business::Model) -> Self {
        Self { business: Some(row.id), place: Some(row.region_code), known: row.created_at, ..Self::default() }
    }
}

/// How far an enrollment has come.
struct Course {
    state: State,
    applied_on: Option<NaiveDate>,
    served_on: Option<NaiveDate>,
    decided: bool,
    steps: i32,
    last: NaiveDate,
}

impl Office<'_> {
    /// The enrollments of the community's people and households in all projects.
    pub(super) fn enrollments(&mut self, tags: &[person_tag::Model], places: &mut Places) -> Vec<enrollment::Model> {
        let mut dice = self.dice(3);
        let known = Known {
            tags: tags.iter().filter(|tag| tag.to_date.is_none()).map(|tag| (tag.person_id, tag.code)).collect(),
            riders: self.chunk.economy.new_occupation_workers.iter().map(|worker| worker.person_id).collect(),
        };
        let living: Vec<(usize, i32)> = self.living().collect();
        let mut rows = Vec::new();
        for (index, project) in PROJECTS.iter().enumerate() {
            let (starts_on, ends_on) = project.span(self.today);
            let last = ends_on.map_or(self.today, |day| day.min(self.today));
            if starts_on > last {
                continue;
            }
            // The city's places are shared out by people.
            let share = (f64::from(project.quota) * self.share).ceil() as usize;
            let mut taken = 0;
            for beneficiary in self.eligible(project, &living, &known) {
                if taken >= share {
                    break;
                }
                if !dice.chance(f64::from(project.per_mille) / 1_000.0) {
                    continue;
                }
                let course = self.course(starts_on, last, &mut dice);
                if course.state.counts() && !places.take(index) {
                    break;
                }
                taken += usize::from(course.state.counts());
                rows.push(self.enrollment(project, &beneficiary, &course, &mut dice));
            }
        }
        rows
    }

    fn eligible(&self, project: &Project, living: &[(usize, i32)], known: &Known) -> Vec<Beneficiary> {
        let fits = |(index, age): &&(usize, i32)| {
            let person = self.person(*index).id;
            match project.rule {
                Rule::Ages(least, most) => (least..=most).contains(age),
                Rule::Tagged(tag, least, most) => (least..=most).contains(age) && known.tags.contains(&(person, tag)),
                Rule::Rider => known.riders.contains(&person),
                Rule::Hardship | Rule::Business => false,
            }
        };
        match project.rule {
            Rule::Hardship => {
                let poor = self.households().filter(|(household, _)| household.hardship_level != HardshipLevel::None);
                poor.map(|(household, _)| Beneficiary::household(household)).collect()
            }
            Rule::Business => {
                let open = self.chunk.economy.businesses.iter().filter(|business| business.status == BusinessStatus::Open);
                open.map(Beneficiary::business).collect()
            }
            _ => living.iter().filter(fits).map(|(index, _)| Beneficiary::person(self.person(*index))).collect(),
        }
    }

    /// A course that begins on some day of the span and comes as far as today.
    fn course(&self, first: NaiveDate, last: NaiveDate, dice: &mut Dice) -> Course {
        let began = first + Days::new(dice.between(0, (last - first).num_days()).unsigned_abs());
        let way: &[(State, i64)] = match dice.below(100) {
            0..4 => &[(State::Invited, 0)],
            4..7 => &[(State::Invited, 0), (State::Withdrawn, 10)],
            7..12 => &[(State::Applied, 0), (State::Rejected, 15)],
            12..15 => &[(State::Applied, 0), (State::Approved, 15), (State::Withdrawn, 20)],
            15..40 => &[(State::Invited, 0), (State::Applied, 12), (State::Approved, 15), (State::Served, 40), (State::Closed, 25)],
            _ => &[(State::Applied, 0), (State::Approved, 15), (State::Served, 40), (State::Closed, 25)],
        };
        let mut course = Course { state: way[0].0, applied_on: None, served_on: None, decided: false, steps: 0, last: began };
        for (state, most) in way {
            let day = course.last + Days::new(dice.between(i64::from(*most > 0), *most).unsigned_abs());
            if day > self.today {
                break;
            }
            course.state = *state;
            course.last = day;
            course.steps += 1;
            match state {
                State::Applied => course.applied_on = Some(day),
                State::Served => course.served_on = Some(day),
                State::Approved | State::Rejected => course.decided = true,
                State::Invited | State::Closed | State::Withdrawn => {}
            }
        }
        course
    }

    fn enrollment(&mut self, project: &Project, beneficiary: &Beneficiary, course: &Course, dice: &mut Dice) -> enrollment::Model {
        let Beneficiary { person, household, business, place, known } = *beneficiary;
        let Course { state, applied_on, served_on, decided, steps, last } = *course;
        let (low, high) = project.worth;
        let created_at = self.entered(applied_on.unwrap_or(last) - Days::new(21), known, dice);
        let updated_at = self.entered(last, created_at, dice);
        // Whole tens of yuan, but for small amounts.
        let step = if high >= 500 { 10 } else { 1 };
        let worth = dice.between(low / step, high / step) * step * 100;
        let liked = dice.chance(0.7);
        let rating = dice.weighted(&[(5, 60), (4, 27), (3, 8), (2, 3), (1, 2)]);
        enrollment::Model {
            id: self.key(created_at),
            project_id: project.id(self.today),
            person_id: person,
            household_id: household,
            business_id: business,
            state,
            applied_on,
            approver: decided.then(|| approver(project.lead, self.community.street)),
            benefit: project.benefit,
            amount: state.counts().then_some(worth),
            served_on,
            rating: (state == State::Closed && liked).then_some(rating),
            region_code: place,
            version: steps.max(1),
            created_at,
            updated_at,
        }
    }
}

/// The account that decides: the post of the leading bureau's board in the street.
fn approver(lead: Bureau, street: RegionCode) -> String {
    format!("post-{street}-{}", format!("{:?}", lead.board()).to_lowercase())
}
