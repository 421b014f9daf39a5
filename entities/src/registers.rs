//! The list of all registers, and what can be done with each register's entity. `civigrid regenerate` writes the lists from
//! the files beside this one.

use sea_orm::EntityTrait;

use crate::catalog::Register;

/// Every register, referenced before referencing: loading in this order satisfies the foreign keys,
/// but for `household.head` and `dwelling.owner`, which are set once their person exists. A new register is added at the end.
pub const REGISTERS: &[&Register] = &[
    // generated: registers
    &crate::region::REGISTER,
    &crate::region_alias::REGISTER,
    &crate::department::REGISTER,
    &crate::building::REGISTER,
    &crate::dwelling::REGISTER,
    &crate::household::REGISTER,
    &crate::person::REGISTER,
    &crate::residence::REGISTER,
    &crate::business::REGISTER,
    &crate::employment::REGISTER,
    &crate::new_occupation_worker::REGISTER,
    &crate::case_category::REGISTER,
    &crate::case::REGISTER,
    &crate::case_event::REGISTER,
    &crate::party_organization::REGISTER,
    &crate::party_member::REGISTER,
    &crate::volunteer::REGISTER,
    &crate::volunteer_team::REGISTER,
    &crate::team_membership::REGISTER,
    &crate::volunteer_activity::REGISTER,
    &crate::service_record::REGISTER,
    &crate::grid_member::REGISTER,
    &crate::service_project::REGISTER,
    &crate::enrollment::REGISTER,
    &crate::person_tag::REGISTER,
    &crate::case_task::REGISTER,
    &crate::role_assignment::REGISTER,
    // end: registers
];

/// Something to be done with each register and its entity, whose types differ.
pub trait EntityVisitor {
    /// Does it.
    fn visit<E: EntityTrait>(&mut self, register: &'static Register, entity: E);
}

/// Does something with each register and its entity, in the order of [`REGISTERS`].
pub fn visit_entities(visitor: &mut impl EntityVisitor) {
    // generated: entities
    visitor.visit(&crate::region::REGISTER, crate::region::Entity);
    visitor.visit(&crate::region_alias::REGISTER, crate::region_alias::Entity);
    visitor.visit(&crate::department::REGISTER, crate::department::Entity);
    visitor.visit(&crate::building::REGISTER, crate::building::Entity);
    visitor.visit(&crate::dwelling::REGISTER, crate::dwelling::Entity);
    visitor.visit(&crate::household::REGISTER, crate::household::Entity);
    visitor.visit(&crate::person::REGISTER, crate::person::Entity);
    visitor.visit(&crate::residence::REGISTER, crate::residence::Entity);
    visitor.visit(&crate::business::REGISTER, crate::business::Entity);
    visitor.visit(&crate::employment::REGISTER, crate::employment::Entity);
    visitor.visit(&crate::new_occupation_worker::REGISTER, crate::new_occupation_worker::Entity);
    visitor.visit(&crate::case_category::REGISTER, crate::case_category::Entity);
    visitor.visit(&crate::case::REGISTER, crate::case::Entity);
    visitor.visit(&crate::case_event::REGISTER, crate::case_event::Entity);
    visitor.visit(&crate::party_organization::REGISTER, crate::party_organization::Entity);
    visitor.visit(&crate::party_member::REGISTER, crate::party_member::Entity);
    visitor.visit(&crate::volunteer::REGISTER, crate::volunteer::Entity);
    visitor.visit(&crate::volunteer_team::REGISTER, crate::volunteer_team::Entity);
    visitor.visit(&crate::team_membership::REGISTER, crate::team_membership::Entity);
    visitor.visit(&crate::volunteer_activity::REGISTER, crate::volunteer_activity::Entity);
    visitor.visit(&crate::service_record::REGISTER, crate::service_record::Entity);
    visitor.visit(&crate::grid_member::REGISTER, crate::grid_member::Entity);
    visitor.visit(&crate::service_project::REGISTER, crate::service_project::Entity);
    visitor.visit(&crate::enrollment::REGISTER, crate::enrollment::Entity);
    visitor.visit(&crate::person_tag::REGISTER, crate::person_tag::Entity);
    visitor.visit(&crate::case_task::REGISTER, crate::case_task::Entity);
    visitor.visit(&crate::role_assignment::REGISTER, crate::role_assignment::Entity);
    // end: entities
}
