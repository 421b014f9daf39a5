//! Words that bound rows.

use entities::catalog::Register;

/// A word of the file that bounds rows, to be filled from an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowWord {
    /// The assignment's regions.
    Region,
    /// The assignment's board.
    Board,
    /// The assignment's department.
    Department,
    /// The caller's own person.
    OwnPerson,
    /// The caller's own household.
    OwnHousehold,
    /// Those whose guardian the caller is.
    OwnWards,
    /// The cases of which the caller has an open task, and whoever reported them.
    OpenTasks,
    /// Cases that are open, and whoever reported them.
    OpenCase,
    /// The assignment's service projects.
    Projects,
    /// What the caller says the answer is for. It stands in `purposes`, not in `rows`.
    Purpose,
}

impl RowWord {
    /// All words that bound rows.
    pub(super) const BOUNDS: [RowWord; 9] = [
        Self::Region,
        Self::Board,
        Self::Department,
        Self::OwnPerson,
        Self::OwnHousehold,
        Self::OwnWards,
        Self::OpenTasks,
        Self::OpenCase,
        Self::Projects,
    ];

    /// The word in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Board => "board",
            Self::Department => "department",
            Self::OwnPerson => "own_person",
            Self::OwnHousehold => "own_household",
            Self::OwnWards => "own_wards",
            Self::OpenTasks => "open_tasks",
            Self::OpenCase => "open_case",
            Self::Projects => "projects",
            Self::Purpose => "purpose",
        }
    }

    /// True if the register's rows have what the word compares.
    pub const fn fits(self, register: &Register) -> bool {
        match self {
            Self::Region => register.placing.is_some(),
            Self::Board => register.board.is_some(),
            Self::Department => register.department.is_some(),
            Self::OwnPerson | Self::OwnWards => register.person.is_some(),
            Self::OwnHousehold => register.household.is_some(),
            Self::OpenTasks | Self::OpenCase => register.case.is_some(),
            Self::Projects => register.project.is_some(),
            Self::Purpose => false,
        }
    }
}
