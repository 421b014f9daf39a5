//! What hangs on the people and cases of a community: grid teams, tags, enrollments, tasks and guardians.
//!
//! Everything is drawn from streams of its own, so that people, households and cases come out the same whatever is made
//! here. Read in this order: `office` (what is known of a community), then any of the others.

mod enrollments;
mod guardians;
mod office;
mod projects;
mod tags;
mod tasks;
mod teams;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use entities::{case_task, enrollment, grid_member, guardianship, person_tag, service_project};

use super::maker::{Chunk, Maker};
use super::plan::Community;
use crate::store::load::{Error, Loader};
use office::Office;

pub(crate) use projects::Places;

/// Rows of this part's registers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceRows {
    /// Service projects.
    pub service_projects: Vec<service_project::Model>,
    /// Grid members.
    pub grid_members: Vec<grid_member::Model>,
    /// Tags of people.
    pub person_tags: Vec<person_tag::Model>,
    /// Enrollments.
    pub enrollments: Vec<enrollment::Model>,
    /// Tasks of cases.
    pub case_tasks: Vec<case_task::Model>,
    /// Guardianships.
    pub guardianships: Vec<guardianship::Model>,
}

impl ServiceRows {
    /// The rows that do not hang on people: the city's projects as they stand on that day.
    pub(crate) fn reference(today: NaiveDate) -> Self {
        Self { service_projects: projects::rows(today), ..Self::default() }
    }

    /// Takes in rows of another community.
    pub fn append(&mut self, other: Self) {
        let Self { service_projects, grid_members, person_tags, enrollments, case_tasks, guardianships } = other;
        self.service_projects.extend(service_projects);
        self.grid_members.extend(grid_members);
        self.person_tags.extend(person_tags);
        self.enrollments.extend(enrollments);
        self.case_tasks.extend(case_tasks);
        self.guardianships.extend(guardianships);
    }

    /// Writes the rows, projects first.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn write(&self, loader: &mut Loader) -> Result<(), Error> {
        let Self { service_projects, grid_members, person_tags, enrollments, case_tasks, guardianships } = self;
        loader.write(service_projects).await?;
        loader.write(grid_members).await?;
        loader.write(person_tags).await?;
        loader.write(enrollments).await?;
        loader.write(case_tasks).await?;
        loader.write(guardianships).await
    }
}

impl Maker {
    /// Makes what hangs on the people and cases of a community, which are made, and finishes its cases.
    pub(crate) fn services(&mut self, community: &Community, chunk: &mut Chunk) {
        let mut office = Office::open(self, community, chunk);
        let grid_members = office.teams();
        let person_tags = office.tags();
        let enrollments = office.enrollments(&person_tags, &mut self.places);
        let case_tasks = office.tasks(&grid_members);
        let guardianships = office.guardianships();
        let protected = office.protected();
        let ends = office.ends_of_cases();
        for person in protected {
            chunk.persons[person].protected = true;
        }
        for (case, end) in chunk.cases.iter_mut().zip(ends) {
            case.business_id = end.business;
            case.merged_into_id = end.merged_into;
            case.reached = end.reached;
            if let (Some(event), Some(note)) = (end.closing, end.note) {
                chunk.events[event].note = Some(note.to_owned());
            }
        }
        chunk.services = ServiceRows { service_projects: Vec::new(), grid_members, person_tags, enrollments, case_tasks, guardianships };
    }
}
