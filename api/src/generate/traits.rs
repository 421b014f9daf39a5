//! What a person's age, sex and home make likely: schooling, work, ethnic group, phone.

use entities::codes::{Education, IdType};
use entities::region_code::RegionCode;

use super::dice::Dice;

const OCCUPATIONS: &[&str] = &[
    "普通职员",
    "销售人员",
    "教师",
    "护士",
    "工程技术人员",
    "司机",
    "外卖骑手",
    "快递员",
    "厨师",
    "保洁员",
    "保安员",
    "个体经营者",
    "建筑工人",
    "制造业工人",
    "会计",
    "公务人员",
    "社区工作者",
    "家政服务员",
    "电工",
    "理发师",
    "农业生产者",
    "客服人员",
];
const TRADES: &[&str] =
    &["商贸", "科技", "物流", "餐饮管理", "建筑工程", "机械制造", "物业服务", "医药", "教育咨询", "汽车配件", "电子", "家政服务"];
const BRANDS: &[&str] = &[
    "嘉禾",
    "渝江",
    "两江源",
    "山峡",
    "金缙",
    "鼎泰新",
    "合众源",
    "巴渝汇",
    "长江岸",
    "云岭",
    "锦程达",
    "宏图远",
    "天一和",
    "瑞丰园",
    "恒信联",
    "华岩谷",
    "新桥汇",
    "百川通",
    "立德行",
    "同心圆",
];
/// Districts where many belong to the Tujia or the Miao.
const SOUTH_EAST: &[i64] = &[500_114, 500_240, 500_241, 500_242, 500_243];

/// Ethnic group, a value of the code list.
pub(crate) fn ethnicity(district: RegionCode, dice: &mut Dice) -> &'static str {
    const CITY: &[(&str, u32)] = &[
        ("HAN", 9_620),
        ("TUJIA", 190),
        ("MIAO", 90),
        ("HUI", 30),
        ("YI", 15),
        ("TIBETAN", 12),
        ("ZHUANG", 10),
        ("MANCHU", 10),
        ("BOUYEI", 8),
        ("MONGOL", 6),
        ("DONG", 5),
        ("BAI", 4),
    ];
    const MIXED: &[(&str, u32)] = &[("HAN", 4_500), ("TUJIA", 3_800), ("MIAO", 1_650), ("DONG", 30), ("HUI", 20)];
    let mixed = SOUTH_EAST.contains(&(district.number() / 1_000_000_000));
    dice.weighted(if mixed { MIXED } else { CITY })
}

/// Highest education; none for those who have not finished a school.
pub(crate) fn education(age: f64, dice: &mut Dice) -> Option<Education> {
    use Education as E;
    let choices: &[(E, u32)] = match age {
        ..7.0 => return None,
        ..13.0 => &[(E::Primary, 1)],
        ..16.0 => &[(E::JuniorMiddle, 1)],
        ..19.0 => &[(E::HighSchool, 70), (E::Vocational, 30)],
        ..22.0 => &[(E::JuniorCollege, 20), (E::Vocational, 20), (E::HighSchool, 50), (E::JuniorMiddle, 10)],
        ..40.0 => &[
            (E::Postgraduate, 4),
            (E::Bachelor, 26),
            (E::JuniorCollege, 25),
            (E::Vocational, 9),
            (E::HighSchool, 16),
            (E::JuniorMiddle, 18),
            (E::Primary, 2),
        ],
        ..60.0 => &[
            (E::Postgraduate, 1),
            (E::Bachelor, 10),
            (E::JuniorCollege, 13),
            (E::Vocational, 7),
            (E::HighSchool, 19),
            (E::JuniorMiddle, 38),
            (E::Primary, 12),
        ],
        _ => &[
            (E::Bachelor, 3),
            (E::JuniorCollege, 5),
            (E::Vocational, 3),
            (E::HighSchool, 12),
            (E::JuniorMiddle, 30),
            (E::Primary, 42),
            (E::Other, 5),
        ],
    };
    Some(dice.weighted(choices))
}

/// Occupation and employer as told.
pub(crate) fn work(age: f64, dice: &mut Dice) -> (Option<String>, Option<String>) {
    if age < 6.0 {
        return (None, None);
    }
    if age < 19.0 {
        return (Some("学生".to_owned()), None);
    }
    if age >= 60.0 {
        return (dice.chance(0.7).then(|| "退休人员".to_owned()), None);
    }
    if !dice.chance(0.76) {
        return (None, None);
    }
    let employer = dice.chance(0.55).then(|| format!("重庆{}{}有限公司", dice.pick(BRANDS), dice.pick(TRADES)));
    (Some(dice.pick(OCCUPATIONS).to_owned()), employer)
}

/// A mobile phone, which the very young have not and the very old not always.
pub(crate) fn phone(age: f64, dice: &mut Dice) -> Option<String> {
    let share = match age {
        ..10.0 => 0.0,
        ..16.0 => 0.35,
        ..75.0 => 0.95,
        _ => 0.7,
    };
    dice.chance(share).then(|| mobile(dice))
}

/// Some mobile number: 1, then 3 to 9, then nine digits.
pub(crate) fn mobile(dice: &mut Dice) -> String {
    format!("1{}{:09}", dice.between(3, 9), dice.below(1_000_000_000))
}

/// The number of a document that is not the resident identity card.
pub(crate) fn foreign_number(kind: IdType, dice: &mut Dice) -> Option<String> {
    let digits = dice.below(100_000_000);
    match kind {
        IdType::Passport => Some(format!("{}{digits:08}", dice.pick(&["E", "G", "K", "P"]))),
        IdType::HkMoTwPermit => Some(format!("{}{digits:08}", dice.pick(&["H", "M"]))),
        IdType::ForeignPermit => Some(format!("XXX{digits:08}{:04}", dice.below(10_000))),
        IdType::ResidentId | IdType::None => None,
    }
}
