//! Tests of the real program: over HTTP, on SQLite and on PostgreSQL.
//!
//! The PostgreSQL half starts a server of its own from the installed programs, or uses the one of
//! `CIVIGRID_TEST_POSTGRES` (the address of a superuser's database; one test run at a time). Where there is neither, it
//! says so and the tests go on with SQLite alone; with `CIVIGRID_REQUIRE_POSTGRES=1` that fails.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod below_regions;
#[cfg(test)]
mod changes;

mod clients;
#[cfg(test)]
mod columns;
#[cfg(test)]
mod completeness;
#[cfg(test)]
mod copies;
#[cfg(test)]
mod economy;
#[cfg(test)]
mod evaluator;
#[cfg(test)]
mod graphql;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod http;
#[cfg(test)]
mod introspection;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod lists;
mod masked;
#[cfg(test)]
mod menu;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod party;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod reading;
mod reasons;
#[cfg(test)]
mod regions;
#[cfg(test)]
mod related_groups;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod search;
#[cfg(test)]
mod services;
#[cfg(test)]
mod small_groups;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod stats;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod tokens;
