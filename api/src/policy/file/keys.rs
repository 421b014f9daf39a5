//! The keys that each table of a policy file may have.

pub(super) const FILE_KEYS: &[&str] = &["version", "purposes", "role", "unseen", "accept"];
pub(super) const ACCEPT_KEYS: &[&str] = &["roles", "shows", "tells", "because"];
pub(super) const ROLE_KEYS: &[&str] = &["title", "grant", "deny", "menu", "requests", "decides", "break_glass"];
pub(super) const GRANT_KEYS: &[&str] = &[
    "register",
    "rows",
    "show",
    "mask",
    "filter",
    "aggregate",
    "duplicates",
    "match",
    "minors",
    "protected",
    "sensitive_codes",
    "purposes",
    "boards",
    "basis",
    "until",
    "regions",
];
pub(super) const DENY_KEYS: &[&str] = &["register", "rows", "fields"];
pub(super) const MENU_KEYS: &[&str] = &["register", "rows"];
