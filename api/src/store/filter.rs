//! Filters, orders and pages as data: what the graph asks and the store compiles.

use chrono::{DateTime, NaiveDate, Utc};
use entities::catalog::Relation;
use entities::region_code::RegionCode;
use uuid::Uuid;

use crate::policy::FieldSet;

/// Which rows are wanted. Evaluated in three values: an atom on a cell that is null, or that the caller may not filter
/// by, is unknown, and a row is kept only if the whole is true.
#[derive(Clone, Debug)]
pub enum Filter {
    /// All of them. Without any: true.
    And(Vec<Filter>),
    /// At least one of them. Without any: false.
    Or(Vec<Filter>),
    /// The opposite; unknown stays unknown.
    Not(Box<Filter>),
    /// A test of one field.
    Field(usize, Test),
    /// A filter on the row that a reference points to; unknown if there is none to see.
    One(usize, Box<Filter>),
    /// A filter on the rows of a relation.
    Many(&'static Relation, Quantifier, Box<Filter>),
    /// True where the caller sees these fields in full.
    FullyVisible(FieldSet),
    /// True where there is no row to see, or where there is one: a test of what a reference points to.
    IsNull(bool),
}

impl Filter {
    /// Regions in which a row must lie for the filter to be true, as far as its outermost `and` tells.
    pub fn regions(&self) -> Vec<RegionCode> {
        match self {
            Self::Field(_, Test::Within(region)) => vec![*region],
            Self::And(all) => all.iter().flat_map(Self::regions).collect(),
            _ => Vec::new(),
        }
    }

    /// The fields that it names as fully visible, in a position that bounds all rows.
    pub fn fully_visible(&self) -> FieldSet {
        match self {
            Self::FullyVisible(fields) => *fields,
            Self::And(all) => all.iter().fold(FieldSet::EMPTY, |set, part| set.union(part.fully_visible())),
            _ => FieldSet::EMPTY,
        }
    }

    /// What the filter says of a reference that points to no row that the caller may see: only `isNull` knows anything
    /// of nothing, all else is unknown.
    pub fn where_none(&self) -> Option<bool> {
        match self {
            Self::IsNull(null) => Some(*null),
            Self::Not(inner) => inner.where_none().map(|truth| !truth),
            Self::And(all) => all_of(all.iter().map(Self::where_none), false),
            Self::Or(any) => all_of(any.iter().map(Self::where_none), true),
            Self::Field(..) | Self::One(..) | Self::Many(..) | Self::FullyVisible(_) => None,
        }
    }
}

/// The `and` of three-valued parts, or with `decides` true their `or`; unknown of no parts.
fn all_of(parts: impl Iterator<Item = Option<bool>>, decides: bool) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.collect();
    if parts.contains(&Some(decides)) {
        Some(decides)
    } else if parts.is_empty() || parts.contains(&None) {
        None
    } else {
        Some(!decides)
    }
}

/// How many of the rows of a relation must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one visible row is true.
    Some,
    /// No visible row is true.
    None,
    /// No visible row is other than true.
    Every,
}

/// A test of one field's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// The same.
    Equal(Literal),
    /// Another.
    NotEqual(Literal),
    /// One of these.
    In(Vec<Literal>),
    /// None of these.
    NotIn(Vec<Literal>),
    /// Less.
    Less(Literal),
    /// Less or the same.
    LessOrEqual(Literal),
    /// Greater.
    Greater(Literal),
    /// Greater or the same.
    GreaterOrEqual(Literal),
    /// Text that begins so.
    StartsWith(String),
    /// Text that holds this.
    Contains(String),
    /// One of the keys of the name begins so; with the district, six digits, outside of which nothing else of the whole
    /// filter and scope could be true.
    Matches(String, Option<i64>),
    /// No value, or some value.
    IsNull(bool),
    /// In the subtree of the region.
    Within(RegionCode),
    /// In the box, borders included.
    InBox(BoundingBox),
}

/// Degrees of longitude and latitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    /// Western border.
    pub west: f64,
    /// Southern border.
    pub south: f64,
    /// Eastern border.
    pub east: f64,
    /// Northern border.
    pub north: f64,
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A truth value.
    Boolean(bool),
    /// An integer, also a region's code.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, also a value of a code list.
    Text(String),
    /// A key.
    Uuid(Uuid),
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
}

/// One key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// Index of the field.
    pub field: usize,
    /// True for the greatest first. Nulls come last either way.
    pub descending: bool,
}

/// A place in an ordered list: the order keys' values of a row, and its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Seek {
    /// One value per order key; None for null.
    pub values: Vec<Option<Literal>>,
    /// Key of the row.
    pub id: Uuid,
}

/// A page of an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The order, before the key that breaks ties.
    pub order: Vec<OrderKey>,
    /// Most rows wanted.
    pub size: usize,
    /// True if the page is counted from the end.
    pub backward: bool,
    /// Only rows after this.
    pub after: Option<Seek>,
    /// Only rows before this.
    pub before: Option<Seek>,
}

impl Page {
    /// True if ties between rows are broken with the greatest key first: the direction of the last order key, so that
    /// one index serves both.
    pub fn id_descending(&self) -> bool {
        self.order.last().is_some_and(|key| key.descending)
    }
}
