//! Aggregates for those who may not see rows: a fixed menu, whose every figure is a sum over one base table (`docs/adr/0032`).

mod answer;
mod planner;
mod selection;
mod shadow;

use entities::catalog::Register;
use entities::codes::RegionLevel;
use entities::menus::Menu;
use entities::region_code::RegionCode;

use super::plan::ObjectPlan;
use super::selection::{ObjectSelection, Plain};

pub(super) use shadow::Axis;

/// What is selected of a menu.
pub(super) struct MenuSelection {
    type_name: String,
    entries: Vec<(String, MenuEntry)>,
}

enum MenuEntry {
    Typename,
    Nodes(Vec<(String, CellEntry)>),
    PageInfo(Vec<Plain>),
    TotalCount,
}

enum CellEntry {
    Typename,
    Key(Vec<(String, KeyEntry)>),
    Count,
    Suppressed,
    /// `sum` or `avg`, and the positions of the measures; None for the type's name.
    Measures(Figure, Vec<(String, Option<usize>)>),
}

enum KeyEntry {
    Typename,
    Region(ObjectSelection),
    /// The position of the axis.
    Axis(usize),
}

/// What is worked out of a measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Figure {
    Sum,
    Average,
}

/// How a menu is read and written.
pub(super) struct MenuPlan<'p> {
    register: &'static Register,
    menu: &'static Menu,
    /// The step of the base table.
    step: usize,
    region: RegionCode,
    level: RegionLevel,
    /// Dimensions, then the period.
    axes: Vec<Axis>,
    /// Which of them the cells are told apart by.
    kept: Vec<bool>,
    offset: u64,
    size: usize,
    /// What tells this list of cells from others, for cursors.
    signature: String,
    type_name: &'p str,
    entries: Vec<(&'p str, PlannedMenu<'p>)>,
}

enum PlannedMenu<'p> {
    Typename,
    Nodes(Vec<(&'p str, PlannedCell<'p>)>),
    PageInfo(&'p [Plain]),
    TotalCount,
}

enum PlannedCell<'p> {
    Typename,
    Key(Vec<(&'p str, PlannedKey<'p>)>),
    Count,
    Suppressed,
    Measures(Figure, Vec<(&'p str, Option<usize>)>),
}

enum PlannedKey<'p> {
    Typename,
    Null,
    Region(ObjectPlan<'p>),
    Axis(usize),
}
