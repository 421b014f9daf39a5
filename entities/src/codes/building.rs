//! Code lists of buildings and dwellings.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// What a building is mainly for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum BuildingKind {
    /// Homes.
    #[sea_orm(string_value = "RESIDENTIAL")]
    Residential,
    /// Shops and offices.
    #[sea_orm(string_value = "COMMERCIAL")]
    Commercial,
    /// Public services.
    #[sea_orm(string_value = "PUBLIC")]
    Public,
    /// Industry.
    #[sea_orm(string_value = "INDUSTRIAL")]
    Industrial,
    /// Storage.
    #[sea_orm(string_value = "STORAGE")]
    Storage,
}

/// The list of [`BuildingKind`] with its labels.
pub const BUILDING_KIND: CodeList = CodeList {
    name: "BuildingKind",
    description: "What a building is mainly for",
    standard: "",
    codes: &[
        Code { value: "RESIDENTIAL", code: "1", chinese: "住宅", english: "Homes" },
        Code { value: "COMMERCIAL", code: "2", chinese: "商业", english: "Shops and offices" },
        Code { value: "PUBLIC", code: "3", chinese: "公共服务", english: "Public services" },
        Code { value: "INDUSTRIAL", code: "4", chinese: "工业", english: "Industry" },
        Code { value: "STORAGE", code: "5", chinese: "仓储", english: "Storage" },
    ],
};

/// Use of a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DwellingUse {
    /// Lived in by its owner.
    #[sea_orm(string_value = "SELF_OCCUPIED")]
    SelfOccupied,
    /// Rented out.
    #[sea_orm(string_value = "RENTED")]
    Rented,
    /// Vacant.
    #[sea_orm(string_value = "VACANT")]
    Vacant,
    /// Used for business.
    #[sea_orm(string_value = "BUSINESS")]
    Business,
}

/// The list of [`DwellingUse`] with its labels.
pub const DWELLING_USE: CodeList = CodeList {
    name: "DwellingUse",
    description: "Use of a dwelling",
    standard: "",
    codes: &[
        Code { value: "SELF_OCCUPIED", code: "1", chinese: "自住", english: "Lived in by its owner" },
        Code { value: "RENTED", code: "2", chinese: "出租", english: "Rented out" },
        Code { value: "VACANT", code: "3", chinese: "空置", english: "Vacant" },
        Code { value: "BUSINESS", code: "4", chinese: "经营", english: "Used for business" },
    ],
};
