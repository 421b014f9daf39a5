//! Divisions of the industrial classification, GB/T 4754-2017: two digits, each in one section.

use super::{Code, CodeList, Industry};

/// The divisions; a division's section is [`industry_of_division`].
pub const INDUSTRY_DIVISION: CodeList = CodeList {
    name: "IndustryDivision",
    description: "Division of the industrial classification",
    standard: "GB/T 4754-2017",
    codes: &[
        Code { value: "CROPS", code: "01", chinese: "农业", english: "Crops" },
        Code { value: "FORESTRY", code: "02", chinese: "林业", english: "Forestry" },
        Code { value: "ANIMAL_HUSBANDRY", code: "03", chinese: "畜牧业", english: "Animal husbandry" },
        Code { value: "FISHERY", code: "04", chinese: "渔业", english: "Fishery" },
        Code {
            value: "AGRICULTURAL_SUPPORT",
            code: "05",
            chinese: "农、林、牧、渔专业及辅助性活动",
            english: "Support of agriculture, forestry, animal husbandry and fishery",
        },
        Code { value: "COAL_MINING", code: "06", chinese: "煤炭开采和洗选业", english: "Coal mining and washing" },
        Code { value: "OIL_AND_GAS", code: "07", chinese: "石油和天然气开采业", english: "Extraction of oil and natural gas" },
        Code { value: "FERROUS_ORE", code: "08", chinese: "黑色金属矿采选业", english: "Mining of ferrous metal ores" },
        Code { value: "NON_FERROUS_ORE", code: "09", chinese: "有色金属矿采选业", english: "Mining of non-ferrous metal ores" },
        Code { value: "NON_METALLIC_ORE", code: "10", chinese: "非金属矿采选业", english: "Mining of non-metallic ores" },
        Code { value: "MINING_SUPPORT", code: "11", chinese: "开采专业及辅助性活动", english: "Support of mining" },
        Code { value: "OTHER_MINING", code: "12", chinese: "其他采矿业", english: "Other mining" },
        Code { value: "FARM_PRODUCT_PROCESSING", code: "13", chinese: "农副食品加工业", english: "Processing of farm products" },
        Code { value: "FOOD", code: "14", chinese: "食品制造业", english: "Food" },
        Code { value: "BEVERAGES", code: "15", chinese: "酒、饮料和精制茶制造业", english: "Alcohol, beverages and tea" },
        Code { value: "TOBACCO", code: "16", chinese: "烟草制品业", english: "Tobacco" },
        Code { value: "TEXTILES", code: "17", chinese: "纺织业", english: "Textiles" },
        Code { value: "CLOTHING", code: "18", chinese: "纺织服装、服饰业", english: "Clothing" },
        Code {
            value: "LEATHER_AND_SHOES",
            code: "19",
            chinese: "皮革、毛皮、羽毛及其制品和制鞋业",
            english: "Leather, fur, feathers and shoes",
        },
        Code {
            value: "WOOD", code: "20", chinese: "木材加工和木、竹、藤、棕、草制品业", english: "Wood, bamboo, rattan and straw"
        },
        Code { value: "FURNITURE", code: "21", chinese: "家具制造业", english: "Furniture" },
        Code { value: "PAPER", code: "22", chinese: "造纸和纸制品业", english: "Paper" },
        Code {
            value: "PRINTING", code: "23", chinese: "印刷和记录媒介复制业", english: "Printing and copying of recorded media"
        },
        Code {
            value: "CULTURAL_GOODS",
            code: "24",
            chinese: "文教、工美、体育和娱乐用品制造业",
            english: "Goods for culture, education, art, sports and entertainment",
        },
        Code {
            value: "FUEL_PROCESSING",
            code: "25",
            chinese: "石油、煤炭及其他燃料加工业",
            english: "Processing of oil, coal and other fuels",
        },
        Code { value: "CHEMICALS", code: "26", chinese: "化学原料和化学制品制造业", english: "Chemicals" },
        Code { value: "MEDICINES", code: "27", chinese: "医药制造业", english: "Medicines" },
        Code { value: "CHEMICAL_FIBRES", code: "28", chinese: "化学纤维制造业", english: "Chemical fibres" },
        Code { value: "RUBBER_AND_PLASTICS", code: "29", chinese: "橡胶和塑料制品业", english: "Rubber and plastics" },
        Code { value: "MINERAL_PRODUCTS", code: "30", chinese: "非金属矿物制品业", english: "Non-metallic mineral products" },
        Code {
            value: "FERROUS_SMELTING", code: "31", chinese: "黑色金属冶炼和压延加工业", english: "Smelting of ferrous metals"
        },
        Code {
            value: "NON_FERROUS_SMELTING", code: "32", chinese: "有色金属冶炼和压延加工业", english: "Smelting of non-ferrous metals"
        },
        Code { value: "METAL_PRODUCTS", code: "33", chinese: "金属制品业", english: "Metal products" },
        Code { value: "GENERAL_EQUIPMENT", code: "34", chinese: "通用设备制造业", english: "General equipment" },
        Code { value: "SPECIAL_EQUIPMENT", code: "35", chinese: "专用设备制造业", english: "Special equipment" },
        Code { value: "CARS", code: "36", chinese: "汽车制造业", english: "Cars" },
        Code {
            value: "OTHER_VEHICLES",
            code: "37",
            chinese: "铁路、船舶、航空航天和其他运输设备制造业",
            english: "Railway, ships, aerospace and other vehicles",
        },
        Code { value: "ELECTRICAL_MACHINERY", code: "38", chinese: "电气机械和器材制造业", english: "Electrical machinery" },
        Code {
            value: "ELECTRONICS",
            code: "39",
            chinese: "计算机、通信和其他电子设备制造业",
            english: "Computers, communication and other electronics",
        },
        Code { value: "INSTRUMENTS", code: "40", chinese: "仪器仪表制造业", english: "Instruments" },
        Code { value: "OTHER_MANUFACTURING", code: "41", chinese: "其他制造业", english: "Other manufacturing" },
        Code { value: "WASTE_RECYCLING", code: "42", chinese: "废弃资源综合利用业", english: "Recycling of waste" },
        Code {
            value: "EQUIPMENT_REPAIR",
            code: "43",
            chinese: "金属制品、机械和设备修理业",
            english: "Repair of metal products, machinery and equipment",
        },
        Code { value: "ELECTRICITY_AND_HEAT", code: "44", chinese: "电力、热力生产和供应业", english: "Electricity and heat" },
        Code { value: "GAS", code: "45", chinese: "燃气生产和供应业", english: "Gas" },
        Code { value: "WATER_SUPPLY", code: "46", chinese: "水的生产和供应业", english: "Water supply" },
        Code { value: "HOUSE_BUILDING", code: "47", chinese: "房屋建筑业", english: "House building" },
        Code { value: "CIVIL_ENGINEERING", code: "48", chinese: "土木工程建筑业", english: "Civil engineering" },
        Code { value: "BUILDING_INSTALLATION", code: "49", chinese: "建筑安装业", english: "Building installation" },
        Code {
            value: "BUILDING_DECORATION",
            code: "50",
            chinese: "建筑装饰、装修和其他建筑业",
            english: "Building decoration and other construction",
        },
        Code { value: "WHOLESALE", code: "51", chinese: "批发业", english: "Wholesale" },
        Code { value: "RETAIL", code: "52", chinese: "零售业", english: "Retail" },
        Code { value: "RAILWAY_TRANSPORT", code: "53", chinese: "铁路运输业", english: "Railway transport" },
        Code { value: "ROAD_TRANSPORT", code: "54", chinese: "道路运输业", english: "Road transport" },
        Code { value: "WATER_TRANSPORT", code: "55", chinese: "水上运输业", english: "Water transport" },
        Code { value: "AIR_TRANSPORT", code: "56", chinese: "航空运输业", english: "Air transport" },
        Code { value: "PIPELINE_TRANSPORT", code: "57", chinese: "管道运输业", english: "Pipeline transport" },
        Code { value: "FORWARDING", code: "58", chinese: "多式联运和运输代理业", english: "Multimodal transport and forwarding" },
        Code { value: "STORAGE", code: "59", chinese: "装卸搬运和仓储业", english: "Loading and storage" },
        Code { value: "POST", code: "60", chinese: "邮政业", english: "Post and couriers" },
        Code { value: "ACCOMMODATION", code: "61", chinese: "住宿业", english: "Accommodation" },
        Code { value: "CATERING", code: "62", chinese: "餐饮业", english: "Catering" },
        Code {
            value: "TELECOMMUNICATIONS",
            code: "63",
            chinese: "电信、广播电视和卫星传输服务",
            english: "Telecommunications, broadcasting and satellites",
        },
        Code { value: "INTERNET", code: "64", chinese: "互联网和相关服务", english: "Internet services" },
        Code { value: "SOFTWARE", code: "65", chinese: "软件和信息技术服务业", english: "Software and information technology" },
        Code { value: "MONETARY_SERVICES", code: "66", chinese: "货币金融服务", english: "Monetary services" },
        Code { value: "CAPITAL_MARKET", code: "67", chinese: "资本市场服务", english: "Capital market services" },
        Code { value: "INSURANCE", code: "68", chinese: "保险业", english: "Insurance" },
        Code { value: "OTHER_FINANCE", code: "69", chinese: "其他金融业", english: "Other finance" },
        Code { value: "REAL_ESTATE", code: "70", chinese: "房地产业", english: "Real estate" },
        Code { value: "LEASING", code: "71", chinese: "租赁业", english: "Leasing" },
        Code { value: "BUSINESS_SERVICES", code: "72", chinese: "商务服务业", english: "Business services" },
        Code { value: "RESEARCH", code: "73", chinese: "研究和试验发展", english: "Research and development" },
        Code { value: "TECHNICAL_SERVICES", code: "74", chinese: "专业技术服务业", english: "Professional technical services" },
        Code {
            value: "TECHNOLOGY_APPLICATION",
            code: "75",
            chinese: "科技推广和应用服务业",
            english: "Promotion and application of technology",
        },
        Code { value: "WATER_MANAGEMENT", code: "76", chinese: "水利管理业", english: "Water management" },
        Code {
            value: "ENVIRONMENT", code: "77", chinese: "生态保护和环境治理业", english: "Ecological protection and environment"
        },
        Code { value: "PUBLIC_FACILITIES", code: "78", chinese: "公共设施管理业", english: "Public facilities" },
        Code { value: "LAND_MANAGEMENT", code: "79", chinese: "土地管理业", english: "Land management" },
        Code { value: "HOUSEHOLD_SERVICES", code: "80", chinese: "居民服务业", english: "Services to households" },
        Code {
            value: "VEHICLE_AND_GOODS_REPAIR",
            code: "81",
            chinese: "机动车、电子产品和日用产品修理业",
            english: "Repair of vehicles, electronics and goods",
        },
        Code { value: "OTHER_SERVICES", code: "82", chinese: "其他服务业", english: "Other services" },
        Code { value: "EDUCATION", code: "83", chinese: "教育", english: "Education" },
        Code { value: "HEALTH", code: "84", chinese: "卫生", english: "Health" },
        Code { value: "SOCIAL_WORK", code: "85", chinese: "社会工作", english: "Social work" },
        Code { value: "PRESS", code: "86", chinese: "新闻和出版业", english: "Press and publishing" },
        Code {
            value: "BROADCASTING", code: "87", chinese: "广播、电视、电影和录音制作业", english: "Broadcasting, film and recording"
        },
        Code { value: "CULTURE_AND_ART", code: "88", chinese: "文化艺术业", english: "Culture and art" },
        Code { value: "SPORTS", code: "89", chinese: "体育", english: "Sports" },
        Code { value: "ENTERTAINMENT", code: "90", chinese: "娱乐业", english: "Entertainment" },
        Code { value: "PARTY_ORGANS", code: "91", chinese: "中国共产党机关", english: "Organs of the Communist Party" },
        Code { value: "STATE_ORGANS", code: "92", chinese: "国家机构", english: "State organs" },
        Code {
            value: "POLITICAL_CONSULTATION",
            code: "93",
            chinese: "人民政协、民主党派",
            english: "Political consultation and democratic parties",
        },
        Code { value: "SOCIAL_SECURITY", code: "94", chinese: "社会保障", english: "Social security" },
        Code {
            value: "SOCIAL_ORGANIZATIONS", code: "95", chinese: "群众团体、社会团体和其他成员组织", english: "Social organizations"
        },
        Code {
            value: "GRASSROOTS_ORGANIZATIONS",
            code: "96",
            chinese: "基层群众自治组织及其他组织",
            english: "Grassroots self-governing organizations",
        },
        Code { value: "INTERNATIONAL_ORGANIZATIONS", code: "97", chinese: "国际组织", english: "International organizations" },
    ],
};

