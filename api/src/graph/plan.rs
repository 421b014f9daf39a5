//! What one request reads: steps, and how their rows become the answer.
//!
//! A step is one statement, or a look into the region tree in memory. Steps stand in the order they are run; a step's
//! parent stands before it.

use entities::catalog::{Field, Register, Relation};
use entities::codes::RegionLevel;
use entities::mask::Mask;
use entities::region_code::RegionCode;
use serde_json::Value;
use uuid::Uuid;

use crate::policy::{Cover, Explanation, MenuScope};
use crate::store::duplicates::Search;
use crate::store::expression::Type;
use crate::store::filter::{Filter, Literal, OrderKey, Page};
use crate::store::select::Table;
use crate::store::statistics::{Function, MenuTable, Statistics};

use super::duplicates::DuplicatesPlan;
use super::error::GraphError;
use super::menu::MenuPlan;
use super::row_conditions::{RowConditions, Visible};
use super::selection::Plain;
use super::touched::Touched;

/// The plan of one request.
#[derive(Default)]
pub(super) struct Plan<'p> {
    /// For whom tokens are made: the client application; empty for all callers without one.
    pub(super) audience: String,
    pub(super) roots: Vec<(&'p str, Result<RootPlan<'p>, GraphError>)>,
    pub(super) steps: Vec<Step>,
    pub(super) withheld: Vec<Withheld>,
    /// Fields that are shown on every row, masked on some at least.
    pub(super) masked: Vec<(&'static Register, &'static Field)>,
    /// Registers asked for of which the caller may see no row at all, by grants alone.
    pub(super) without_rows: Vec<&'static Register>,
    /// What of persons is touched, for the audit log.
    pub(super) touched: Touched,
    /// Nodes that the pages could hold, with the path of each page.
    pub(super) pages: Vec<(String, u64)>,
    /// The most nodes that this caller's pages may hold.
    pub(super) node_limit: u64,
}

impl Plan<'_> {
    /// Nodes that the pages could hold.
    pub(super) fn nodes(&self) -> u64 {
        self.pages.iter().map(|(_, nodes)| nodes).sum()
    }
}

/// A field that is not shown, or not on every row.
#[derive(Clone, Debug)]
pub(super) struct Withheld {
    pub(super) register: &'static Register,
    pub(super) field: &'static Field,
    /// True if it is shown on some rows.
    pub(super) on_some_rows: bool,
    /// Purposes of which one would have to be stated to be shown more.
    pub(super) purposes: Vec<String>,
    pub(super) path: Vec<String>,
}

/// One statement, or one look into the region tree.
pub(super) struct Step {
    pub(super) table: Table,
    pub(super) types: Vec<Type>,
    /// What is asked of the policy's conditions, for each table that something is asked of.
    pub(super) conditions: Vec<RowConditions>,
    pub(super) work: Work,
}

/// How a step gets its rows.
pub(super) enum Work {
    ByKey {
        field: usize,
        key: Literal,
        visible: Cover,
    },
    ByIds(Vec<Uuid>),
    Page {
        filter: Option<Filter>,
        page: Page,
    },
    PerParent {
        parent: ParentKey,
        relation: &'static Relation,
        filter: Option<Filter>,
        page: Page,
        visible: Visible,
    },
    Count {
        filter: Option<Filter>,
        limit: i64,
    },
    CountPerParent {
        parent: ParentKey,
        relation: &'static Relation,
        filter: Option<Filter>,
        limit: i64,
        visible: Visible,
    },
    Groups {
        statistics: Statistics,
        filter: Option<Filter>,
    },
    /// Values on several rows, and these rows.
    Duplicates(Search),
    /// The base table of a menu.
    Menu {
        table: MenuTable,
        scope: MenuScope,
    },
    /// The regions of a level in a region.
    Regions {
        within: RegionCode,
        level: RegionLevel,
    },
    /// The region at the place in the parent's column (its ancestor of the level, if given), or with the key in it.
    Region {
        parent: ParentKey,
        level: Option<RegionLevel>,
        by_id: bool,
        shown: Coarsened,
    },
}

/// On which rows a place is shown as it is, and on which others as the region of a level in which it lies.
#[derive(Clone)]
pub(super) struct Coarsened {
    pub(super) full: Guard,
    /// Mildest first.
    pub(super) masks: Vec<(Guard, RegionLevel)>,
}

