//! The statement of one step: its text and its values.

use crate::policy::Permit;
use crate::store::context::Context;
use crate::store::select;
use crate::store::session::Statement;
use crate::store::tie::Tie;
use crate::store::{Backend, duplicates, statistics};

use super::plan::{Step, Work};

/// The statement of a step whose rows hang on no parent; None for other steps.
pub(super) fn of(step: &Step, backend: Backend, context: Context<'_>, permit: &Permit) -> Option<Statement> {
    let (text, values) = match &step.work {
        Work::ByKey { field, key, visible } => select::by_key(backend, context, permit, &step.table, *field, key, *visible),
        Work::ByIds(ids) => select::by_ids(backend, context, permit, &step.table, ids.clone()),
        Work::Page { filter, page } => select::page(backend, context, permit, &step.table, filter.as_ref(), page),
        Work::Count { filter, limit } => select::count(backend, context, permit, filter.as_ref(), *limit),
        Work::Groups { statistics, filter } => statistics::groups(backend, context, permit, &step.table, statistics, filter.as_ref()),
        Work::Duplicates(search) => duplicates::duplicates(backend, context, permit, &step.table, search),
        Work::Menu { table, scope } => statistics::base_table(backend, scope, table, context.today),
        Work::PerParent { .. } | Work::CountPerParent { .. } | Work::Region { .. } | Work::Regions { .. } => return None,
    };
    Some(Statement { text, values, keep: matches!(step.work, Work::Groups { .. } | Work::Menu { .. }), anew: false })
}

/// The statement of a step whose rows hang on these parents; None for other steps.
pub(super) fn of_parents(step: &Step, backend: Backend, context: Context<'_>, permit: &Permit, tie: &Tie) -> Option<Statement> {
    let (text, values) = match &step.work {
        Work::PerParent { filter, page, visible, .. } => {
            select::page_per_parent(backend, context, permit, &step.table, filter.as_ref(), page, tie, visible.of_rows())
        }
        Work::CountPerParent { filter, limit, visible, .. } => {
            select::count_per_parent(backend, context, permit, filter.as_ref(), *limit, tie, visible.of_rows())
        }
        _ => return None,
    };
    Some(Statement { text, values, keep: false, anew: false })
}
