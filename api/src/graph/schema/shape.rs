//! What a caller's permits can use of the schema: the shape that the introspected schema is cut to.

use entities::registers::REGISTERS;

use crate::graph::changes::Mutation;
use crate::policy::{Cover, Duty, FieldSet, Permits, Right};

/// What can be used at all. Callers whose permits differ in rows alone have the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::graph) struct Shape {
    /// For every register in the catalog's order.
    registers: Vec<Usable>,
    /// The kinds of changes that can be asked for.
    duties: Vec<Duty>,
}

/// What of a register can be used, and which fields on at least one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Usable {
    /// True if any row can be in scope. Otherwise no field is in any set, and only the menu may be there.
    pub(super) rows: bool,
    /// Fields that are shown, in full or in part.
    pub(super) show: FieldSet,
    /// Fields that are shown in full, as orders need them.
    pub(super) full: FieldSet,
    /// Fields that can be filtered and looked up by.
    pub(super) filter: FieldSet,
    /// Fields that can be grouped by and measured.
    pub(super) aggregate: FieldSet,
    /// Fields by which rows that share a value can be found.
    pub(super) duplicates: FieldSet,
    /// True if its aggregate menu may be asked; that needs no rows.
    pub(super) menu: bool,
}

impl Shape {
    /// The shape of what these permits allow.
    pub(in crate::graph) fn of(permits: &Permits) -> Self {
        let usable = |register| {
            let permit = permits.of(register);
            let fields = |right| -> FieldSet {
                (0..permit.register().fields.len()).filter(|index| permit.cover(right, *index) != Cover::Nowhere).collect()
            };
            let menu = permits.menu(register).is_some();
            if permit.is_empty() {
                return Usable { menu, ..Usable::default() };
            }
            let masked = |index: &usize| permit.masks(*index).any(|(_, cover)| cover != Cover::Nowhere);
            let full = fields(Right::Show);
            Usable {
                rows: true,
                show: full.union((0..permit.register().fields.len()).filter(masked).collect()),
                full,
                filter: fields(Right::Filter),
                aggregate: fields(Right::Aggregate),
                duplicates: fields(Right::Duplicates),
                menu,
            }
        };
        Self { registers: REGISTERS.iter().map(|register| usable(register)).collect(), duties: permits.duties().to_vec() }
    }

    /// What can be used of the register of this name.
    pub(super) fn of_register(&self, name: &str) -> Usable {
        let position = REGISTERS.iter().position(|register| register.name == name);
        position.and_then(|position| self.registers.get(position)).copied().unwrap_or_default()
    }

    /// True if the change may be asked for.
    pub(super) fn changes(&self, mutation: Mutation) -> bool {
        mutation.needs().iter().any(|duty| self.duties.contains(duty))
    }
}
