//! The registers of Civigrid: one file a register, each with its SeaORM entity and its catalog entry.
//!
//! Read in this order: [`catalog`] (what is known of a register), [`registers`] (the list),
//! [`region_code`] and [`id`] (the two key types), [`credit_code`], [`codes`] (the code lists), [`name_keys`] (what names are found by), [`menus`] (what may be counted by those who see no row), [`duplicates`] (what may be searched for values on several rows), then any register.
//! Nothing here knows of HTTP, GraphQL, access or SQL dialects.

pub mod catalog;
pub mod codes;
pub mod credit_code;
pub mod derivations;
pub mod duplicates;
pub mod id;
pub mod mask;
pub mod menus;
pub mod name_keys;
pub mod pinyin;
pub mod region_code;
pub mod registers;

pub mod account_edition;
pub mod account_revocation;
pub mod change_key;
pub mod client_document;
pub mod client_key;
pub mod client_usage;
pub mod notice;
pub mod person_lookup;

// generated: modules of registers
pub mod agreement;
pub mod audit_access;
pub mod audit_record;
pub mod audit_touch;
pub mod building;
pub mod business;
pub mod case;
pub mod case_category;
pub mod case_event;
pub mod case_task;
pub mod client;
pub mod department;
pub mod dwelling;
pub mod emergency_access;
pub mod employment;
pub mod enrollment;
pub mod grid_member;
pub mod guardianship;
pub mod household;
pub mod new_occupation_worker;
pub mod party_member;
pub mod party_organization;
pub mod person;
pub mod person_tag;
pub mod region;
pub mod region_alias;
pub mod residence;
pub mod role_assignment;
pub mod service_project;
pub mod service_record;
pub mod team_membership;
pub mod volunteer;
pub mod volunteer_activity;
pub mod volunteer_team;
// end: modules of registers
