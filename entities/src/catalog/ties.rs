//! What ties rows to each other, to places and to people.

/// Rows of another register that hang on a row of this one: many, or at most one where the tie is unique.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// Name in GraphQL.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// The register of the rows.
    pub target: &'static str,
    /// What ties them to this row.
    pub through: Through,
}

/// What ties the rows of a relation to their parent. The tie is a fact of the child, so its field's class and grants hold here too.
#[derive(Clone, Copy, Debug)]
pub enum Through {
    /// The target's reference field of this name holds the parent's key.
    Reference(&'static str),
    /// The target's place of this field name lies in the parent region.
    Place(&'static str),
    /// As `Reference`, of a column with a unique index: there is one such row at most, so the relation is to-one.
    Unique(&'static str),
}

impl Through {
    /// Name of the target's field that holds the tie.
    pub const fn tie(self) -> &'static str {
        match self {
            Self::Reference(field) | Self::Place(field) | Self::Unique(field) => field,
        }
    }

    /// True if there is one row at most.
    pub const fn is_to_one(self) -> bool {
        matches!(self, Self::Unique(_))
    }
}

/// The columns that hold a row's place.
#[derive(Clone, Copy, Debug)]
pub struct Placing {
    /// The name of the place field.
    pub field: &'static str,
    /// Column of the 15-digit place.
    pub place: &'static str,
    /// Column of the community's code, on big registers: an equality with an ordered index behind it.
    pub community: Option<&'static str>,
    /// Column of the street's code, likewise.
    pub street: Option<&'static str>,
}

/// Where a scope reads what it compares: in this row, or in the row a reference points to.
#[derive(Clone, Copy, Debug)]
pub enum ScopePath {
    /// A column of the row itself.
    Column(&'static str),
    /// The same scope of the referenced row: reference column, register.
    Via(&'static str, &'static str),
    /// Likewise, where the reference may be null because a row may be about something else than such a row: for
    /// [`super::Register::minor`], a row that refers to nobody is no minor's.
    ViaIfAny(&'static str, &'static str),
    /// The same scope of any row that points back to this one: its reference column, its register.
    Back(&'static str, &'static str),
}

/// A column of codes, of which some make the personal fields of the row sensitive.
#[derive(Clone, Copy, Debug)]
pub struct SensitiveCodes {
    /// The column.
    pub column: &'static str,
    /// The codes' values; a code that is not listed stays as it is.
    pub values: &'static [&'static str],
}

/// A look-up by a key that people know.
#[derive(Clone, Copy, Debug)]
pub struct NaturalKey {
    /// Root field, like `regionByCode`.
    pub root: &'static str,
    /// The unique field, also the argument's name.
    pub field: &'static str,
}
