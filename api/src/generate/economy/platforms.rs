//! The platforms: invented companies that send out riders, couriers and drivers. They have their seats in the city, and
//! their legal representatives elsewhere.

use entities::business;
use entities::codes::{BusinessKind, BusinessStatus, Industry, NewOccupation, RevenueBand};
use entities::name_keys;

use super::super::dice::Dice;
use super::super::ids::{FOUNDED, stable};
use super::super::plan::Community;
use super::super::traits::mobile;
use super::Economy;
use super::businesses::Seat;

/// Name, brand, occupation, division of industry, share among its occupation's workers.
const PLATFORMS: &[(&str, &str, NewOccupation, &str, u32)] = &[
    ("山城快味网络科技（重庆）有限公司", "快味送餐", NewOccupation::FoodDelivery, "INTERNET", 50),
    ("渝小食信息服务有限公司", "渝小食", NewOccupation::FoodDelivery, "INTERNET", 35),
    ("两江跑腿科技有限公司", "两江跑腿", NewOccupation::FoodDelivery, "INTERNET", 15),
    ("重庆江环速递有限公司", "江环速递", NewOccupation::Courier, "POST", 30),
    ("巴渝飞达快递有限公司", "飞达快递", NewOccupation::Courier, "POST", 28),
    ("重庆百驿通物流有限公司", "百驿通", NewOccupation::Courier, "POST", 22),
    ("西南云递科技有限公司", "云递", NewOccupation::Courier, "POST", 20),
    ("重庆顺行出行科技有限公司", "顺行出行", NewOccupation::RideHailing, "INTERNET", 55),
    ("山水约车网络服务有限公司", "山水约车", NewOccupation::RideHailing, "INTERNET", 45),
    ("重庆货满仓物流科技有限公司", "货满仓", NewOccupation::Truck, "ROAD_TRANSPORT", 60),
    ("渝车联运网络货运有限公司", "渝车联运", NewOccupation::Truck, "ROAD_TRANSPORT", 40),
    ("重庆星台文化传媒有限公司", "星台直播", NewOccupation::LiveStream, "INTERNET", 100),
];

/// A platform as a business, and what its workers do.
pub(super) struct Platform {
    pub(super) row: business::Model,
    pub(super) occupation: NewOccupation,
    pub(super) share: u32,
}

impl Economy {
    /// The platforms, seated in populated communities.
    pub(super) fn found_platforms(&mut self, communities: &[Community]) -> Vec<Platform> {
        let mut dice = Dice::new(super::STREAM, 0);
        let mut platforms = Vec::new();
        for (index, (name, brand, occupation, division, share)) in PLATFORMS.iter().enumerate() {
            let community = &communities[dice.below(communities.len())];
            let Seat { address, building_id, region_code, community_code, street_code } = self.seat(community, &mut dice);
            let industry = if *division == "INTERNET" { Industry::Information } else { Industry::Transport };
            let row = business::Model {
                id: stable(index as u64),
                credit_code: self.credit_code("91", community.district),
                name: (*name).to_owned(),
                name_keys: name_keys::of(name, ""),
                signboard_name: Some((*brand).to_owned()),
                kind: BusinessKind::Platform,
                industry: Some(industry),
                industry_division: Some((*division).to_owned()),
                legal_representative_id: None,
                contact_name: Some("客服中心".to_owned()),
                contact_phone: Some(mobile(&mut dice)),
                employees: Some(dice.between(40, 900) as i32),
                revenue_band: Some(RevenueBand::Over100m),
                address,
                building_id,
                status: BusinessStatus::Open,
                founded_on: chrono::NaiveDate::from_ymd_opt(2012 + index as i32 % 9, 1 + index as u32 % 12, 15),
                region_code,
                community_code,
                street_code,
                version: 1,
                created_at: FOUNDED,
                updated_at: FOUNDED,
            };
            platforms.push(Platform { row, occupation: *occupation, share: *share });
        }
        platforms
    }
}
