//! Pages of `docs/` that the program writes itself, from the catalog, the policy and the lists of codes.

pub(super) mod errors;
pub(super) mod matrix;
pub(super) mod privacy;
pub(super) mod words;
