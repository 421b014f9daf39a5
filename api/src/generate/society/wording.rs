//! The words of Party organisations and volunteers: invented, put together from the place and the kind.

use entities::codes::{PartyOrganizationKind as Organization, VolunteerDirection as Direction, VolunteerTeamKind as Kind};

use crate::generate::dice::Dice;

const SKILLS: &[&str] =
    &["急救", "手语", "摄影", "家电维修", "法律咨询", "心理疏导", "英语", "理发", "书法", "驾驶", "文艺表演", "电脑操作"];

/// The committee of a street.
pub(super) fn street_committee(street: &str) -> String {
    format!("中共{street}工作委员会")
}

/// The community's highest organisation.
pub(super) fn top(community: &str, kind: Organization) -> String {
    let kind = match kind {
        Organization::Committee => "委员会",
        Organization::GeneralBranch => "总支部委员会",
        Organization::Branch | Organization::Group => "支部委员会",
    };
    format!("中共{community}{kind}")
}

/// A branch below it.
pub(super) fn branch(community: &str, number: usize) -> String {
    format!("{community}第{number}党支部")
}

/// The branch of a firm.
pub(super) fn hosted(business: &str) -> String {
    format!("中共{business}支部委员会")
}

/// A group of a branch.
pub(super) fn group(community: &str, branch: usize) -> String {
    format!("{community}第{branch}党支部第一党小组")
}

/// The direction as people say it.
fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::ElderlyCare => "助老",
        Direction::ChildCare => "护苗",
        Direction::Disability => "助残",
        Direction::Environment => "环保",
        Direction::Mediation => "调解",
        Direction::Traffic => "文明交通",
        Direction::Culture => "文体",
        Direction::Health => "健康",
        Direction::Safety => "平安",
        Direction::Publicity => "宣讲",
    }
}

/// The name of a team.
pub(super) fn team(community: &str, kind: Kind, of: Direction) -> String {
    let kind = match kind {
        Kind::Party => "党员",
        Kind::Youth => "青年",
        Kind::NewOccupation => "新就业群体",
        Kind::Resident => "居民",
        Kind::SocialOrg => "社会组织",
    };
    format!("{community}{kind}{}志愿服务队", direction(of))
}

/// What an activity is.
pub(super) fn activity(community: &str, direction: Direction, dice: &mut Dice) -> String {
    let matters: &[&str] = match direction {
        Direction::ElderlyCare => &["独居老人上门探访", "老年人助餐送餐", "老年人智能手机课堂"],
        Direction::ChildCare => &["儿童课后托管", "留守儿童陪伴", "亲子阅读"],
        Direction::Disability => &["残疾人居家帮扶", "无障碍出行陪伴"],
        Direction::Environment => &["小区清洁", "垃圾分类引导", "河道巡护"],
        Direction::Mediation => &["邻里纠纷调解", "楼栋议事会"],
        Direction::Traffic => &["路口文明劝导", "非机动车停放整理"],
        Direction::Culture => &["广场文艺演出", "居民健身活动", "邻里节"],
        Direction::Health => &["义诊", "血压测量", "健康知识讲座"],
        Direction::Safety => &["夜间平安巡逻", "消防隐患排查", "防汛值守"],
        Direction::Publicity => &["政策宣讲", "反诈宣传"],
    };
    format!("{community}{}", dice.pick(matters))
}

/// A skill, or two.
pub(super) fn skill(dice: &mut Dice) -> String {
    let (first, second) = (dice.pick(SKILLS), dice.pick(SKILLS));
    if first == second || dice.chance(0.6) { first.to_owned() } else { format!("{first}、{second}") }
}
