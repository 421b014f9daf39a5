//! What the code knows of every register: its fields with class, type and operators, its relations, its place.
//!
//! Code, not configuration. A test compares it with the live tables: a column that no field names fails.
//! Every layer reads registers through this module, so a new register needs no new code in any of them.

use crate::codes::{CodeList, RegionLevel};
use crate::mask::Mask;

pub use ties::{NaturalKey, Placing, Relation, ScopePath, SensitiveCodes, Through};

mod ties;

/// How much harm a field's values can do. Ordered: a stricter class is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Anyone may know it; the only class whose fields may be non-null in the schema.
    Public,
    /// For the work of government; harmless on its own.
    Internal,
    /// About a person; free text counts as personal.
    Personal,
    /// Sensitive by law (PIPL article 28): health, hardship, ethnicity, and all that is personal about a person under 14.
    Sensitive,
}

impl Class {
    /// All classes, mildest first.
    pub const ALL: [Class; 4] = [Class::Public, Class::Internal, Class::Personal, Class::Sensitive];

    /// The word used in the policy file and the documents.
    pub const fn word(self) -> &'static str {
        match self {
            Class::Public => "public",
            Class::Internal => "internal",
            Class::Personal => "personal",
            Class::Sensitive => "sensitive",
        }
    }
}

