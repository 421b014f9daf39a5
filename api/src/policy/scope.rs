//! Which rows: conditions as data. The store turns them into SQL; nothing else reads them.

use entities::codes::Board;
use entities::region_code::RegionCode;
use uuid::Uuid;

/// One bound on rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// The row's place lies in one of these regions.
    Regions(Vec<RegionCode>),
    /// The row belongs to this board.
    Board(Board),
    /// The row belongs to this department.
    Department(Uuid),
    /// The row is about this person.
    Person(Uuid),
    /// The row belongs to the current household of this person.
    HouseholdOf(Uuid),
    /// The row is about somebody whose guardian this person is at the day of the request.
    WardsOf(Uuid),
    /// The row is about a case of which this person has an open task.
    OpenTasksOf(Uuid),
    /// The row is about a case that is open.
    OpenCase,
    /// The row belongs to one of the service projects with these codes.
    Projects(Vec<String>),
    /// One of these purposes is stated. Of a caller in general only: of anybody who asks it is known before rows are.
    Stated(Vec<String>),
    /// The assignment serves one of these boards. Of a caller in general only, likewise.
    Serving(Vec<Board>),
    /// The row is about a person known to be 14 or older at the day of the request. An unknown age counts as under 14.
    Adult,
    /// The row is about nobody whose whereabouts are protected.
    Unprotected,
    /// The row's code is none that makes its personal fields sensitive.
    Mild,
}

/// Bounds that must all hold. Without any, every row satisfies it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Condition {
    atoms: Vec<Atom>,
}

impl Condition {
    /// All of these bounds together.
    pub fn all(atoms: Vec<Atom>) -> Self {
        Self { atoms }
    }

    /// The bounds.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// True if every row satisfies it.
    pub fn is_always(&self) -> bool {
        self.atoms.is_empty()
    }

    /// The same condition with one more bound.
    pub fn and(&self, atom: Atom) -> Self {
        let mut atoms = self.atoms.clone();
        atoms.push(atom);
        Self { atoms }
    }

    /// True if each row that satisfies this also satisfies `other`, as far as the bounds themselves tell.
    pub fn implies(&self, other: &Self) -> bool {
        other.atoms.iter().all(|wide| self.atoms.iter().any(|narrow| narrow.implies(wide)))
    }
}

impl Atom {
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Regions(narrow), Self::Regions(wide)) => narrow.iter().all(|inner| wide.iter().any(|outer| outer.contains(*inner))),
            (Self::Projects(narrow), Self::Projects(wide)) | (Self::Stated(narrow), Self::Stated(wide)) => {
                narrow.iter().all(|inner| wide.contains(inner))
            }
            _ => self == other,
        }
    }
}
