//! The list of all registers, and what can be done with each register's entity. `civigrid regenerate` writes the lists from
//! the files beside this one.

use sea_orm::EntityTrait;

use crate::catalog::{Kind, Register};
use crate::codes::{CODE_LISTS, CodeList};

/// Every register, referenced before referencing: loading in this order satisfies the foreign keys,
/// but for `household.head` and `dwelling.owner`, which are set once their person exists. A new register is added at the end.
pub const REGISTERS: &[&Register] = &[
    // generated: registers
    &super::region::REGISTER,
    &super::region_alias::REGISTER,
    &super::department::REGISTER,
    &super::building::REGISTER,
    &super::dwelling::REGISTER,
    &super::household::REGISTER,
    &super::person::REGISTER,
    &super::residence::REGISTER,
    &super::business::REGISTER,
    &super::employment::REGISTER,
    &super::new_occupation_worker::REGISTER,
    &super::case_category::REGISTER,
    &super::case::REGISTER,
    &super::case_event::REGISTER,
    &super::party_organization::REGISTER,
    &super::party_member::REGISTER,
    &super::volunteer::REGISTER,
    &super::volunteer_team::REGISTER,
    &super::team_membership::REGISTER,
    &super::volunteer_activity::REGISTER,
    &super::service_record::REGISTER,
    &super::grid_member::REGISTER,
    &super::service_project::REGISTER,
    &super::enrollment::REGISTER,
    &super::person_tag::REGISTER,
    &super::case_task::REGISTER,
    &super::role_assignment::REGISTER,
    &super::guardianship::REGISTER,
    &super::agreement::REGISTER,
    &super::emergency_access::REGISTER,
    &super::client::REGISTER,
    &super::audit_touch::REGISTER,
    &super::audit_record::REGISTER,
    &super::audit_access::REGISTER,
    // end: registers
];

/// Every code list: the shared ones, and those that a register's file keeps for itself.
pub fn code_lists() -> Vec<&'static CodeList> {
    let mut lists = CODE_LISTS.to_vec();
    for field in REGISTERS.iter().flat_map(|register| register.fields) {
        if let Kind::Code(list) = field.kind
            && !lists.iter().any(|known| known.name == list.name)
        {
            lists.push(list);
        }
    }
    lists
}

/// Something to be done with each register and its entity, whose types differ.
pub trait EntityVisitor {
    /// Does it.
    fn visit<E: EntityTrait>(&mut self, register: &'static Register, entity: E);
}

/// Does something with each register and its entity, in the order of [`REGISTERS`].
pub fn visit_entities(visitor: &mut impl EntityVisitor) {
    // generated: entities
    visitor.visit(&super::region::REGISTER, super::region::Entity);
    visitor.visit(&super::region_alias::REGISTER, super::region_alias::Entity);
    visitor.visit(&super::department::REGISTER, super::department::Entity);
    visitor.visit(&super::building::REGISTER, super::building::Entity);
    visitor.visit(&super::dwelling::REGISTER, super::dwelling::Entity);
    visitor.visit(&super::household::REGISTER, super::household::Entity);
    visitor.visit(&super::person::REGISTER, super::person::Entity);
    visitor.visit(&super::residence::REGISTER, super::residence::Entity);
    visitor.visit(&super::business::REGISTER, super::business::Entity);
    visitor.visit(&super::employment::REGISTER, super::employment::Entity);
    visitor.visit(&super::new_occupation_worker::REGISTER, super::new_occupation_worker::Entity);
    visitor.visit(&super::case_category::REGISTER, super::case_category::Entity);
    visitor.visit(&super::case::REGISTER, super::case::Entity);
    visitor.visit(&super::case_event::REGISTER, super::case_event::Entity);
    visitor.visit(&super::party_organization::REGISTER, super::party_organization::Entity);
    visitor.visit(&super::party_member::REGISTER, super::party_member::Entity);
    visitor.visit(&super::volunteer::REGISTER, super::volunteer::Entity);
    visitor.visit(&super::volunteer_team::REGISTER, super::volunteer_team::Entity);
    visitor.visit(&super::team_membership::REGISTER, super::team_membership::Entity);
    visitor.visit(&super::volunteer_activity::REGISTER, super::volunteer_activity::Entity);
    visitor.visit(&super::service_record::REGISTER, super::service_record::Entity);
    visitor.visit(&super::grid_member::REGISTER, super::grid_member::Entity);
    visitor.visit(&super::service_project::REGISTER, super::service_project::Entity);
    visitor.visit(&super::enrollment::REGISTER, super::enrollment::Entity);
    visitor.visit(&super::person_tag::REGISTER, super::person_tag::Entity);
    visitor.visit(&super::case_task::REGISTER, super::case_task::Entity);
    visitor.visit(&super::role_assignment::REGISTER, super::role_assignment::Entity);
    visitor.visit(&super::guardianship::REGISTER, super::guardianship::Entity);
    visitor.visit(&super::agreement::REGISTER, super::agreement::Entity);
    visitor.visit(&super::emergency_access::REGISTER, super::emergency_access::Entity);
    visitor.visit(&super::client::REGISTER, super::client::Entity);
    visitor.visit(&super::audit_touch::REGISTER, super::audit_touch::Entity);
    visitor.visit(&super::audit_record::REGISTER, super::audit_record::Entity);
    visitor.visit(&super::audit_access::REGISTER, super::audit_access::Entity);
    // end: entities
}
