//! Civigrid: one GraphQL schema over a city's community registers, with every field of every row shown, masked or
//! withheld by who asks.
//!
//! Layers, each importing only from those to its right (a test reads the imports and proves it):
//! `cli → app → http → graph, generate → store → audit → policy → (entities)`, with `config`, `clock`, `language` as leaves.

pub mod app;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod generate;
pub mod graph;
pub mod http;
pub mod language;
pub mod policy;
pub mod store;
