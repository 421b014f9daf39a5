//! Sections of the industrial classification, GB/T 4754-2017.

use sea_orm::{DeriveActiveEnum, EnumIter};

use super::{Code, CodeList};

/// Section of the industrial classification (GB/T 4754-2017).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Industry {
    /// Agriculture, forestry, animal husbandry and fishery.
    #[sea_orm(string_value = "AGRICULTURE")]
    Agriculture,
    /// Mining.
    #[sea_orm(string_value = "MINING")]
    Mining,
    /// Manufacturing.
    #[sea_orm(string_value = "MANUFACTURING")]
    Manufacturing,
    /// Electricity, heat, gas and water.
    #[sea_orm(string_value = "UTILITIES")]
    Utilities,
    /// Construction.
    #[sea_orm(string_value = "CONSTRUCTION")]
    Construction,
    /// Wholesale and retail trade.
    #[sea_orm(string_value = "WHOLESALE_RETAIL")]
    WholesaleRetail,
    /// Transport, storage and post.
    #[sea_orm(string_value = "TRANSPORT")]
    Transport,
    /// Accommodation and catering.
    #[sea_orm(string_value = "ACCOMMODATION_CATERING")]
    AccommodationCatering,
    /// Information transmission, software and information technology.
    #[sea_orm(string_value = "INFORMATION")]
    Information,
    /// Finance.
    #[sea_orm(string_value = "FINANCE")]
    Finance,
    /// Real estate.
    #[sea_orm(string_value = "REAL_ESTATE")]
    RealEstate,
    /// Leasing and business services.
    #[sea_orm(string_value = "BUSINESS_SERVICES")]
    BusinessServices,
    /// Research and technical services.
    #[sea_orm(string_value = "RESEARCH")]
    Research,
    /// Water, environment and public facilities.
    #[sea_orm(string_value = "ENVIRONMENT")]
    Environment,
    /// Services to households, repair and other services.
    #[sea_orm(string_value = "RESIDENT_SERVICES")]
    ResidentServices,
    /// Education.
    #[sea_orm(string_value = "EDUCATION")]
    Education,
    /// Health and social work.
    #[sea_orm(string_value = "HEALTH")]
    Health,
    /// Culture, sports and entertainment.
    #[sea_orm(string_value = "CULTURE")]
    Culture,
    /// Public administration, social security and social organizations.
    #[sea_orm(string_value = "ADMINISTRATION")]
    Administration,
    /// International organizations.
    #[sea_orm(string_value = "INTERNATIONAL")]
    International,
}

/// The list of [`Industry`] with its labels.
pub const INDUSTRY: CodeList = CodeList {
    name: "Industry",
    description: "Section of the industrial classification",
    standard: "GB/T 4754-2017",
    codes: &[
        Code {
            value: "AGRICULTURE",
            code: "A",
            chinese: "农、林、牧、渔业",
            english: "Agriculture, forestry, animal husbandry and fishery",
        },
        Code { value: "MINING", code: "B", chinese: "采矿业", english: "Mining" },
        Code { value: "MANUFACTURING", code: "C", chinese: "制造业", english: "Manufacturing" },
        Code {
            value: "UTILITIES", code: "D", chinese: "电力、热力、燃气及水生产和供应业", english: "Electricity, heat, gas and water"
        },
        Code { value: "CONSTRUCTION", code: "E", chinese: "建筑业", english: "Construction" },
        Code { value: "WHOLESALE_RETAIL", code: "F", chinese: "批发和零售业", english: "Wholesale and retail trade" },
        Code { value: "TRANSPORT", code: "G", chinese: "交通运输、仓储和邮政业", english: "Transport, storage and post" },
        Code { value: "ACCOMMODATION_CATERING", code: "H", chinese: "住宿和餐饮业", english: "Accommodation and catering" },
        Code {
            value: "INFORMATION",
            code: "I",
            chinese: "信息传输、软件和信息技术服务业",
            english: "Information transmission, software and information technology",
        },
        Code { value: "FINANCE", code: "J", chinese: "金融业", english: "Finance" },
        Code { value: "REAL_ESTATE", code: "K", chinese: "房地产业", english: "Real estate" },
        Code { value: "BUSINESS_SERVICES", code: "L", chinese: "租赁和商务服务业", english: "Leasing and business services" },
        Code { value: "RESEARCH", code: "M", chinese: "科学研究和技术服务业", english: "Research and technical services" },
        Code {
            value: "ENVIRONMENT",
            code: "N",
            chinese: "水利、环境和公共设施管理业",
            english: "Water, environment and public facilities",
        },
        Code {
            value: "RESIDENT_SERVICES",
            code: "O",
            chinese: "居民服务、修理和其他服务业",
            english: "Services to households, repair and other services",
        },
        Code { value: "EDUCATION", code: "P", chinese: "教育", english: "Education" },
        Code { value: "HEALTH", code: "Q", chinese: "卫生和社会工作", english: "Health and social work" },
        Code { value: "CULTURE", code: "R", chinese: "文化、体育和娱乐业", english: "Culture, sports and entertainment" },
        Code {
            value: "ADMINISTRATION",
            code: "S",
            chinese: "公共管理、社会保障和社会组织",
            english: "Public administration, social security and social organizations",
        },
        Code { value: "INTERNATIONAL", code: "T", chinese: "国际组织", english: "International organizations" },
    ],
};
