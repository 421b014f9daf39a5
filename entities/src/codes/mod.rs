//! Code lists: closed sets of values with their standard's codes and labels in Chinese and English.
//!
//! The databases and the graph hold the value's English name (`MALE`), never the standard's number.

mod agreement;
mod audit;
mod building;
mod business;
mod case;
mod case_state;
mod ethnicity;
mod grid;
mod industry;
mod industry_division;
mod person;
mod person_tag;
mod place;
mod service;
mod society;

pub use agreement::*;
pub use audit::*;
pub use building::*;
pub use business::*;
pub use case::*;
pub use case_state::*;
pub use ethnicity::*;
pub use grid::*;
pub use industry::*;
pub use industry_division::*;
pub use person::*;
pub use person_tag::*;
pub use place::*;
pub use service::*;
pub use society::*;

/// One value of a code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Name in the database and in GraphQL.
    pub value: &'static str,
    /// Code in the standard.
    pub code: &'static str,
    /// Label in Chinese.
    pub chinese: &'static str,
    /// Label in English.
    pub english: &'static str,
}

/// A code list.
#[derive(Debug)]
pub struct CodeList {
    /// Name of the enum in GraphQL.
    pub name: &'static str,
    /// What its values tell apart.
    pub description: &'static str,
    /// The standard it follows; empty if it is our own.
    pub standard: &'static str,
    /// The values, in their order.
    pub codes: &'static [Code],
}

impl CodeList {
    /// The code with this value.
    pub fn find(&self, value: &str) -> Option<&'static Code> {
        self.codes.iter().find(|code| code.value == value)
    }
}

/// All code lists.
pub const CODE_LISTS: &[&CodeList] = &[
    &REGION_LEVEL,
    &GRID_KIND,
    &BOARD,
    &DEPARTMENT_LEVEL,
    &SEX,
    &ID_TYPE,
    &AGE_BAND,
    &ETHNICITY,
    &EDUCATION,
    &MARITAL_STATUS,
    &HOUSEHOLD_KIND,
    &HOUSEHOLD_STATUS,
    &HARDSHIP_LEVEL,
    &RELATION_TO_HEAD,
    &RESIDENCE_STATUS,
    &CASE_CHANNEL,
    &CASE_KIND,
    &SUBJECT_TYPE,
    &SEVERITY,
    &SUPERVISION,
    &CASE_RESULT,
    &CASE_STATE,
    &CASE_ACTION,
    &BUILDING_KIND,
    &DWELLING_USE,
    &BUSINESS_KIND,
    &BUSINESS_STATUS,
    &INDUSTRY,
    &INDUSTRY_DIVISION,
    &REVENUE_BAND,
    &EMPLOYMENT_ROLE,
    &NEW_OCCUPATION,
    &EMPLOYMENT_FORM,
    &PARTY_ORGANIZATION_KIND,
    &PARTY_MEMBER_STATUS,
    &PARTY_DUTY,
    &VOLUNTEER_TEAM_KIND,
    &VOLUNTEER_DIRECTION,
    &GRID_ROLE,
    &PAY_KIND,
    &TASK_ROLE,
    &TASK_STATE,
    &PERSON_TAG_KIND,
    &TAG_SOURCE,
    &SERVICE_DOMAIN,
    &TARGET_GROUP,
    &PROJECT_STATUS,
    &BENEFIT_KIND,
    &ENROLLMENT_STATE,
    &AGREEMENT_STATE,
    &AUDIT_KIND,
    &AUDIT_OUTCOME,
    &AUDIT_CLASS,
];

/// The lowest age of each band of [`AgeBand`], in the order of the list.
pub const AGE_BAND_STARTS: [i32; 8] = [0, 3, 7, 14, 18, 35, 60, 80];

