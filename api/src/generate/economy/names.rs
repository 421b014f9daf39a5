//! Names of businesses: invented, put together from a brand, a trade and what kind of business it is.

use entities::codes::{BusinessKind, Industry};

use super::super::dice::Dice;

const FIRST: &[&str] = &[
    "嘉", "渝", "金", "鼎", "合", "巴", "长", "云", "锦", "宏", "天", "瑞", "恒", "华", "新", "百", "立", "同", "万", "正", "永", "博",
    "盛", "安", "启", "远", "明", "中", "福", "泰", "亿", "佳", "凯", "润", "聚", "德", "通", "顺", "江", "山",
];
const SECOND: &[&str] = &[
    "禾", "江", "源", "峡", "缙", "泰", "众", "汇", "岸", "岭", "程", "图", "和", "丰", "信", "岩", "桥", "川", "德", "心", "邦", "兴",
    "宇", "航", "林", "美", "佳", "康", "诚", "友", "捷", "海", "峰", "景", "创", "联", "达", "旺", "来",
];

/// A brand of two characters.
pub(super) fn brand(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(FIRST), dice.pick(SECOND))
}

/// The registered name of a business of that kind and industry.
pub(super) fn registered(kind: BusinessKind, industry: Industry, place: Place<'_>, brand: &str, dice: &mut Dice) -> String {
    let Place { district, community } = place;
    match kind {
        BusinessKind::SelfEmployed => format!("{district}{brand}{}", dice.pick(shops(industry))),
        BusinessKind::Cooperative => {
            format!("{district}{brand}{}专业合作社", dice.pick(&["柑橘种植", "蔬菜种植", "生猪养殖", "水产养殖", "花椒种植", "农机"]))
        }
        BusinessKind::SocialOrganization => format!("{district}{brand}{}", dice.pick(bodies(industry))),
        BusinessKind::PublicInstitution => format!("{district}{community}{}", dice.pick(institutions(industry))),
        BusinessKind::Enterprise | BusinessKind::Platform => format!("重庆{brand}{}有限公司", dice.pick(trades(industry))),
    }
}

/// Where a business is named after.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// District.
    pub(super) district: &'a str,
    /// Community.
    pub(super) community: &'a str,
}

fn trades(industry: Industry) -> &'static [&'static str] {
    match industry {
        Industry::Agriculture => &["生态农业", "农业开发", "园林花卉"],
        Industry::Manufacturing => &["机械制造", "汽车配件", "电子", "食品", "服装", "模具", "包装制品"],
        Industry::Construction => &["建筑工程", "装饰工程", "市政工程", "消防工程", "建筑劳务"],
        Industry::Transport => &["物流", "运输", "供应链管理", "仓储服务"],
        Industry::AccommodationCatering => &["餐饮管理", "酒店管理", "餐饮文化"],
        Industry::Information => &["网络科技", "信息技术", "软件", "数字科技", "智能科技"],
        Industry::Finance => &["商业保理", "融资担保", "保险代理"],
        Industry::RealEstate => &["物业管理", "房地产经纪", "置业"],
        Industry::BusinessServices => &["企业管理咨询", "人力资源", "广告传媒", "商务服务", "会务服务"],
        Industry::Research => &["工程设计", "检测技术", "生物科技", "工程咨询", "测绘"],
        Industry::Environment => &["环保科技", "园林绿化", "环境工程"],
        Industry::ResidentServices => &["家政服务", "汽车维修", "洗涤服务"],
        Industry::Education => &["教育咨询", "文化培训", "教育科技"],
        Industry::Health => &["健康管理", "医院管理", "口腔门诊部"],
        Industry::Culture => &["文化传播", "体育发展", "影视制作", "文化创意"],
        _ => &["商贸", "百货", "医药", "建材", "贸易", "电子商务", "农产品"],
    }
}

fn shops(industry: Industry) -> &'static [&'static str] {
    match industry {
        Industry::AccommodationCatering => &["火锅店", "小面馆", "餐馆", "豆花饭店", "奶茶店", "烧烤店", "民宿", "早餐店"],
        Industry::ResidentServices => &["理发店", "家电维修部", "洗衣店", "汽车修理部", "美容店", "干洗店", "家政服务部"],
        Industry::Transport => &["货运部", "快递服务部", "搬运服务部"],
        Industry::Manufacturing => &["豆制品加工坊", "铝合金门窗加工部", "家具加工部", "裁缝店"],
        Industry::Construction => &["装饰部", "水电安装部"],
        Industry::Culture => &["图文打印店", "健身馆", "棋牌室", "书店"],
        Industry::BusinessServices => &["广告部", "租赁部", "信息咨询部"],
        Industry::Health => &["中医诊所", "口腔诊所", "西医诊所"],
        _ => &["便利店", "五金店", "服装店", "水果店", "药店", "烟酒店", "副食店", "蔬菜店", "手机店", "文具店", "建材经营部"],
    }
}

fn bodies(industry: Industry) -> &'static [&'static str] {
    match industry {
        Industry::Education => &["幼儿园", "职业培训学校", "艺术培训学校"],
        Industry::Health => &["养老服务中心", "社区养老服务站", "康复托养中心", "日间照料中心"],
        Industry::Culture => &["文化艺术团", "体育舞蹈协会", "书画协会"],
        _ => &["社会工作服务中心", "志愿服务协会", "商会", "物业管理协会", "邻里互助会"],
    }
}

fn institutions(industry: Industry) -> &'static [&'static str] {
    match industry {
        Industry::Education => &["小学校", "中学校", "幼儿园"],
        Industry::Health => &["社区卫生服务中心", "社区卫生服务站"],
        Industry::Culture => &["综合文化服务中心", "图书馆分馆"],
        _ => &["便民服务中心", "退役军人服务站", "劳动就业和社会保障服务所"],
    }
}
