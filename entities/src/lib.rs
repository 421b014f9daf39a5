//! The registers of Civigrid: one file a register, each with its SeaORM entity and its catalog entry.
//!
//! Read in this order: [`catalog`] (what is known of a register), [`registers`] (the list),
//! [`region_code`] and [`id`] (the two key types), [`codes`] (the code lists), then any register.
//! Nothing here knows of HTTP, GraphQL, access or SQL dialects.

pub mod catalog;
pub mod codes;
pub mod id;
pub mod region_code;
pub mod registers;

pub mod account_edition;
pub mod account_revocation;
pub mod case;
pub mod case_category;
pub mod case_event;
pub mod department;
pub mod household;
pub mod person;
pub mod region;
pub mod region_alias;
pub mod residence;
pub mod role_assignment;
