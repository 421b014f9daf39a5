//! The list of all registers. Adding a register adds its module and one line here.

use crate::catalog::Register;
use crate::{case, case_category, case_event, department, household, person, region, region_alias, residence, role_assignment};

/// Every register, referenced before referencing: loading in this order satisfies the foreign keys,
/// but for `household.head`, which is set once its person exists.
pub const REGISTERS: &[&Register] = &[
    &region::REGISTER,
    &region_alias::REGISTER,
    &department::REGISTER,
    &household::REGISTER,
    &person::REGISTER,
    &residence::REGISTER,
    &case_category::REGISTER,
    &case::REGISTER,
    &case_event::REGISTER,
    &role_assignment::REGISTER,
];
