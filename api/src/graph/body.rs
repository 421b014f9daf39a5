//! The parts of an answer's body: its errors, and the value of each root field.

use apollo_compiler::response::JsonMap;
use serde_json::Value;

use super::answer::{Unwritten, Writer};
use super::error::{ErrorCode, GraphError};
use super::plan::{Plan, RootPlan};
use super::request::Request;
use super::{json, plain, refusals};

/// The errors of refused roots, and of withheld fields where the client wants them so; their codes go to `codes`.
pub(super) fn errors(plan: &Plan<'_>, request: &Request, codes: &mut Vec<ErrorCode>) -> Vec<Value> {
    let mut told = |error: &GraphError| {
        codes.push(error.code);
        error.to_json(&request.request_id, request.language)
    };
    let mut errors: Vec<Value> = plan.roots.iter().filter_map(|(_, root)| root.as_ref().err()).map(&mut told).collect();
    if request.withheld_as_errors {
        for withheld in &plan.withheld {
            let name = format!("{}.{}", withheld.register.type_name, withheld.field.name);
            let error = refusals::rights::not_shown(&name, withheld.on_some_rows).path(withheld.path.clone());
            errors.push(told(&error));
        }
    }
    errors
}

/// Writes the value of a root field.
pub(super) fn write_root(
    writer: &mut Writer<'_>,
    key: &str,
    root: &Result<RootPlan<'_>, GraphError>,
    introspected: &JsonMap,
) -> Result<(), Unwritten> {
    match root {
        Err(_) | Ok(RootPlan::Null) => json::null(&mut writer.out),
        Ok(RootPlan::Typename) => json::string(&mut writer.out, "Query"),
        Ok(RootPlan::Introspection) => {
            let text = introspected.get(key).and_then(|value| serde_json::to_vec(value).ok());
            writer.out.extend_from_slice(text.as_deref().unwrap_or(b"null"));
        }
        Ok(RootPlan::Plain(parts, value)) => plain::write(&mut writer.out, parts, value),
        Ok(RootPlan::Access { parts, explanation, file, row }) => writer.reason(parts, explanation, file, *row)?,
        Ok(RootPlan::Object(plan)) => writer.single(plan)?,
        Ok(RootPlan::Connection(plan)) => writer.connection(plan, 0)?,
        Ok(RootPlan::Stats(plan)) => writer.stats(plan)?,
        Ok(RootPlan::Duplicates(plan)) => writer.duplicates(plan)?,
        Ok(RootPlan::Menu(plan)) => writer.menu(plan)?,
        Ok(RootPlan::Nodes(plans, slots)) => writer.nodes(plans, slots)?,
    }
    Ok(())
}
