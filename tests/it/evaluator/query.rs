//! Queries as data. Registers, fields and relations are positions in the catalog.

use entities::catalog::Relation;

use super::world::Value;

/// An item with its alias.
#[derive(Clone, Debug)]
pub(super) struct Keyed<T> {
    pub(super) alias: Option<String>,
    pub(super) item: T,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) roots: Vec<Keyed<Root>>,
    /// Decides how it is spelled: literals or variables, fragments, lists of one.
    pub(super) spelling: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Root {
    ById(Target, Object),
    ByKey { register: usize, root: &'static str, field: usize, value: Value, object: Object },
    Node(Target, Vec<Object>),
    Nodes(Vec<Target>, Vec<Object>),
    List(List),
    Stats(Stats),
}

/// A row by its register and key; the key may be nobody's.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) register: usize,
    pub(super) id: uuid::Uuid,
}

#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) register: usize,
    pub(super) entries: Vec<Keyed<Entry>>,
}

#[derive(Clone, Debug)]
pub(super) enum Entry {
    Typename,
    /// A value, also a point.
    Field(usize),
    /// A to-one relation; of a place, the level asked for.
    One(usize, Option<usize>, Object),
    Many(&'static Relation, List),
    /// The one row that a unique reference ties to this one.
    Back(&'static Relation, Object),
    Access,
}

#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) register: usize,
    pub(super) filter: Option<Filter>,
    /// Fields, and true for the greatest first.
    pub(super) order: Vec<(usize, bool)>,
    pub(super) size: Size,
    pub(super) after: Option<Cursor>,
    pub(super) before: Option<Cursor>,
    pub(super) parts: Vec<Keyed<ListPart>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Size {
    Default,
    First(usize),
    Last(usize),
}

/// A cursor that an earlier answer gave for a row.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    pub(super) row: usize,
    pub(super) text: String,
}

#[derive(Clone, Debug)]
pub(super) enum ListPart {
    Typename,
    Nodes(Object),
    /// Cursors, with or without rows.
    Edges(Option<Object>),
    /// With or without cursors.
    PageInfo(bool),
    TotalCount(Option<i64>),
}

/// An input object: all parts must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter(pub(super) Vec<Part>);

#[derive(Clone, Debug)]
pub(super) enum Part {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Filter),
    FullyVisible(Vec<usize>),
    /// Whether there is no row: a test of a reference.
    IsNull(bool),
    Test(usize, Vec<(&'static str, Operand)>),
    One(usize, Filter),
    Many(&'static Relation, Vec<(&'static str, Filter)>),
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    One(Value),
    Several(Vec<Value>),
    Flag(bool),
    Text(String),
    Region(i64),
    /// West, south, east, north.
    Area([f64; 4]),
}

#[derive(Clone, Debug)]
pub(super) struct Stats {
    pub(super) register: usize,
    pub(super) filter: Option<Filter>,
    pub(super) keys: Vec<GroupKey>,
    pub(super) having: Vec<(Measure, &'static str, f64)>,
    pub(super) order: Vec<(GroupOrder, bool)>,
    pub(super) first: Option<usize>,
    pub(super) after: Option<usize>,
    pub(super) page_info: bool,
    pub(super) groups: Vec<Keyed<GroupPart>>,
}

/// What tells groups apart: of the row itself, or of the row that references lead to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GroupKey {
    /// The references, each a field of the register reached so far.
    pub(super) of: Vec<usize>,
    pub(super) by: GroupBy,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum GroupBy {
    Field(usize),
    Region(usize),
    Period(usize, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    Count,
    /// `counted`, `sum`, `avg`, `min` or `max` of a field.
    Of(&'static str, usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum GroupOrder {
    Key(usize),
    Measure(Measure),
}

#[derive(Clone, Debug)]
pub(super) enum GroupPart {
    Count,
    Suppressed,
    Measures(&'static str, Vec<usize>),
    Key(Vec<Keyed<KeyPart>>),
}

#[derive(Clone, Debug)]
pub(super) enum KeyPart {
    Field(usize),
    Reference(usize, Object),
    Region(Object),
    Period,
    /// A part of the key of the row that the reference leads to.
    Of(usize, Box<KeyPart>),
}

impl KeyPart {
    /// What is selected of the key's row, if it is one.
    pub(super) fn object(&self) -> Option<&Object> {
        match self {
            Self::Reference(_, object) | Self::Region(object) => Some(object),
            Self::Of(_, part) => part.object(),
            Self::Field(_) | Self::Period => None,
        }
    }
}

impl<T> Keyed<T> {
    pub(super) fn plain(item: T) -> Self {
        Self { alias: None, item }
    }

    /// The response key.
    pub(super) fn key<'a>(&'a self, name: &'a str) -> &'a str {
        self.alias.as_deref().unwrap_or(name)
    }
}

/// `openedAt` as an enum's value: `OPENED_AT`.
pub(super) fn shouted(name: &str) -> String {
    name.chars().flat_map(|letter| letter.is_ascii_uppercase().then_some('_').into_iter().chain([letter.to_ascii_uppercase()])).collect()
}
