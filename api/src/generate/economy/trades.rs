//! Which businesses there are, and who works in which: shares as a district's economic census shows them.

use entities::codes::{BusinessKind, BusinessStatus, Industry, RevenueBand};

use super::super::dice::Dice;

/// What a legal unit is.
pub(super) fn legal_kind(urban: bool, dice: &mut Dice) -> BusinessKind {
    let cooperatives = if urban { 1 } else { 8 };
    dice.weighted(&[
        (BusinessKind::Enterprise, 87 - cooperatives),
        (BusinessKind::Cooperative, cooperatives),
        (BusinessKind::SocialOrganization, 8),
        (BusinessKind::PublicInstitution, 5),
    ])
}

/// The section of industry of a business of that kind.
pub(super) fn industry(kind: BusinessKind, dice: &mut Dice) -> Industry {
    use Industry as I;
    match kind {
        BusinessKind::Enterprise => dice.weighted(&[
            (I::WholesaleRetail, 35),
            (I::BusinessServices, 12),
            (I::Construction, 9),
            (I::Manufacturing, 9),
            (I::Research, 7),
            (I::Information, 6),
            (I::RealEstate, 4),
            (I::ResidentServices, 4),
            (I::AccommodationCatering, 3),
            (I::Transport, 3),
            (I::Culture, 3),
            (I::Education, 2),
            (I::Agriculture, 1),
            (I::Finance, 1),
            (I::Environment, 1),
            (I::Health, 1),
        ]),
        BusinessKind::SelfEmployed => dice.weighted(&[
            (I::WholesaleRetail, 54),
            (I::AccommodationCatering, 20),
            (I::ResidentServices, 11),
            (I::Transport, 5),
            (I::Manufacturing, 4),
            (I::Culture, 2),
            (I::BusinessServices, 2),
            (I::Construction, 1),
            (I::Health, 1),
        ]),
        BusinessKind::Cooperative => I::Agriculture,
        BusinessKind::SocialOrganization => {
            dice.weighted(&[(I::Administration, 40), (I::Education, 28), (I::Health, 20), (I::Culture, 12)])
        }
        BusinessKind::PublicInstitution => dice.weighted(&[(I::Education, 45), (I::Health, 30), (I::Administration, 15), (I::Culture, 10)]),
        BusinessKind::Platform => I::Information,
    }
}

/// A division of a section: a value of the list of divisions.
pub(super) fn division(industry: Industry, dice: &mut Dice) -> &'static str {
    dice.pick(match industry {
        Industry::Agriculture => &["CROPS", "CROPS", "ANIMAL_HUSBANDRY", "FORESTRY", "FISHERY", "AGRICULTURAL_SUPPORT"],
        Industry::Mining => &["NON_METALLIC_ORE"],
        Industry::Manufacturing => {
            &["CARS", "CARS", "GENERAL_EQUIPMENT", "ELECTRONICS", "FOOD", "CLOTHING", "METAL_PRODUCTS", "PRINTING", "FURNITURE"]
        }
        Industry::Utilities => &["ELECTRICITY_AND_HEAT", "GAS", "WATER_SUPPLY"],
        Industry::Construction => {
            &["HOUSE_BUILDING", "CIVIL_ENGINEERING", "BUILDING_INSTALLATION", "BUILDING_DECORATION", "BUILDING_DECORATION"]
        }
        Industry::WholesaleRetail => &["WHOLESALE", "RETAIL", "RETAIL"],
        Industry::Transport => &["ROAD_TRANSPORT", "ROAD_TRANSPORT", "FORWARDING", "STORAGE", "POST"],
        Industry::AccommodationCatering => &["CATERING", "CATERING", "CATERING", "ACCOMMODATION"],
        Industry::Information => &["SOFTWARE", "SOFTWARE", "INTERNET", "TELECOMMUNICATIONS"],
        Industry::Finance => &["MONETARY_SERVICES", "INSURANCE", "OTHER_FINANCE"],
        Industry::RealEstate => &["REAL_ESTATE"],
        Industry::BusinessServices => &["BUSINESS_SERVICES", "BUSINESS_SERVICES", "LEASING"],
        Industry::Research => &["TECHNICAL_SERVICES", "TECHNICAL_SERVICES", "TECHNOLOGY_APPLICATION", "RESEARCH"],
        Industry::Environment => &["ENVIRONMENT", "PUBLIC_FACILITIES"],
        Industry::ResidentServices => &["HOUSEHOLD_SERVICES", "HOUSEHOLD_SERVICES", "VEHICLE_AND_GOODS_REPAIR", "OTHER_SERVICES"],
        Industry::Education => &["EDUCATION"],
        Industry::Health => &["HEALTH", "HEALTH", "SOCIAL_WORK"],
        Industry::Culture => &["CULTURE_AND_ART", "SPORTS", "ENTERTAINMENT", "BROADCASTING", "PRESS"],
        Industry::Administration => &["SOCIAL_ORGANIZATIONS", "GRASSROOTS_ORGANIZATIONS", "SOCIAL_SECURITY"],
        Industry::International => &["INTERNATIONAL_ORGANIZATIONS"],
    })
}

/// The industries in which somebody of that occupation works; none named means any.
pub(super) fn industries_of(occupation: &str) -> &'static [Industry] {
    use Industry as I;
    match occupation {
        "教师" => &[I::Education],
        "护士" => &[I::Health],
        "工程技术人员" => &[I::Research, I::Information, I::Manufacturing],
        "厨师" => &[I::AccommodationCatering],
        "保洁员" | "保安员" | "电工" => &[I::RealEstate, I::BusinessServices, I::ResidentServices],
        "建筑工人" => &[I::Construction],
        "制造业工人" => &[I::Manufacturing],
        "公务人员" | "社区工作者" => &[I::Administration],
        "家政服务员" | "理发师" => &[I::ResidentServices],
        "农业生产者" => &[I::Agriculture],
        "销售人员" => &[I::WholesaleRetail],
        "客服人员" => &[I::Information, I::BusinessServices],
        "司机" | "快递员" => &[I::Transport],
        _ => &[],
    }
}

/// Whether a business is at work.
pub(super) fn status(dice: &mut Dice) -> BusinessStatus {
    dice.weighted(&[(BusinessStatus::Open, 88), (BusinessStatus::Suspended, 4), (BusinessStatus::Closed, 6), (BusinessStatus::Revoked, 2)])
}

/// Yearly revenue by the number of people who work there; not for those that are there for no gain.
pub(super) fn revenue(kind: BusinessKind, employees: i32, dice: &mut Dice) -> Option<RevenueBand> {
    use RevenueBand as R;
    if matches!(kind, BusinessKind::SocialOrganization | BusinessKind::PublicInstitution) || dice.chance(0.08) {
        return None;
    }
    Some(match employees {
        ..3 => dice.weighted(&[(R::Under100k, 35), (R::From100kTo1m, 60), (R::From1mTo5m, 5)]),
        3..10 => dice.weighted(&[(R::Under100k, 5), (R::From100kTo1m, 55), (R::From1mTo5m, 35), (R::From5mTo20m, 5)]),
        10..50 => dice.weighted(&[(R::From100kTo1m, 10), (R::From1mTo5m, 45), (R::From5mTo20m, 38), (R::From20mTo100m, 7)]),
        _ => dice.weighted(&[(R::From5mTo20m, 30), (R::From20mTo100m, 55), (R::Over100m, 15)]),
    })
}