impl Coarsened {
    /// A place that is shown as it is wherever there is a row.
    pub(super) const fn nowhere() -> Self {
        Self { full: Guard::EVERYWHERE, masks: Vec::new() }
    }
}

impl Work {
    /// True if the work is a statement.
    pub(super) fn is_statement(&self) -> bool {
        !self.is_in_memory()
    }

    /// True if it is a look into the region tree.
    pub(super) fn is_in_memory(&self) -> bool {
        matches!(self, Self::Region { .. } | Self::Regions { .. })
    }

    /// What it is called in traces, in the log of slow requests and in explanations.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ByKey { .. } => "row by key",
            Self::ByIds(_) => "rows by ids",
            Self::Page { .. } => "page",
            Self::PerParent { .. } => "page for each parent",
            Self::Count { .. } => "count",
            Self::CountPerParent { .. } => "count for each parent",
            Self::Groups { .. } => "groups",
            Self::Duplicates(_) => "rows that share a value",
            Self::Menu { .. } => "base table of a menu",
            Self::Region { .. } | Self::Regions { .. } => "look into the region tree",
        }
    }

    /// What the work waits for: rows of another step.
    pub(super) fn parent(&self) -> Option<ParentKey> {
        match self {
            Self::PerParent { parent, .. } | Self::CountPerParent { parent, .. } | Self::Region { parent, .. } => Some(*parent),
            Self::ByKey { .. } | Self::ByIds(_) | Self::Page { .. } | Self::Count { .. } => None,
            Self::Duplicates(_) | Self::Groups { .. } | Self::Menu { .. } | Self::Regions { .. } => None,
        }
    }
}

/// The column of a step's rows that holds what the children hang on.
#[derive(Clone, Copy)]
pub(super) struct ParentKey {
    pub(super) step: usize,
    pub(super) column: usize,
    /// True if the column counts among a group's keys and measures, which stand behind the columns of joined tables.
    pub(super) of_group: bool,
}

