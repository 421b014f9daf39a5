//! Everything that talks SQL.

pub mod load;