/// The type of a field's values, which fixes its GraphQL type and its default operators.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The row's own key.
    Id,
    /// True or false.
    Boolean,
    /// A 32-bit integer.
    Int,
    /// A number with a fraction.
    Float,
    /// An amount of money: whole fen in the database, yuan with two decimals outside.
    Money,
    /// Short text, compared as bytes.
    Text,
    /// Text that identifies: only exact look-ups make sense.
    Identifier,
    /// Long text, read only.
    FreeText,
    /// A calendar day.
    Date,
    /// An instant in UTC, microseconds.
    Instant,
    /// One value of a code list.
    Code(&'static CodeList),
    /// A region's own code.
    RegionCode,
    /// The place of the row, shown as its region.
    Place,
    /// A point, longitude and latitude in degrees (WGS 84).
    Point,
    /// GeoJSON text.
    GeoJson,
    /// At most one row of another register.
    Reference(&'static str),
}

/// Where a field's values come from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// One column.
    Column(&'static str),
    /// Two columns, both null or neither.
    Point {
        /// Column of the longitude.
        longitude: &'static str,
        /// Column of the latitude.
        latitude: &'static str,
    },
    /// Completed years at the request's day, from the column of the birth date.
    Age(&'static str),
    /// The band of [`crate::codes::AgeBand`] at the request's day, from the column of the birth date.
    AgeBand(&'static str),
    /// True if what had to be done was done no later than it was due: the columns of both instants; null while either is missing.
    InTime {
        /// Column of when it was done.
        done: &'static str,
        /// Column of when it was due.
        due: &'static str,
    },
    /// First and last character of the column's text, the rest starred.
    FirstAndLast(&'static str),
}

/// What the operator `matches` of a text field searches in: [`crate::name_keys`] of the field and of its pinyin.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The hidden column of the keys, filled with [`crate::name_keys::of`] by whatever writes the field. The migration
    /// that adds it also makes its index, with `search::index` of the migrations.
    pub keys: &'static str,
    /// The field of the pinyin, if the register has one. Its use is a use of both fields.
    pub pinyin: Option<&'static str>,
}

/// One field of a register, as the graph shows it and the policy names it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in GraphQL and in the policy file.
    pub name: &'static str,
    /// What it means, with the standard where there is one; becomes the schema's description.
    pub description: &'static str,
    /// How strictly it is kept.
    pub class: Class,
    /// Type of the values.
    pub kind: Kind,
    /// Where they come from.
    pub source: Source,
    /// True if the database may hold no value.
    pub nullable: bool,
    /// True if rows can be ordered by it.
    pub orders: bool,
    /// True if rows can be counted by it.
    pub groups: bool,
    /// True if sums, averages, least and greatest values make sense.
    pub measures: bool,
    /// True if rows can be filtered by it.
    pub filters: bool,
    /// True if `contains` and `startsWith` are allowed only inside one district (names of people).
    pub narrow_search: bool,
    /// True if rows that share a value may be searched for.
    pub duplicates: bool,
    /// What `matches` searches in; None if the field has no such operator. Confined like a narrow search.
    pub search: Option<Search>,
    /// What may be shown of it to those who may not read it in full: strictest first, at most [`crate::mask::MOST_MASKS`].
    pub masks: &'static [Mask],
    /// True if it tells where somebody lives or can be reached: withheld on rows of protected persons.
    pub locates: bool,
}

impl Field {
    const fn new(name: &'static str, kind: Kind, source: Source, class: Class, description: &'static str) -> Self {
        let (orders, groups, measures, filters) = match kind {
            Kind::Id => (true, false, false, true),
            Kind::Boolean => (true, true, false, true),
            Kind::Int | Kind::Float | Kind::Money => (true, false, true, true),
            Kind::Text | Kind::RegionCode => (true, false, false, true),
            Kind::Identifier | Kind::Point => (false, false, false, true),
            Kind::FreeText | Kind::GeoJson => (false, false, false, false),
            Kind::Date | Kind::Instant => (true, true, false, true),
            Kind::Code(_) => (true, true, false, true),
            Kind::Place => (false, true, false, true),
            Kind::Reference(_) => (false, true, false, true),
        };
        let masks: &'static [Mask] = match kind {
            Kind::Identifier => &[Mask::Token],
            Kind::Place => &[Mask::Within(RegionLevel::Street), Mask::Within(RegionLevel::Community)],
            Kind::Point => &[Mask::Within(RegionLevel::Street), Mask::Within(RegionLevel::Grid)],
            _ => &[],
        };
        Self {
            name,
            description,
            class,
            kind,
            source,
            nullable: false,
            orders,
            groups,
            measures,
            filters,
            narrow_search: false,
            duplicates: false,
            search: None,
            masks,
            locates: false,
        }
    }

    /// A field read from one column.
    pub const fn column(name: &'static str, column: &'static str, kind: Kind, class: Class, description: &'static str) -> Self {
        Self::new(name, kind, Source::Column(column), class, description)
    }

    /// A field worked out from columns.
    pub const fn derived(name: &'static str, kind: Kind, source: Source, class: Class, description: &'static str) -> Self {
        Self::new(name, kind, source, class, description)
    }

    /// The count of the row's changes, which every register that changes has.
    pub const fn version() -> Self {
        Self::column("version", "version", Kind::Int, Class::Public, "Counts the changes of the row.").shown_only()
    }

    /// When the row was made.
    pub const fn created_at(class: Class) -> Self {
        Self::column("createdAt", "created_at", Kind::Instant, class, "When the row was made.")
    }

    /// When the row last changed.
    pub const fn updated_at(class: Class) -> Self {
        Self::column("updatedAt", "updated_at", Kind::Instant, class, "When the row last changed.")
    }

    /// The same field, whose column may be null.
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The same field, not offered in filters, orders and groups.
    pub const fn shown_only(mut self) -> Self {
        self.orders = false;
        self.groups = false;
        self.measures = false;
        self.filters = false;
        self
    }

    /// The same field, whose text search is confined to one district.
    pub const fn narrow(mut self) -> Self {
        self.narrow_search = true;
        self
    }

    /// The same field, also found by any part of it, by pinyin and by initials.
    pub const fn searched(mut self, keys: &'static str, pinyin: Option<&'static str>) -> Self {
        self.search = Some(Search { keys, pinyin });
        self
    }

    /// The same field with these masks, strictest first.
    pub const fn masked(mut self, masks: &'static [Mask]) -> Self {
        self.masks = masks;
        self
    }

    /// The same field, withheld on rows of protected persons.
    pub const fn locating(mut self) -> Self {
        self.locates = true;
        self
    }

    /// The same field, also offered for grouping.
    pub const fn grouped(mut self) -> Self {
        self.groups = true;
        self
    }

    /// The register a reference points to.
    pub const fn target(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Reference(target) => Some(target),
            _ => None,
        }
    }

    /// The columns the field reads.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        let (first, second) = match self.source {
            Source::Column(column) | Source::Age(column) | Source::AgeBand(column) | Source::FirstAndLast(column) => (column, None),
            Source::Point { longitude: first, latitude: second } | Source::InTime { done: first, due: second } => (first, Some(second)),
        };
        std::iter::once(first).chain(second)
    }

    /// True if the schema may promise a value: public, never null, and no relation.
    pub const fn non_null(&self) -> bool {
        !self.nullable && matches!(self.class, Class::Public) && !matches!(self.kind, Kind::Reference(_) | Kind::Place | Kind::Point)
    }
}