/// The last division of each section, in the order of the sections.
const SECTION_ENDS: [(u8, Industry); 20] = [
    (5, Industry::Agriculture),
    (12, Industry::Mining),
    (43, Industry::Manufacturing),
    (46, Industry::Utilities),
    (50, Industry::Construction),
    (52, Industry::WholesaleRetail),
    (60, Industry::Transport),
    (62, Industry::AccommodationCatering),
    (65, Industry::Information),
    (69, Industry::Finance),
    (70, Industry::RealEstate),
    (72, Industry::BusinessServices),
    (75, Industry::Research),
    (79, Industry::Environment),
    (82, Industry::ResidentServices),
    (83, Industry::Education),
    (85, Industry::Health),
    (90, Industry::Culture),
    (96, Industry::Administration),
    (97, Industry::International),
];

/// The section that a division, given by its two digits, lies in; None for what is no division.
pub fn industry_of_division(code: &str) -> Option<Industry> {
    let number = INDUSTRY_DIVISION.codes.iter().find(|division| division.code == code)?.code.parse::<u8>().ok()?;
    SECTION_ENDS.iter().find(|(end, _)| number <= *end).map(|(_, section)| *section)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn divisions_are_numbered_through_and_fill_every_section() {
        let mut sections = Vec::new();
        for (index, division) in INDUSTRY_DIVISION.codes.iter().enumerate() {
            assert_eq!(division.code, format!("{:02}", index + 1));
            sections.extend(industry_of_division(division.code));
        }
        assert_eq!(sections.len(), 97);
        sections.dedup();
        assert!(sections.into_iter().eq(Industry::iter()));
        assert_eq!(industry_of_division("62"), Some(Industry::AccommodationCatering));
        assert_eq!(industry_of_division("00"), None);
        assert_eq!(industry_of_division("98"), None);
    }
}
