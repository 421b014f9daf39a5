//! What a caller's permits can use of the schema: the shape that the introspected schema is cut to.

use entities::registers::REGISTERS;

use crate::policy::{Cover, FieldSet, Permits, Right};

/// For every register in the catalog's order, which of its fields can be used at all. Callers whose permits differ in rows
/// alone have the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::graph) struct Shape(Vec<Usable>);

/// Which fields of a register can be used on at least one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Usable {
    /// True if any row can be in scope. Otherwise no field is in any set.
    pub(super) rows: bool,
    /// Fields that are shown.
    pub(super) show: FieldSet,
    /// Fields that can be filtered and looked up by.
    pub(super) filter: FieldSet,
    /// Fields that can be grouped by and measured.
    pub(super) aggregate: FieldSet,
}

impl Shape {
    /// The shape of what these permits allow.
    pub(in crate::graph) fn of(permits: &Permits) -> Self {
        let usable = |register| {
            let permit = permits.of(register);
            let fields = |right| -> FieldSet {
                (0..permit.register().fields.len()).filter(|index| permit.cover(right, *index) != Cover::Nowhere).collect()
            };
            if permit.is_empty() {
                return Usable::default();
            }
            Usable { rows: true, show: fields(Right::Show), filter: fields(Right::Filter), aggregate: fields(Right::Aggregate) }
        };
        Self(REGISTERS.iter().map(|register| usable(register)).collect())
    }

    /// What can be used of the register of this name.
    pub(super) fn of_register(&self, name: &str) -> Usable {
        let position = REGISTERS.iter().position(|register| register.name == name);
        position.and_then(|position| self.0.get(position)).copied().unwrap_or_default()
    }
}
