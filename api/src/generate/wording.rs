//! The words of cases: invented, put together from the category, the place and the kind of the report.

use std::collections::HashMap;
use std::sync::LazyLock;

use entities::codes::{CaseAction, CaseKind};

use super::categories::Category;
use super::dice::Dice;

const FILE: &str = include_str!("../../data/case-texts.csv");
const ROADS: &[&str] =
    &["和平路", "建设路", "人民路", "新民街", "滨江路", "学府路", "兴业路", "长青巷", "梧桐巷", "向阳街", "民生路", "团结巷"];
const SPOTS: &[&str] =
    &["小区门口", "公交站旁", "菜市场旁", "学校附近", "楼道内", "停车场出口", "健身广场", "办事大厅", "垃圾收集点旁", "单元楼下"];

/// Title and description of a case.
pub(crate) struct Words {
    /// One line.
    pub(crate) title: String,
    /// What was reported.
    pub(crate) description: String,
}

/// A place in words.
pub(crate) fn place(community: &str, dice: &mut Dice) -> String {
    let road = dice.pick(ROADS);
    let number = dice.between(1, 288);
    if dice.chance(0.5) { format!("{community}{road}{number}号") } else { format!("{community}{road}{number}号{}", dice.pick(SPOTS)) }
}

/// What a report of that kind about that category says. One throw decides it all, so that the words a category has
/// never change what else is drawn.
pub(crate) fn words(community: &str, place: Option<&str>, category: &Category, kind: CaseKind, throw: u64) -> Words {
    let mut dice = Dice::new(throw, 1);
    let dice = &mut dice;
    let Matter { situations, requests } = matter(category.code);
    let (situation, request) = (dice.pick(situations), dice.pick(requests));
    let subject = situation.split('，').next().unwrap_or(situation);
    let (matter, impact, place) = (category.name, category.impact, place.unwrap_or(community));
    let since = since(dice);
    let title = match kind {
        CaseKind::Consultation => format!("咨询{matter}：{subject}"),
        CaseKind::HelpRequest => format!("{community}居民求助：{subject}"),
        CaseKind::Complaint => format!("投诉{matter}：{subject}"),
        CaseKind::Report => format!("{community}{subject}"),
        CaseKind::Suggestion => format!("关于{matter}的建议"),
        CaseKind::Thanks => format!("感谢及时处理{matter}"),
    };
    let description = match kind {
        CaseKind::Consultation => format!(
            "{}{situation}，涉及{place}。{}{request}。",
            dice.pick(ASKING),
            dice.pick(&["", "想了解政策依据和办理时限。", "不清楚该找哪个部门。"])
        ),
        CaseKind::HelpRequest => format!("{place}{since}{situation}，{impact}。{request}。"),
        CaseKind::Complaint => format!("反映{place}{since}{situation}，{}，{impact}。{request}。", dice.pick(BEFORE)),
        CaseKind::Report => format!("{}{place}{situation}，{impact}。{request}。", dice.pick(FOUND)),
        CaseKind::Suggestion => {
            format!("{}{place}{situation}，{impact}。{request}，望采纳。", dice.pick(&["平时注意到", "不少邻居反映", "议事时大家提到"]))
        }
        CaseKind::Thanks => format!(
            "此前{place}{situation}，反映后{}就处理好了，感谢{}。",
            dice.pick(&["当天", "第二天", "三天内"]),
            dice.pick(&["社区工作人员", "网格员", "处置部门"])
        ),
    };
    Words { title, description }
}

const ASKING: &[&str] = &["来电咨询：", "想了解：", "群众询问："];
const BEFORE: &[&str] = &["此前已反映过一次", "向物业反映后没有答复", "多位邻居都有同样意见", "一直没有人来看过"];
const FOUND: &[&str] = &["巡查发现", "走访时看到", "日常巡查中发现", "设备告警后到场查看，"];

/// Since when, in words; often not told.
fn since(dice: &mut Dice) -> String {
    let days = dice.between(2, 20);
    let choices = [String::new(), format!("近{days}天来"), "最近".to_owned(), "上周以来".to_owned(), "雨季以来".to_owned()];
    choices[dice.below(choices.len())].clone()
}

/// What happens in a category, and what is asked for.
struct Matter {
    situations: Vec<&'static str>,
    requests: Vec<&'static str>,
}

/// The words of each category of the lowest level.
static MATTERS: LazyLock<HashMap<&'static str, Matter>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut cells = line.split(',');
        let mut list = || cells.next().map(|cell| cell.split(';').collect::<Vec<_>>());
        let code = list()?.first().copied()?;
        Some((code, Matter { situations: list()?, requests: list()? }))
    };
    FILE.lines().skip(1).filter_map(read).collect()
});

/// The words of a category.
fn matter(code: &str) -> &'static Matter {
    MATTERS.get(code).expect("a test finds words for every category")
}

/// The remark that goes with an action.
pub(crate) fn note(action: CaseAction, dice: &mut Dice) -> Option<String> {
    let remarks: &[&str] = match action {
        CaseAction::Refuse => &["不属于受理范围，已告知反映人", "信息不全且无法联系，暂不受理"],
        CaseAction::Merge => &["与已受理事项重复，合并办理"],
        CaseAction::SelfHandle => &["现场已处理完毕", "网格员当场协调解决"],
        CaseAction::Dispatch => &["请按时限办理", "请核实后处置并反馈"],
        CaseAction::Return => &["非本部门职责，依据职责清单退回"],
        CaseAction::Escalate => &["需上级协调", "超出本级处置权限"],
        CaseAction::Suspend => &["等待资金安排", "等待施工条件"],
        CaseAction::Extend => &["情况复杂，申请延期"],
        CaseAction::Resolve => &["已到场处置并整改到位", "已向反映人解释说明", "已完成维修"],
        CaseAction::Rework => &["现场核查未达标，请继续处置"],
        CaseAction::Check => &["现场核查通过"],
        CaseAction::Close => &["回访完成", "回访未接通，按期办结"],
        CaseAction::Reopen => &["反映人称问题再次出现"],
        CaseAction::Void => &["测试工单", "重复录入"],
        CaseAction::Report | CaseAction::Accept | CaseAction::Sign | CaseAction::Resume => return None,
    };
    Some(dice.pick(remarks).to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sea_orm::Iterable;

    use super::*;
    use crate::generate::categories::LEAVES;

    #[test]
    fn every_category_has_words_of_its_own_that_vary() {
        assert_eq!(MATTERS.len(), LEAVES.len());
        let mut said = HashSet::new();
        for category in LEAVES.iter() {
            let Matter { situations, requests } = matter(category.code);
            assert!(situations.len() > 1 && requests.len() > 1, "{}", category.code);
            for situation in situations {
                assert!(said.insert(*situation), "{situation}");
            }
            for kind in CaseKind::iter() {
                let words = |throw| words("幸福里", Some("幸福里和平路8号"), category, kind, throw);
                let texts: HashSet<String> = (0..40).map(|throw| words(throw).description).collect();
                assert!(texts.len() > 3, "{} {kind:?}", category.code);
                assert!((4..=60).contains(&words(1).title.chars().count()), "{}", words(1).title);
            }
        }
    }
}
