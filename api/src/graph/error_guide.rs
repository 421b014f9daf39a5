//! What clients are told about the codes of errors: when they come, and what to do. The page on errors is written from it.

use super::error::ErrorCode;

/// One code, as the page on errors tells of it.
pub struct ErrorEntry {
    /// The code as clients see it.
    pub word: &'static str,
    /// When it comes.
    pub when: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// Every code of the graph.
pub fn error_guide() -> impl Iterator<Item = ErrorEntry> {
    ErrorCode::ALL.iter().map(|code| {
        let (when, remedy) = explained(*code);
        ErrorEntry { word: code.word(), when, remedy }
    })
}

fn explained(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::ParseFailed => ("The document is not GraphQL.", "Look at `locations`."),
        ErrorCode::ValidationFailed => (
            "The document does not fit the schema: an unknown field, argument or enum value, a text where an enum value belongs, a subscription (there are none yet). Only the first finding is told.",
            "Compare with `schema.graphql`.",
        ),
        ErrorCode::BadInput => (
            "A variable or argument has a value that its type does not allow; a filter compares with `null`; a name is searched in more than one district; `first` and `last` together.",
            "The message says which.",
        ),
        ErrorCode::OperationNotFound => (
            "The document has several operations and the request names none, or one that is not there.",
            "Send `operationName`; the hint lists the operations.",
        ),
        ErrorCode::DocumentTooLarge => ("More bytes or tokens than allowed.", "Move values to variables; shorten."),
        ErrorCode::TooDeep => ("Nested deeper than allowed.", "Ask in two requests."),
        ErrorCode::TooWide => (
            "Too many fields once fragments are put in, too many aliases, or more than 32 to-one relations on one list.",
            "Use `in` or `nodes` instead of one alias a row.",
        ),
        ErrorCode::TooCostly => (
            "The pages could hold more nodes than the budget: page sizes multiply along each path and are summed. The message gives the figure of each path.",
            "Smaller `first` on the inner lists.",
        ),
        ErrorCode::PageTooLarge => ("`first` or `last` above the limit.", "Follow `pageInfo.endCursor` with `after`."),
        ErrorCode::CursorInvalid => ("No cursor of this list.", "Take cursors from `pageInfo` or `edges`."),
        ErrorCode::CursorMismatch => ("A cursor of another order.", "Keep `orderBy` the same from page to page."),
        ErrorCode::FieldWithheld => (
            "The field may not be filtered, ordered, grouped or measured by this caller; with `Civigrid-Withheld: error`, also: a selected field is withheld.",
            "`me { permissions … }` lists what may be used; on `SOME` rows add `fullyVisible`. See [access.md](access.md).",
        ),
        ErrorCode::PurposeUnknown => (
            "The header `Civigrid-Purpose` names no purpose that the policy lists.",
            "The hint lists them; `me { purposes { code title } }` does too.",
        ),
        ErrorCode::SmallGroups => (
            "Statistics of a field that the caller may aggregate and not see are bounded by `having`, ordered by a measure, or filtered by something finer than codes, truth values and regions, or by rows of a relation.",
            "Leave that out, or group and measure only what is shown. See [access.md](access.md#statistics-of-what-is-not-shown).",
        ),
        ErrorCode::ChangeNotAllowed => ("A change was asked by `GET`.", "Send it by `POST`."),
        ErrorCode::Unauthenticated => ("A change was asked without a token.", "Send the token of a known caller."),
        ErrorCode::Timeout => ("A statement took longer than allowed.", "Fewer rows; filter by a region or a date."),
        ErrorCode::AnswerTooLarge => ("The answer is larger than allowed.", "Fewer rows or fields."),
        ErrorCode::Unavailable => ("No database connection became free in time.", "Try again in a moment."),
        ErrorCode::AuditUnavailable => (
            "What was asked touches personal data, which is given only once the audit log has noted it, and the log could not be written: the disk is full, say. Public data is answered all the same.",
            "Try again in a moment; the administrator sees the cause in the server's log.",
        ),
        ErrorCode::Internal => ("A fault of the server.", "Give the `requestId` to the administrator."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_codes_share_a_word() {
        let mut words: Vec<&str> = error_guide().map(|entry| entry.word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ErrorCode::ALL.len());
    }
}
