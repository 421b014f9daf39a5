//! What HTTP says when it refuses: every message and hint, in every language.

use super::refusal::Code;
use crate::language::Text;

/// What is wrong, where nothing more particular is known.
pub(super) fn message(code: Code) -> Text {
    match code {
        Code::Unauthenticated => Text::new("the token is missing or not valid", "缺少令牌或令牌无效"),
        Code::RateLimited => Text::new("too many requests", "请求过于频繁"),
        Code::BodyTooLarge => Text::new("the body is too large", "请求体过大"),
        Code::UnsupportedMediaType => Text::new("the body is not declared as JSON", "请求体没有声明为 JSON"),
        Code::NotAcceptable => Text::new("there is no answer in a form that Accept allows", "没有 Accept 所允许形式的应答"),
        Code::BadRequest => Text::new("this is no GraphQL request", "这不是 GraphQL 请求"),
        Code::PersistedQueryNotFound => Text::protocol("PersistedQueryNotFound"),
        Code::Timeout => Text::new("the answer took too long", "应答用时过长"),
        Code::Internal => Text::new("the server failed", "服务器出错"),
        Code::NotFound => Text::new("there is nothing here", "此处没有内容"),
        Code::MethodNotAllowed => Text::new("this method is not allowed here", "此处不允许使用该方法"),
        Code::Forbidden => Text::new("this account may not ask this", "该账户无权这样查询"),
        Code::UntrustedDocument => {
            Text::new("this client may only send documents that are registered for it", "该客户端只能发送已为其登记的查询文档")
        }
        Code::QuotaExceeded => Text::new("the client's requests of this day are used up", "该客户端当日的请求次数已用完"),
        Code::NotReady => Text::new("the database does not answer", "数据库没有应答"),
    }
}

/// What would be right.
pub(super) fn hint(code: Code) -> Text {
    match code {
        Code::Unauthenticated => Text::new(
            "send \"Authorization: Bearer <token>\" with a current token of an issuer that this server trusts",
            "请发送 \"Authorization: Bearer <token>\"，令牌须在有效期内并由本服务器信任的签发方签发",
        ),
        Code::RateLimited => Text::new("wait for the seconds that Retry-After tells", "请等待 Retry-After 所示的秒数"),
        Code::BodyTooLarge => Text::new("ask for less at once, or shorten the document", "请减少一次查询的内容，或缩短查询文档"),
        Code::UnsupportedMediaType => Text::new("send \"Content-Type: application/json\"", "请发送 \"Content-Type: application/json\""),
        Code::NotAcceptable => Text::new(
            "accept application/graphql-response+json or application/json",
            "请接受 application/graphql-response+json 或 application/json",
        ),
        Code::BadRequest => Text::new("send {\"query\": \"…\", \"variables\": {…}}", "请发送 {\"query\": \"…\", \"variables\": {…}}"),
        Code::PersistedQueryNotFound => {
            Text::new("send the document as query, together with its hash", "请在 query 中发送完整的查询文档，并附上其哈希值")
        }
        Code::Timeout => Text::new("ask for fewer rows or relations, or narrow the filter", "请减少行数或关系，或收紧筛选条件"),
        Code::Internal => Text::new("tell the operator the request id", "请将请求编号告知运维人员"),
        Code::NotFound => Text::new("the graph is at /graphql", "图接口位于 /graphql"),
        Code::MethodNotAllowed => Text::new("use a method that Allow names", "请使用 Allow 所列的方法"),
        Code::Forbidden => Text::new("ask with an account that has the role for it", "请使用具有相应角色的账户"),
        Code::UntrustedDocument => Text::new(
            "send a registered document, or its SHA-256 in extensions.persistedQuery; an administrator registers documents",
            "请发送已登记的查询文档，或在 extensions.persistedQuery 中发送其 SHA-256；查询文档由管理员登记",
        ),
        Code::QuotaExceeded => Text::new(
            "wait for the seconds that Retry-After tells, or have the quota raised",
            "请等待 Retry-After 所示的秒数，或申请提高配额",
        ),
        Code::NotReady => Text::new("try again in a moment", "请稍后再试"),
    }
}

pub(super) fn administrators_only() -> Text {
    Text::new("only the role administrator may ask for explanations", "只有 administrator 角色可以要求说明")
}

/// The JSON reader's finding, whose sentence is English.
pub(super) fn no_question(finding: &str) -> Text {
    Text::new(format!("this is no question to explain: {finding}"), format!("这不是可以说明的查询：{finding}"))
}

pub(super) fn unknown_role(role: &str) -> Text {
    Text::new(format!("as.role: the policy has no role {role:?}"), format!("as.role：策略中没有角色 {role:?}"))
}

/// The finding is an English sentence of the layer that reads assignments.
pub(super) fn no_assignment(finding: &str) -> Text {
    Text::new(format!("as: {finding}"), format!("as 不正确：{finding}"))
}

pub(super) fn body_broke_off() -> Text {
    Text::new("the body broke off", "请求体中断")
}

pub(super) fn list_of_requests() -> Text {
    Text::new("a list of requests is not answered", "不接受请求列表")
}

pub(super) fn one_at_a_time() -> Text {
    Text::new("send one request at a time, or several root fields in one", "请一次发送一个请求，或在一个请求中放入多个根字段")
}

/// The JSON reader's finding, whose sentence is English.
pub(super) fn no_json(finding: &str) -> Text {
    Text::new(format!("the body is not JSON of a GraphQL request: {finding}"), format!("请求体不是 GraphQL 请求的 JSON：{finding}"))
}

pub(super) fn address_unreadable() -> Text {
    Text::new("the address cannot be read: a parameter stands twice or is not UTF-8", "无法读取地址：某个参数重复出现，或不是 UTF-8")
}

pub(super) fn parameter_no_json(name: &str) -> Text {
    Text::new(format!("{name} in the address is not JSON"), format!("地址中的 {name} 不是 JSON"))
}

pub(super) fn no_persisted_query() -> Text {
    Text::new("extensions.persistedQuery names no document", "extensions.persistedQuery 没有指明查询文档")
}

pub(super) fn a_persisted_query() -> Text {
    Text::new(
        "it is {\"version\": 1, \"sha256Hash\": \"…\"}, with the 64 hexadecimal digits of the document's SHA-256",
        "其形式为 {\"version\": 1, \"sha256Hash\": \"…\"}，即查询文档 SHA-256 的 64 位十六进制数字",
    )
}

pub(super) fn hash_of_another() -> Text {
    Text::new("sha256Hash is not the hash of this query", "sha256Hash 不是该 query 的哈希值")
}

pub(super) fn hash_the_text() -> Text {
    Text::new("hash the very text that is sent, in UTF-8", "请对所发送文本（UTF-8）本身计算哈希值")
}

pub(super) fn no_query() -> Text {
    Text::new("query is missing", "缺少 query")
}

pub(super) fn purpose_unreadable() -> Text {
    Text::new("Civigrid-Purpose must stand once and be one short word", "Civigrid-Purpose 请求头只能出现一次，且必须是一个简短的代码")
}

pub(super) fn must_be_text(name: &str) -> Text {
    Text::new(format!("{name} must be a text"), format!("{name} 必须是文本"))
}

pub(super) fn must_be_object(name: &str) -> Text {
    Text::new(format!("{name} must be an object"), format!("{name} 必须是对象"))
}
