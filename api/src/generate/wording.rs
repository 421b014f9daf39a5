//! The words of cases: invented, put together from the category, the place and the kind of the report.

use entities::codes::{CaseAction, CaseKind};

use super::categories::Category;
use super::dice::Dice;

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

/// What a report of that kind about that category says.
pub(crate) fn words(community: &str, place: Option<&str>, category: &Category, kind: CaseKind, dice: &mut Dice) -> Words {
    let matter = category.name;
    let place = place.unwrap_or(community);
    let impact = category.impact;
    let days = dice.between(1, 15);
    let (title, description) = match kind {
        CaseKind::Consultation => {
            (format!("咨询：{matter}"), format!("来电人就“{matter}”提出咨询，涉及地点为{place}，{impact}，请告知办理途径和所需材料。"))
        }
        CaseKind::HelpRequest => {
            (format!("求助：{community}{matter}"), format!("{place}出现“{matter}”情况，已持续{days}天，{impact}，请协助处理。"))
        }
        CaseKind::Complaint => {
            (format!("投诉：{matter}"), format!("反映{place}“{matter}”问题，此前已反映过，{impact}，要求尽快解决并回复。"))
        }
        CaseKind::Report => (format!("{community}{matter}"), format!("巡查发现{place}存在“{matter}”，{impact}，请相关部门到场核实处置。")),
        CaseKind::Suggestion => (format!("建议：{matter}"), format!("建议对{place}的“{matter}”统筹考虑，{impact}，望采纳。")),
        CaseKind::Thanks => (format!("感谢：{matter}"), format!("感谢工作人员对{place}“{matter}”的及时处理。")),
    };
    Words { title, description }
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
