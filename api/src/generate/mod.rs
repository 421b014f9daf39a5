//! x
mod atlas;
mod boundary;
mod dice;
mod family;
mod id_number;
mod ids;
mod names;
mod profile;
pub use profile::Profile;
