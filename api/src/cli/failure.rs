//! What went wrong, as one sentence for the one who typed the command.

use std::error::Error;

use sea_orm::{DbErr, RuntimeErr};

use crate::store;

/// What PostgreSQL and SQLite say where the role, the session or the file lets nothing be changed: insufficient privilege,
/// a transaction that only reads (manual, appendix A), a file that is only to be read.
const MAY_NOT: [&str; 3] = ["42501", "25006", "8"];

/// What went wrong, with its causes, each said once.
pub(super) fn told(error: &anyhow::Error) -> String {
    if let Some(refusal) = error.chain().find_map(refusal_of_rights) {
        return format!(
            "the role that connects to the database may not do this: {refusal}; connect as one that may, by database.url or --database"
        );
    }
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Some libraries repeat the cause in their own words.
        if !text.ends_with(&cause) {
            text.push_str(if text.is_empty() { "" } else { ": " });
            text.push_str(&cause);
        }
    }
    text
}

/// The database's own words, where it refuses for want of a right.
fn refusal_of_rights(cause: &(dyn Error + 'static)) -> Option<String> {
    let runtime = match cause.downcast_ref::<store::Error>() {
        Some(store::Error::Orm(DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error))) => error,
        _ => cause.downcast_ref::<RuntimeErr>()?,
    };
    let RuntimeErr::SqlxError(error) = runtime else { return None };
    let refused = error.as_database_error()?;
    refused.code().filter(|code| MAY_NOT.contains(&code.as_ref())).map(|_| refused.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_is_repeated_is_said_once() {
        let once = anyhow::anyhow!("no such file").context("cannot read x");
        assert_eq!(told(&once), "cannot read x: no such file");
        let repeated = anyhow::anyhow!("no such file").context("cannot read x: no such file");
        assert_eq!(told(&repeated), "cannot read x: no such file");
    }
}