/// All that the code knows of one register.
#[derive(Clone, Copy, Debug)]
pub struct Register {
    /// Name in the policy file and prefix of its ids.
    pub name: &'static str,
    /// Table in the database.
    pub table: &'static str,
    /// Object type in GraphQL.
    pub type_name: &'static str,
    /// Root field for one row by id.
    pub singular: &'static str,
    /// Root field for many rows; None if the register is reached through others only.
    pub plural: Option<&'static str>,
    /// Root field for statistics.
    pub stats: Option<&'static str>,
    /// What a row is.
    pub description: &'static str,
    /// The fields, `id` first.
    pub fields: &'static [Field],
    /// The relations that fields of other registers tie to this one.
    pub relations: &'static [Relation],
    /// Look-ups by natural keys.
    pub natural_keys: &'static [NaturalKey],
    /// Where its rows are, if they are anywhere.
    pub placing: Option<Placing>,
    /// Board scope, where it exists.
    pub board: Option<ScopePath>,
    /// Department scope, where it exists.
    pub department: Option<ScopePath>,
    /// The person a row is about: own-person scope.
    pub person: Option<ScopePath>,
    /// The household a row belongs to: own-household scope.
    pub household: Option<ScopePath>,
    /// Column of the birth date that makes a row a minor's, or the reference to the person who has it.
    pub minor: Option<ScopePath>,
    /// Column that tells whether a row is a protected person's, or the reference to that person.
    pub protection: Option<ScopePath>,
    /// Codes that make the personal fields of a row sensitive.
    pub sensitive_codes: Option<SensitiveCodes>,
    /// The case that a row is about: its own column of the case's key, or the way to it. For tasks that are open.
    pub case: Option<ScopePath>,
    /// The service project that a row belongs to, by the column of its code.
    pub project: Option<ScopePath>,
    /// Columns that no field shows: copies kept for scopes and order.
    pub hidden_columns: &'static [&'static str],
}

impl Register {
    /// True for the registers of the audit log, which the program writes about requests and nobody loads.
    pub fn is_log(&self) -> bool {
        self.name.starts_with("audit_")
    }

    /// The field of the pinyin that a search of this field also uses, by its index.
    pub fn pinyin_of(&self, field: &Field) -> Option<usize> {
        field.search?.pinyin.and_then(|name| self.field(name)).map(|(index, _)| index)
    }

    /// The field of this name, with its index.
    pub fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// The relation of this name that another register's field ties to this one.
    pub fn relation(&self, name: &str) -> Option<&'static Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }

    /// Every column the catalog knows.
    pub fn columns(&self) -> Vec<&'static str> {
        let mut columns: Vec<_> = self.fields.iter().flat_map(Field::columns).chain(self.hidden_columns.iter().copied()).collect();
        if let Some(placing) = self.placing {
            columns.extend([Some(placing.place), placing.community, placing.street].into_iter().flatten());
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// The register of this name.
pub fn register(name: &str) -> Option<&'static Register> {
    crate::registers::REGISTERS.iter().copied().find(|register| register.name == name)
}
