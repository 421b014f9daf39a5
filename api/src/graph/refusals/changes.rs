//! Why a change is not made.

use entities::region_code::RegionCode;

use super::{ErrorCode, FieldError, FieldErrorCode as Code, GraphError, Text};

pub(in crate::graph) fn not_known() -> GraphError {
    let message = Text::new("Only callers who are known may change anything.", "只有已登录的调用者才能进行更改。");
    GraphError::new(ErrorCode::Unauthenticated, message).hint(Text::new("Send a token with the request.", "请在请求中附上令牌。"))
}

pub(in crate::graph) fn no_key(name: &str, longest: usize) -> FieldError {
    let message = Text::new(
        format!("{name} must have 1 to {longest} characters, chosen anew for each change."),
        format!("{name} 必须为 1 至 {longest} 个字符，每次更改须另选。"),
    );
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn key_used() -> FieldError {
    let message = Text::new(
        "This key was used for another input; choose another key for another change.",
        "该键已用于另一份输入；不同的更改请使用不同的键。",
    );
    FieldError::new(&["idempotencyKey"], Code::KeyUsed, message)
}

pub(in crate::graph) fn required(name: &str) -> FieldError {
    FieldError::new(&[name], Code::Required, Text::new(format!("{name} must say something."), format!("必须填写 {name}。")))
}

pub(in crate::graph) fn too_short(name: &str, shortest: usize) -> FieldError {
    let message = Text::new(format!("{name} must have {shortest} characters or more."), format!("{name} 至少需要 {shortest} 个字符。"));
    FieldError::new(&[name], Code::TooShort, message)
}

pub(in crate::graph) fn too_long(name: &str, longest: usize) -> FieldError {
    let message = Text::new(format!("{name} may have {longest} characters at most."), format!("{name} 最多 {longest} 个字符。"));
    FieldError::new(&[name], Code::TooLong, message)
}

pub(in crate::graph) fn too_many(name: &str, most: usize) -> FieldError {
    FieldError::new(&[name], Code::TooLong, Text::new(format!("{name} may have {most} items at most."), format!("{name} 最多 {most} 项。")))
}

pub(in crate::graph) fn unprintable(name: &str) -> FieldError {
    let message = Text::new(format!("{name} must not hold the character U+0000."), format!("{name} 不得含有字符 U+0000。"));
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn no_word(name: &str) -> FieldError {
    let message = Text::new(
        format!("{name} must be one word of letters, digits, `-` and `_`."),
        format!("{name} 必须是由字母、数字、`-` 和 `_` 组成的一个词。"),
    );
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn no_id(name: &str, register: &str) -> FieldError {
    let message = Text::new(
        format!("{name} must be the id of a {register}, like \"{register}_01h455vb4pex5vsknk084sn02q\"."),
        format!("{name} 必须是 {register} 的标识，形如 \"{register}_01h455vb4pex5vsknk084sn02q\"。"),
    );
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn no_instant(name: &str) -> FieldError {
    let message = Text::new(
        format!("{name} must be an instant like \"2026-11-23T08:30:00Z\"."),
        format!("{name} 必须是时间，例如 \"2026-11-23T08:30:00Z\"。"),
    );
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn past(name: &str) -> FieldError {
    FieldError::new(&[name], Code::Past, Text::new(format!("{name} must lie in the future."), format!("{name} 必须晚于当前时间。")))
}

pub(in crate::graph) fn no_region_code(name: &str, text: &str) -> FieldError {
    let message = Text::new(
        format!("{text:?} in {name} is no region code; codes have 12 digits, or 15 for a grid."),
        format!("{name} 中的 {text:?} 不是区划代码；区划代码有 12 位数字，网格有 15 位。"),
    );
    FieldError::new(&[name], Code::Invalid, message)
}

pub(in crate::graph) fn no_region(name: &str, region: RegionCode) -> FieldError {
    FieldError::new(&[name], Code::Unknown, Text::new(format!("There is no region {region}."), format!("没有区划 {region}。")))
}

pub(in crate::graph) fn no_department(name: &str) -> FieldError {
    FieldError::new(&[name], Code::Unknown, Text::new("There is no such department.", "没有这个部门。"))
}

pub(in crate::graph) fn may_not_request() -> FieldError {
    let message = Text::new("None of your roles may ask for access for a department.", "您的角色都不能代表部门申请访问。");
    FieldError::new(&["department"], Code::NotAllowed, message)
}

pub(in crate::graph) fn not_your_department() -> FieldError {
    let message = Text::new("Name one of the departments that you may ask for.", "请指明一个您可以代表其申请的部门。");
    FieldError::new(&["department"], Code::NotAllowed, message)
}

pub(in crate::graph) fn no_such_register() -> FieldError {
    let message = Text::new("No role decides on such a register.", "没有角色可以对该登记册作出决定。");
    FieldError::new(&["register"], Code::Unknown, message)
}

pub(in crate::graph) fn no_such_purpose() -> FieldError {
    FieldError::new(&["purpose"], Code::Unknown, Text::new("The policy lists no such purpose.", "策略中没有列出该用途。"))
}

pub(in crate::graph) fn no_such_field(name: &str, register: &str) -> FieldError {
    let message =
        Text::new(format!("{name:?} is no field of {register} to ask for."), format!("{name:?} 不是 {register} 中可以申请的字段。"));
    FieldError::new(&["fields"], Code::Unknown, message)
}

pub(in crate::graph) fn no_agreement() -> FieldError {
    FieldError::new(&["agreement"], Code::Unknown, Text::new("There is no such agreement.", "没有这项协议。"))
}

pub(in crate::graph) fn outdated_agreement() -> FieldError {
    let message = Text::new("The agreement names a register or a field that is no longer there.", "该协议涉及的登记册或字段已不存在。");
    FieldError::new(&["agreement"], Code::State, message)
}

pub(in crate::graph) fn version(now: i32) -> FieldError {
    let message = Text::new(
        format!("The agreement has changed since you saw it: it has version {now} now."),
        format!("该协议在您查看之后已有变动，现在的版本为 {now}。"),
    );
    FieldError::new(&["version"], Code::Version, message)
}

pub(in crate::graph) fn not_in_this_state(decision: &str) -> FieldError {
    let message = Text::new(format!("{decision} is not possible in the agreement's state."), format!("协议目前的状态不允许 {decision}。"));
    FieldError::new(&["decision"], Code::State, message)
}

pub(in crate::graph) fn not_yours_to(decision: &str) -> FieldError {
    let message = Text::new(format!("None of your roles may {decision} this agreement."), format!("您的角色无权对该协议执行 {decision}。"));
    FieldError::new(&["decision"], Code::NotAllowed, message)
}

pub(in crate::graph) fn own_request() -> FieldError {
    let message = Text::new(
        "Nobody decides their own request, nor one of their own department.",
        "任何人都不得决定自己的申请，也不得决定本部门的申请。",
    );
    FieldError::new(&["decision"], Code::OwnRequest, message)
}

pub(in crate::graph) fn not_in_an_emergency() -> FieldError {
    let message = Text::new(
        "Nothing is granted while you have emergency access: what was taken for a while is not passed on.",
        "紧急访问期间不得同意任何申请：临时取得的权限不得转授。",
    );
    FieldError::new(&["decision"], Code::NotAllowed, message)
}

pub(in crate::graph) fn over() -> FieldError {
    let message = Text::new("The time that was asked for is over.", "所申请的期限已过。");
    FieldError::new(&["decision"], Code::Past, message)
}

pub(in crate::graph) fn too_wide(fields: &[&str]) -> FieldError {
    let names = fields.join(", ");
    let message = Text::new(
        format!("You do not see these fields on every row that the agreement would show: {names}."),
        format!("协议涉及的部分行上，您自己也看不到这些字段：{names}。"),
    );
    FieldError::new(&["decision"], Code::TooWide, message)
}

pub(in crate::graph) fn no_officer() -> FieldError {
    let message =
        Text::new("Emergency access is not set up here: no officer would be told.", "本系统未启用紧急访问：没有指定接收通知的负责人。");
    FieldError::new(&[], Code::NotSetUp, message)
}

pub(in crate::graph) fn no_role_to_take() -> FieldError {
    let message = Text::new("None of your roles allows another role in an emergency.", "您的角色都不允许在紧急情况下使用其他角色。");
    FieldError::new(&["role"], Code::NotAllowed, message)
}

pub(in crate::graph) fn not_a_role_to_take() -> FieldError {
    let message = Text::new("Name the role that you take.", "请指明要使用的角色。");
    FieldError::new(&["role"], Code::NotAllowed, message)
}

pub(in crate::graph) fn too_soon(free: &str) -> FieldError {
    let message = Text::new(
        format!(
            "You have emergency access now, or had it a short while ago; the next may be taken at {free}. Who needs it longer is given the role."
        ),
        format!("您正在使用或刚刚使用过紧急访问；最早可在 {free} 再次使用。需要更长时间的，应正式授予相应角色。"),
    );
    FieldError::new(&[], Code::TooSoon, message)
}

pub(in crate::graph) fn no_emergency() -> FieldError {
    FieldError::new(&[], Code::State, Text::new("You have no emergency access now.", "您目前没有紧急访问。"))
}

pub(in crate::graph) fn no_privacy_key() -> FieldError {
    let message = Text::new(
        "Look-ups are not set up here: they could not be recorded without being readable.",
        "本系统未启用人员核对：无法以不可读的方式记录核对内容。",
    );
    FieldError::new(&[], Code::NotSetUp, message)
}

pub(in crate::graph) fn no_purpose() -> FieldError {
    let message =
        Text::new("A look-up must state its purpose in the header Civigrid-Purpose.", "人员核对必须在请求头 Civigrid-Purpose 中说明用途。");
    FieldError::new(&[], Code::Purpose, message)
}

pub(in crate::graph) fn quota(per_day: u32) -> FieldError {
    let message = Text::new(
        format!("You have looked up as many persons today as allowed: {per_day}."),
        format!("您今天的人员核对次数已达上限：{per_day} 次。"),
    );
    FieldError::new(&[], Code::Quota, message)
}

/// One of each, for the test that reads their wordings.
#[cfg(test)]
pub(super) fn examples() -> Vec<FieldError> {
    let region = entities::region_code::RegionCode::from_number(500_103_000_000_000);
    let mut examples = vec![
        no_key("idempotencyKey", 128),
        key_used(),
        required("reason"),
        too_short("reason", 10),
        too_long("reason", 10),
        too_many("fields", 10),
        unprintable("reason"),
        no_word("purpose"),
        no_id("agreement", "agreement"),
        no_instant("until"),
        past("until"),
        no_region_code("regions", "5"),
        no_department("department"),
        may_not_request(),
        not_your_department(),
        no_such_register(),
        no_such_purpose(),
        no_such_field("fone", "person"),
        no_agreement(),
        outdated_agreement(),
        version(2),
        not_in_this_state("GRANT"),
        not_yours_to("GRANT"),
        own_request(),
        not_in_an_emergency(),
        over(),
        too_wide(&["phone"]),
        no_officer(),
        no_role_to_take(),
        not_a_role_to_take(),
        too_soon("2026-06-30T04:00:00Z"),
        no_emergency(),
        no_privacy_key(),
        no_purpose(),
        quota(50),
    ];
    examples.extend(region.map(|region| no_region("regions", region)));
    examples
}
