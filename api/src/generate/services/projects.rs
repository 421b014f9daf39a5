//! The city's service projects: 54 of them, read from the data file, in the budget year of the present.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use entities::codes::{BenefitKind, ProjectStatus, ServiceDomain, TargetGroup};
use entities::id::Id;
use entities::service_project::{self, ServiceProject};
use sea_orm::ActiveEnum;

use crate::generate::atlas::ATLAS;
use crate::generate::departments::Bureau;
use crate::generate::ids;
use crate::generate::maker::instant;

const FILE: &str = include_str!("../../../data/service-projects.csv");

/// All projects, in the order of their numbers.
pub(super) static PROJECTS: LazyLock<Vec<Project>> =
    LazyLock::new(|| FILE.lines().skip(1).map(|line| read(line).expect("a test reads every line of the data file")).collect());

/// Who may take part, as the generator tells it of its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// From the first age to the second, in completed years.
    Ages(i32, i32),
    /// With a tag that lasts, within ages.
    Tagged(entities::codes::PersonTagKind, i32, i32),
    /// Riders, couriers and drivers.
    Rider,
    /// Households in hardship.
    Hardship,
    /// Businesses.
    Business,
}

/// One project of the data file.
pub(super) struct Project {
    pub(super) number: u64,
    title: &'static str,
    domain: ServiceDomain,
    pub(super) lead: Bureau,
    target: TargetGroup,
    pub(super) rule: Rule,
    pub(super) benefit: BenefitKind,
    /// In yuan.
    budget: i64,
    pub(super) quota: i32,
    /// Least and greatest worth of an enrollment, in yuan.
    pub(super) worth: (i64, i64),
    /// How many of a thousand who may take part do so.
    pub(super) per_mille: u32,
    months: (u32, Option<u32>),
    eligibility: &'static str,
    partners: &'static str,
}

/// How many places of each project are taken so far.
pub(crate) struct Places(Vec<i32>);

impl Places {
    pub(crate) fn none_taken() -> Self {
        Self(vec![0; PROJECTS.len()])
    }

    /// Takes a place, if one is left.
    pub(super) fn take(&mut self, project: usize) -> bool {
        let left = self.0[project] < PROJECTS[project].quota;
        self.0[project] += i32::from(left);
        left
    }
}

/// The year whose budget the projects are of: last year's until March.
fn year(today: NaiveDate) -> i32 {
    if today.month() >= 3 { today.year() } else { today.year() - 1 }
}

impl Project {
    /// First day and last day.
    pub(super) fn span(&self, today: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
        let first = |month: u32| NaiveDate::from_ymd_opt(year(today), month, 1).unwrap_or(today);
        let end = |month: u32| first(month) + Months::new(1) - Days::new(1);
        (first(self.months.0), self.months.1.map(end))
    }

    /// The key, the same in every database of one year.
    pub(super) fn id(&self, today: NaiveDate) -> Id<ServiceProject> {
        ids::seeded(0, announced(today), self.number)
    }
}

/// When the year's projects were entered: in December before.
fn announced(today: NaiveDate) -> DateTime<Utc> {
    instant(NaiveDate::from_ymd_opt(year(today) - 1, 12, 15).unwrap_or(today))
}

/// All projects as rows; the city's bureaus lead.
pub(super) fn rows(today: NaiveDate) -> Vec<service_project::Model> {
    PROJECTS.iter().map(|project| row(project, today)).collect()
}

fn row(project: &Project, today: NaiveDate) -> service_project::Model {
    let city = ATLAS.places[0].code;
    let (starts_on, ends_on) = project.span(today);
    let status = match ends_on {
        _ if starts_on > today => ProjectStatus::Planned,
        Some(last) if last < today => ProjectStatus::Closed,
        _ => ProjectStatus::Open,
    };
    service_project::Model {
        id: project.id(today),
        code: format!("FW{}-{:03}", year(today), project.number),
        title: project.title.to_owned(),
        domain: project.domain,
        lead_department_id: project.lead.of(city),
        partners: (!project.partners.is_empty()).then(|| project.partners.to_owned()),
        target_group: project.target,
        eligibility: project.eligibility.to_owned(),
        year: year(today),
        budget: Some(project.budget * 100),
        quota: Some(project.quota),
        status,
        starts_on,
        ends_on,
        region_code: city,
        version: 1,
        created_at: announced(today),
        updated_at: announced(today),
    }
}

fn rule(word: &str) -> Option<Rule> {
    use entities::codes::PersonTagKind as Tag;
    Some(match word {
        "AGE_60" => Rule::Ages(60, 200),
        "AGE_65" => Rule::Ages(65, 200),
        "AGE_70" => Rule::Ages(70, 200),
        "AGE_80" => Rule::Ages(80, 200),
        "ADULT" => Rule::Ages(18, 200),
        "SCHOOL_CHILD" => Rule::Ages(6, 15),
        "TODDLER" => Rule::Ages(0, 2),
        "TAG_LIVING_ALONE" => Rule::Tagged(Tag::LivingAlone, 60, 200),
        "TAG_DISABLED" => Rule::Tagged(Tag::Disabled, 0, 200),
        "TAG_DISABLED_WORKING_AGE" => Rule::Tagged(Tag::Disabled, 18, 59),
        "TAG_DISABLED_CHILD" => Rule::Tagged(Tag::Disabled, 0, 17),
        "TAG_LEFT_BEHIND" => Rule::Tagged(Tag::LeftBehindChild, 0, 15),
        "TAG_DIFFICULT_CHILD" => Rule::Tagged(Tag::ChildInDifficulty, 0, 15),
        "TAG_VETERAN" => Rule::Tagged(Tag::Veteran, 18, 200),
        "TAG_CHRONIC" => Rule::Tagged(Tag::ChronicIllness, 35, 200),
        "TAG_UNEMPLOYED" => Rule::Tagged(Tag::Unemployed, 18, 60),
        "RIDER" => Rule::Rider,
        "HARDSHIP" => Rule::Hardship,
        "BUSINESS" => Rule::Business,
        _ => return None,
    })
}

fn read(line: &'static str) -> Option<Project> {
    let cells: Vec<&'static str> = line.split(',').collect();
    let [number, title, domain, lead, target, rule_word, benefit, budget, quota, low, high, per_mille, first, last, eligibility, partners] =
        cells.try_into().ok()?;
    Some(Project {
        number: number.parse().ok()?,
        title,
        domain: ServiceDomain::try_from_value(&domain.to_owned()).ok()?,
        lead: Bureau::find(lead)?,
        target: TargetGroup::try_from_value(&target.to_owned()).ok()?,
        rule: rule(rule_word)?,
        benefit: BenefitKind::try_from_value(&benefit.to_owned()).ok()?,
        budget: budget.parse::<i64>().ok()? * 10_000,
        quota: quota.parse().ok()?,
        worth: (low.parse().ok()?, high.parse().ok()?),
        per_mille: per_mille.parse().ok()?,
        months: (first.parse().ok()?, if last.is_empty() { None } else { Some(last.parse().ok()?) }),
        eligibility,
        partners,
    })
}
