//! The list of all registers. Adding a register adds its module and one line here.

use crate::catalog::Register;
use crate::{
    building, business, case, case_category, case_event, case_task, department, dwelling, employment, enrollment, grid_member, household,
    new_occupation_worker, person, person_tag, region, region_alias, residence, role_assignment, service_project,
};
use crate::{party_member, party_organization, service_record, team_membership, volunteer, volunteer_activity, volunteer_team};

/// Every register, referenced before referencing: loading in this order satisfies the foreign keys,
/// but for `household.head` and `dwelling.owner`, which are set once their person exists.
pub const REGISTERS: &[&Register] = &[
    &region::REGISTER,
    &region_alias::REGISTER,
    &department::REGISTER,
    &building::REGISTER,
    &dwelling::REGISTER,
    &household::REGISTER,
    &person::REGISTER,
    &residence::REGISTER,
    &business::REGISTER,
    &employment::REGISTER,
    &new_occupation_worker::REGISTER,
    &case_category::REGISTER,
    &case::REGISTER,
    &case_event::REGISTER,
    &party_organization::REGISTER,
    &party_member::REGISTER,
    &volunteer::REGISTER,
    &volunteer_team::REGISTER,
    &team_membership::REGISTER,
    &volunteer_activity::REGISTER,
    &service_record::REGISTER,
    &grid_member::REGISTER,
    &service_project::REGISTER,
    &enrollment::REGISTER,
    &person_tag::REGISTER,
    &case_task::REGISTER,
    &role_assignment::REGISTER,
];
