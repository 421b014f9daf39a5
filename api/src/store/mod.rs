//! Reading and loading the registers: plans become SQL, SQL becomes rows. Every read of a register takes a
//! [`crate::policy::Permit`], which only `policy` can make.

pub mod accounts;
pub mod agreements;
pub mod changes;
pub mod clients;
pub mod context;
pub mod database;
pub mod duplicates;
pub mod emergencies;
pub mod error;
pub mod explain;
pub mod expression;
pub mod filter;
mod kept;
pub mod load;
pub mod lookups;
pub mod notices;
mod order;
pub mod postgres;
pub mod predicate;
pub mod region_tree;
pub mod regions;
pub mod rights;
pub mod rows;
pub mod scope;
mod search;
pub mod select;
pub mod session;
pub mod sql;
pub mod statistics;
pub mod tie;

pub use database::{Backend, Database, PoolState, Settings};
pub use error::Error;