/// The band that an age in completed years falls in.
pub fn age_band(age: i32) -> &'static Code {
    let index = AGE_BAND_STARTS.iter().rposition(|start| *start <= age).unwrap_or(0);
    &AGE_BAND.codes[index]
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveEnum, Iterable};

    use super::*;

    fn values_of<E: ActiveEnum<Value = String> + Iterable>() -> Vec<String> {
        E::iter().map(|value| value.to_value()).collect()
    }

    #[test]
    fn every_enum_and_its_list_name_the_same_values() {
        let enums = [
            (&crate::guardianship::GUARDIANSHIP_KIND, values_of::<crate::guardianship::GuardianshipKind>()),
            (&REGION_LEVEL, values_of::<RegionLevel>()),
            (&GRID_KIND, values_of::<GridKind>()),
            (&BOARD, values_of::<Board>()),
            (&DEPARTMENT_LEVEL, values_of::<DepartmentLevel>()),
            (&SEX, values_of::<Sex>()),
            (&ID_TYPE, values_of::<IdType>()),
            (&AGE_BAND, values_of::<AgeBand>()),
            (&EDUCATION, values_of::<Education>()),
            (&MARITAL_STATUS, values_of::<MaritalStatus>()),
            (&HOUSEHOLD_KIND, values_of::<HouseholdKind>()),
            (&HOUSEHOLD_STATUS, values_of::<HouseholdStatus>()),
            (&HARDSHIP_LEVEL, values_of::<HardshipLevel>()),
            (&RELATION_TO_HEAD, values_of::<RelationToHead>()),
            (&RESIDENCE_STATUS, values_of::<ResidenceStatus>()),
            (&CASE_CHANNEL, values_of::<CaseChannel>()),
            (&CASE_KIND, values_of::<CaseKind>()),
            (&SUBJECT_TYPE, values_of::<SubjectType>()),
            (&SEVERITY, values_of::<Severity>()),
            (&SUPERVISION, values_of::<Supervision>()),
            (&CASE_RESULT, values_of::<CaseResult>()),
            (&CASE_STATE, values_of::<CaseState>()),
            (&CASE_ACTION, values_of::<CaseAction>()),
            (&BUILDING_KIND, values_of::<BuildingKind>()),
            (&DWELLING_USE, values_of::<DwellingUse>()),
            (&BUSINESS_KIND, values_of::<BusinessKind>()),
            (&BUSINESS_STATUS, values_of::<BusinessStatus>()),
            (&INDUSTRY, values_of::<Industry>()),
            (&REVENUE_BAND, values_of::<RevenueBand>()),
            (&EMPLOYMENT_ROLE, values_of::<EmploymentRole>()),
            (&NEW_OCCUPATION, values_of::<NewOccupation>()),
            (&EMPLOYMENT_FORM, values_of::<EmploymentForm>()),
            (&PARTY_ORGANIZATION_KIND, values_of::<PartyOrganizationKind>()),
            (&PARTY_MEMBER_STATUS, values_of::<PartyMemberStatus>()),
            (&PARTY_DUTY, values_of::<PartyDuty>()),
            (&VOLUNTEER_TEAM_KIND, values_of::<VolunteerTeamKind>()),
            (&VOLUNTEER_DIRECTION, values_of::<VolunteerDirection>()),
            (&GRID_ROLE, values_of::<GridRole>()),
            (&PAY_KIND, values_of::<PayKind>()),
            (&TASK_ROLE, values_of::<TaskRole>()),
            (&TASK_STATE, values_of::<TaskState>()),
            (&PERSON_TAG_KIND, values_of::<PersonTagKind>()),
            (&TAG_SOURCE, values_of::<TagSource>()),
            (&SERVICE_DOMAIN, values_of::<ServiceDomain>()),
            (&TARGET_GROUP, values_of::<TargetGroup>()),
            (&PROJECT_STATUS, values_of::<ProjectStatus>()),
            (&BENEFIT_KIND, values_of::<BenefitKind>()),
            (&ENROLLMENT_STATE, values_of::<EnrollmentState>()),
            (&AUDIT_KIND, values_of::<AuditKind>()),
            (&AUDIT_OUTCOME, values_of::<AuditOutcome>()),
            (&AUDIT_CLASS, values_of::<AuditClass>()),
        ];
        for (list, values) in &enums {
            assert_eq!(&list.codes.iter().map(|code| code.value.to_owned()).collect::<Vec<_>>(), values, "{}", list.name);
        }
        assert_eq!(enums.len() + 2, CODE_LISTS.len(), "only ethnicity and the divisions of industry have no enum");
    }

    #[test]
    fn names_and_codes_are_unique_in_every_list() {
        for list in CODE_LISTS {
            for (index, code) in list.codes.iter().enumerate() {
                assert!(
                    !list.codes[..index].iter().any(|other| other.value == code.value || other.code == code.code),
                    "{}.{}",
                    list.name,
                    code.value
                );
            }
        }
    }

    #[test]
    fn bands_begin_where_their_names_say() {
        assert_eq!(age_band(-1).value, "UNDER_3");
        assert_eq!(age_band(2).value, "UNDER_3");
        assert_eq!(age_band(3).value, "FROM_3_TO_6");
        assert_eq!(age_band(13).value, "FROM_7_TO_13");
        assert_eq!(age_band(14).value, "FROM_14_TO_17");
        assert_eq!(age_band(120).value, "OVER_79");
    }
}
