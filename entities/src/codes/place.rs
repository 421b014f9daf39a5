//! Code lists of places and departments.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Level of a region in the tree (statistical division levels, and the grid below them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RegionLevel {
    /// Municipality.
    #[sea_orm(string_value = "MUNICIPALITY")]
    Municipality,
    /// District or county.
    #[sea_orm(string_value = "DISTRICT")]
    District,
    /// Street or town.
    #[sea_orm(string_value = "STREET")]
    Street,
    /// Community or village.
    #[sea_orm(string_value = "COMMUNITY")]
    Community,
    /// Grid.
    #[sea_orm(string_value = "GRID")]
    Grid,
}

/// The list of [`RegionLevel`] with its labels.
pub const REGION_LEVEL: CodeList = CodeList {
    name: "RegionLevel",
    description: "Level of a region in the tree",
    standard: "statistical division levels, and the grid below them",
    codes: &[
        Code { value: "MUNICIPALITY", code: "1", chinese: "直辖市", english: "Municipality" },
        Code { value: "DISTRICT", code: "2", chinese: "区县", english: "District or county" },
        Code { value: "STREET", code: "3", chinese: "镇街", english: "Street or town" },
        Code { value: "COMMUNITY", code: "4", chinese: "村社区", english: "Community or village" },
        Code { value: "GRID", code: "5", chinese: "网格", english: "Grid" },
    ],
};

/// Kind of a grid (Xi'an DB6101/T 3185-2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum GridKind {
    /// Basic grid.
    #[sea_orm(string_value = "BASIC")]
    Basic,
    /// Dedicated grid (campus, park, market).
    #[sea_orm(string_value = "DEDICATED")]
    Dedicated,
}

/// The list of [`GridKind`] with its labels.
pub const GRID_KIND: CodeList = CodeList {
    name: "GridKind",
    description: "Kind of a grid",
    standard: "Xi'an DB6101/T 3185-2024",
    codes: &[
        Code { value: "BASIC", code: "1", chinese: "基础网格", english: "Basic grid" },
        Code { value: "DEDICATED", code: "2", chinese: "专属网格", english: "Dedicated grid (campus, park, market)" },
    ],
};

/// One of the four boards of a governance command centre, or the centre itself (Chongqing 141 system).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Board {
    /// Party building.
    #[sea_orm(string_value = "PARTY")]
    Party,
    /// Economic development.
    #[sea_orm(string_value = "ECONOMY")]
    Economy,
    /// Public services.
    #[sea_orm(string_value = "SERVICES")]
    Services,
    /// Peace and rule of law.
    #[sea_orm(string_value = "PEACE_LAW")]
    PeaceLaw,
    /// Command centre.
    #[sea_orm(string_value = "COMMAND")]
    Command,
}

impl Board {
    /// The board of this value.
    pub fn named(value: &str) -> Option<Self> {
        <Self as sea_orm::ActiveEnum>::try_from_value(&value.to_owned()).ok()
    }
}

/// The list of [`Board`] with its labels.
pub const BOARD: CodeList = CodeList {
    name: "Board",
    description: "One of the four boards of a governance command centre, or the centre itself",
    standard: "Chongqing 141 system",
    codes: &[
        Code { value: "PARTY", code: "1", chinese: "党的建设", english: "Party building" },
        Code { value: "ECONOMY", code: "2", chinese: "经济发展", english: "Economic development" },
        Code { value: "SERVICES", code: "3", chinese: "民生服务", english: "Public services" },
        Code { value: "PEACE_LAW", code: "4", chinese: "平安法治", english: "Peace and rule of law" },
        Code { value: "COMMAND", code: "0", chinese: "治理指挥中心", english: "Command centre" },
    ],
};

/// Level of a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DepartmentLevel {
    /// City.
    #[sea_orm(string_value = "CITY")]
    City,
    /// District.
    #[sea_orm(string_value = "DISTRICT")]
    District,
    /// Street.
    #[sea_orm(string_value = "STREET")]
    Street,
    /// Community.
    #[sea_orm(string_value = "COMMUNITY")]
    Community,
}

/// The list of [`DepartmentLevel`] with its labels.
pub const DEPARTMENT_LEVEL: CodeList = CodeList {
    name: "DepartmentLevel",
    description: "Level of a department",
    standard: "",
    codes: &[
        Code { value: "CITY", code: "1", chinese: "市级", english: "City" },
        Code { value: "DISTRICT", code: "2", chinese: "区县级", english: "District" },
        Code { value: "STREET", code: "3", chinese: "镇街级", english: "Street" },
        Code { value: "COMMUNITY", code: "4", chinese: "村社区级", english: "Community" },
    ],
};

impl RegionLevel {
    /// All levels, the largest regions first.
    pub const ALL: [RegionLevel; 5] = [Self::Municipality, Self::District, Self::Street, Self::Community, Self::Grid];
}