pub(super) enum RootPlan<'p> {
    Typename,
    Introspection,
    Null,
    Object(ObjectPlan<'p>),
    Connection(ConnectionPlan<'p>),
    Stats(StatsPlan<'p>),
    Menu(MenuPlan<'p>),
    Duplicates(DuplicatesPlan<'p>),
    /// For each id asked, the plan of its register and the id.
    Nodes(Vec<ObjectPlan<'p>>, Vec<Option<(usize, Uuid)>>),
    Plain(&'p [Plain], Value),
    /// Why a field is shown so, on the row of the step if one is asked about, with what is asked of its conditions.
    Access {
        parts: &'p [Plain],
        explanation: Box<Explanation>,
        file: String,
        row: Option<(usize, usize)>,
    },
}

/// How a row becomes an object.
pub(super) struct ObjectPlan<'p> {
    pub(super) step: usize,
    pub(super) register: &'static Register,
    /// The column that is null where there is no row; None if there always is one.
    pub(super) present: Option<usize>,
    /// What is asked of the row's conditions, on which all of its guards depend.
    pub(super) conditions: Option<usize>,
    pub(super) entries: Vec<(&'p str, Planned<'p>)>,
}

/// How one response key of an object is written.
pub(super) enum Planned<'p> {
    Typename,
    Null,
    Cell {
        column: usize,
        form: Form,
        guard: Guard,
    },
    /// A cell that some rows mask: forms by what holds first, mildest first.
    Masked {
        column: usize,
        forms: Vec<(Guard, Form)>,
    },
    Point {
        exact: Option<ExactPoint>,
        masks: Vec<(Guard, RegionLevel)>,
        place: Option<usize>,
        parts: &'p [Plain],
    },
    Object(Box<ObjectPlan<'p>>, Guard),
    Many(ConnectionPlan<'p>),
    Access {
        parts: &'p [Plain],
        limited: Vec<Limited>,
    },
}

/// The columns of a point that is shown as it is on some rows at least.
#[derive(Clone, Copy)]
pub(super) struct ExactPoint {
    pub(super) longitude: usize,
    pub(super) latitude: usize,
    pub(super) guard: Guard,
}

/// A field that is not shown in full on every row.
pub(super) struct Limited {
    /// As `access` names it.
    pub(super) name: String,
    pub(super) full: Cover,
    pub(super) masks: Vec<Cover>,
}

/// On which rows a cell is shown.
#[derive(Clone, Copy)]
pub(super) struct Guard {
    pub(super) cover: Cover,
    /// What is asked of the row's conditions, if the cover depends on them.
    pub(super) conditions: Option<usize>,
}

impl Guard {
    /// On every row.
    pub(super) const EVERYWHERE: Self = Self { cover: Cover::Everywhere, conditions: None };
}

/// How a value is spelled.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// As its type is.
    Plain,
    /// As an id of the register.
    Id(&'static str),
    /// As a region's code.
    RegionCode,
    /// As what a mask leaves of it.
    Mask(Mask),
    /// As a keyed token of the value of this field.
    Token(&'static Register, &'static Field),
    /// As an amount of money in yuan.
    Money,
    /// As the age of someone born on the day.
    Age,
    /// As the band of that age.
    AgeBand,
}

pub(super) struct ConnectionPlan<'p> {
    /// The step of its rows; None if no row is asked for, or none may be seen.
    pub(super) step: Option<usize>,
    pub(super) register: &'static Register,
    pub(super) entries: Vec<(&'p str, PlannedConnection<'p>)>,
    pub(super) backward: bool,
    pub(super) after: bool,
    pub(super) before: bool,
    /// Where cursors come from; None if none is asked for.
    pub(super) cursor: Option<CursorPlan>,
}

/// Where a row's cursor comes from.
pub(super) struct CursorPlan {
    pub(super) order: Vec<OrderKey>,
    pub(super) columns: Vec<usize>,
    pub(super) id: usize,
}

pub(super) enum PlannedConnection<'p> {
    Typename(&'p str),
    Nodes(ObjectPlan<'p>),
    Edges(&'p str, Vec<(&'p str, PlannedEdge<'p>)>),
    PageInfo(&'p [Plain]),
    /// The step of the count; None if no row may be seen.
    TotalCount(Option<usize>, i64),
}

pub(super) enum PlannedEdge<'p> {
    Typename,
    Node(ObjectPlan<'p>),
    Cursor,
}

pub(super) struct StatsPlan<'p> {
    pub(super) step: Option<usize>,
    pub(super) register: &'static Register,
    pub(super) type_name: &'p str,
    pub(super) entries: Vec<(&'p str, PlannedStats<'p>)>,
    pub(super) offset: u64,
    /// What tells this list of groups from others, for cursors: register, keys and order.
    pub(super) signature: String,
    pub(super) size: usize,
    /// True if groups of few rows are kept back and the others rounded.
    pub(super) keeps_back: bool,
}

pub(super) enum PlannedStats<'p> {
    Typename,
    Nodes(Vec<(&'p str, PlannedGroup<'p>)>),
    PageInfo(&'p [Plain]),
}

pub(super) enum PlannedGroup<'p> {
    Typename,
    Count(usize),
    Suppressed,
    Key(Vec<(&'p str, PlannedKey<'p>)>),
    Measures(&'p str, Vec<(&'p str, Option<(usize, Form)>)>),
    /// Measures of groups of which those of few rows are kept back.
    Kept(&'p str, Vec<(&'p str, Option<KeptMeasure>)>),
}

/// A measure that tells nothing of single rows.
pub(super) struct KeptMeasure {
    pub(super) function: Function,
    /// Index of the field.
    pub(super) field: usize,
    pub(super) column: usize,
    pub(super) form: Form,
    /// The columns of how many values there are, of the sum of their amounts and of the greatest one.
    pub(super) values: [usize; 3],
    /// True if the caller sees both the values and which group each is in.
    pub(super) seen: bool,
}

pub(super) enum PlannedKey<'p> {
    Typename,
    Null,
    Cell(usize, Form),
    Object(ObjectPlan<'p>),
    /// Keys read from rows that the row refers to.
    Of(Vec<(&'p str, PlannedOf<'p>)>),
}

pub(super) enum PlannedOf<'p> {
    Typename,
    Null,
    /// The keys of the register that the reference leads to.
    Key(&'static Register, Vec<(&'p str, PlannedKey<'p>)>),
}
