use super::*;
use crate::language::{Language, is_chinese};

/// One refusal of each code; a new code does not compile without one.
fn example(code: ErrorCode) -> GraphError {
    match code {
        ErrorCode::ParseFailed | ErrorCode::ValidationFailed => documents::not_graphql(code, "syntax error"),
        ErrorCode::BadInput => filters::search_too_wide("contains", "name"),
        ErrorCode::OperationNotFound => documents::no_operation(None, "A, B"),
        ErrorCode::DocumentTooLarge => documents::too_many_tokens(10),
        ErrorCode::TooDeep => documents::too_deep(20, 15),
        ErrorCode::TooWide => documents::too_many_aliases(200, 100),
        ErrorCode::TooCostly => lists::too_costly(60_000, 50_000, "cases: 60000"),
        ErrorCode::PageTooLarge => lists::page_too_large(2_000, 1_000),
        ErrorCode::CursorInvalid => lists::no_cursor(),
        ErrorCode::CursorMismatch => lists::cursor_of_another_order(),
        ErrorCode::FieldWithheld => rights::withheld("Person.name", rights::Use::Filter),
        ErrorCode::PurposeUnknown => rights::no_purpose("CARE, BENEFITS"),
        ErrorCode::SmallGroups => statistics::ordered_small_groups(),
        ErrorCode::ChangeNotAllowed => documents::change_by_get(),
        ErrorCode::Unauthenticated => changes::not_known(),
        ErrorCode::Timeout => server::timeout(),
        ErrorCode::AnswerTooLarge => server::answer_too_large(1_000),
        ErrorCode::Unavailable => server::busy(),
        ErrorCode::AuditUnavailable => server::unrecorded(),
        ErrorCode::Internal => server::failed(),
    }
}

#[test]
fn every_code_is_told_in_the_language_asked_for() {
    for code in ErrorCode::ALL {
        let error = example(*code);
        assert_eq!(error.code, *code);
        for language in Language::ALL {
            let json = error.to_json("request", language);
            assert_eq!(json["extensions"]["code"], code.word(), "codes stay as they are");
            for text in [&json["message"], &json["extensions"]["hint"]].into_iter().filter_map(|text| text.as_str()) {
                assert_eq!(text.chars().any(is_chinese), language == Language::Chinese, "{code:?} {language:?}: {text}");
            }
        }
    }
}

#[test]
fn every_use_of_a_field_is_worded_in_both_languages() {
    use rights::Use;
    for wanted in [Use::Filter, Use::LookUp, Use::Order, Use::Group, Use::Measure, Use::Duplicates] {
        let english = rights::withheld("Person.name", wanted).to_json("request", Language::English);
        let chinese = rights::withheld("Person.name", wanted).to_json("request", Language::Chinese);
        assert!(english["message"].as_str().is_some_and(|text| text.starts_with("You may not ")));
        assert!(chinese["message"].as_str().is_some_and(|text| text.starts_with("您无权按 Person.name ")));
    }
}

#[test]
fn every_field_error_is_worded_in_both_languages() {
    for error in changes::examples() {
        for language in Language::ALL {
            let json = error.to_json(language);
            let message = json["message"].as_str().expect("a message");
            assert_eq!(message.chars().any(is_chinese), language == Language::Chinese, "{json}");
        }
    }
}
