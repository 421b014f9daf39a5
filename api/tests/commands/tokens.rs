//! `token` signs for as long as it is told.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Said, civigrid_with};

fn token(words: &[&str]) -> Said {
    let directory = tempfile::tempdir().expect("a directory");
    let secret = [("CIVIGRID_AUTHENTICATION__DANGEROUS_DEVELOPMENT_SECRET", "a secret of at least thirty-two bytes")];
    civigrid_with(directory.path(), &[&["token"], words].concat(), &secret)
}

/// How many seconds a token of these words lasts.
fn lifetime(words: &[&str]) -> i64 {
    let said = token(words);
    assert!(said.success, "{}", said.complaints);
    let claims = said.out.split('.').nth(1).expect("a token has three parts");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    claims["exp"].as_i64().expect("a number") - claims["iat"].as_i64().expect("a number")
}

#[test]
fn a_token_lasts_a_day_or_as_many_days_or_minutes_as_are_asked_for() {
    assert_eq!(lifetime(&[]), 86_400);
    assert_eq!(lifetime(&["--days", "2"]), 2 * 86_400);
    assert_eq!(lifetime(&["--minutes", "1"]), 60);
}

#[test]
fn a_token_is_given_one_lifetime_of_a_minute_or_more() {
    for words in [&["--minutes", "0"][..], &["--days", "0"], &["--minutes", "5", "--days", "1"]] {
        let said = token(words);
        assert!(!said.success && said.out.is_empty(), "{words:?}: {}", said.out);
    }
}
