//! What ends, ends at its second; what is bounded to regions gives nothing elsewhere; what is agreed is given to whom it is agreed with.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entities::catalog;
use uuid::Uuid;

use super::*;
use crate::clock::{Clock, Now};

const POLICY: &str = r#"
version = 1
[role.day]
title = "until the end of a day"
[[role.day.grant]]
register = "person"
rows = ["region"]
show = ["phone"]
until = 2026-12-31
minors = true
[role.instant]
title = "until an instant"
[[role.instant.grant]]
register = "person"
rows = ["region"]
show = ["phone"]
until = "2026-12-31T18:00:00+08:00"
regions = ["500103001000", "500104000000"]
minors = true
[role.everywhere]
title = "everywhere, in one region"
requests = true
decides = ["person"]
break_glass = "day"
[[role.everywhere.grant]]
register = "person"
rows = ["all"]
show = ["phone"]
match = ["idNumber", "name"]
regions = ["500103000000"]
minors = true
"#;

fn policy() -> Policy {
    Policy::parse(POLICY, "p.toml").expect("sound")
}

fn now(text: &str) -> Now {
    let at: DateTime<Utc> = DateTime::parse_from_rfc3339(text).expect("an instant").to_utc();
    Clock::fixed(at, chrono_tz::Asia::Shanghai).now()
}

fn caller(role: &str, regions: &[&str]) -> Caller {
    let regions = regions.iter().map(|code| code.parse().expect("a code")).collect();
    let assignment = Assignment { role: role.to_owned(), regions, board: None, department: Some(Uuid::from_u128(1)), projects: Vec::new() };
    Caller { assignments: vec![assignment], ..Caller::anonymous() }
}

fn phone_at(caller: &Caller, agreements: &Agreements, now: Now) -> Vec<Vec<Atom>> {
    let person = catalog::register("person").expect("a register");
    let permits = policy().permits_at(caller, Present { now, agreements });
    let permit = permits.of(person);
    let phone = person.field("phone").expect("a field").0;
    if permit.cover(Right::Show, phone) == Cover::Nowhere {
        return Vec::new();
    }
    permit.scope().map(|condition| condition.atoms().to_vec()).collect()
}

#[test]
fn a_day_holds_to_its_end_in_the_zone_and_an_instant_to_the_second() {
    let none = Agreements::default();
    let day = caller("day", &["500103000000"]);
    assert!(!phone_at(&day, &none, now("2026-12-31T23:59:59+08:00")).is_empty());
    assert!(phone_at(&day, &none, now("2027-01-01T00:00:00+08:00")).is_empty());
    let instant = caller("instant", &["500103000000"]);
    assert!(!phone_at(&instant, &none, now("2026-12-31T17:59:59+08:00")).is_empty());
    assert!(phone_at(&instant, &none, now("2026-12-31T18:00:00+08:00")).is_empty());
    let next = |text| policy().next_change(Present { now: now(text), agreements: &none });
    assert_eq!(next("2026-06-30T12:00:00+08:00"), Some(now("2026-12-31T18:00:00+08:00").instant));
    assert_eq!(next("2026-12-31T18:00:00+08:00"), Some(now("2027-01-01T00:00:00+08:00").instant));
    assert_eq!(next("2027-01-01T00:00:00+08:00"), None);
    let ended: Vec<String> = policy().ended(now("2027-01-01T00:00:00+08:00")).iter().map(ToString::to_string).collect();
    assert_eq!(ended[0], "p.toml:5: this grant of role \"day\" has ended (2026-12-31): it gives nothing any more");
    assert_eq!(ended.len(), 2);
}

#[test]
fn regions_of_a_grant_meet_those_of_the_assignment() {
    let (none, at) = (Agreements::default(), now("2026-06-30T12:00:00+08:00"));
    let regions = |role: &str, own: &[&str]| phone_at(&caller(role, own), &none, at);
    let one = |code: &str| vec![vec![Atom::Regions(vec![code.parse().expect("a code")])]];
    assert_eq!(regions("instant", &["500103000000"]), one("500103001000"), "the grant's region is narrower");
    assert_eq!(regions("instant", &["500104001001"]), one("500104001001"), "the assignment's region is narrower");
    assert!(regions("instant", &["500105000000"]).is_empty(), "they do not meet");
    assert_eq!(regions("everywhere", &[]), one("500103000000"), "rows of all are bounded too");
}

#[test]
fn an_agreement_gives_to_its_department_alone_and_not_of_children() {
    let person = catalog::register("person").expect("a register");
    let fields = ["phone"].iter().filter_map(|name| person.field(name)).map(|(index, _)| index).collect();
    let from = now("2026-06-30T12:00:00+08:00").instant;
    let agreement = Agreement {
        id: Uuid::from_u128(7),
        department: Uuid::from_u128(1),
        register: person,
        fields,
        regions: vec!["500105000000".parse().expect("a code")],
        purpose: "SUBSIDY".to_owned(),
        basis: "a contract".to_owned(),
        from,
        until: from + TimeDelta::seconds(10),
    };
    let agreements = Agreements::of(vec![agreement.clone()]);
    let at = |seconds| Clock::fixed(from + TimeDelta::seconds(seconds), chrono_tz::Asia::Shanghai).now();
    let own = caller("day", &["500105000000"]);
    for (seconds, holds) in [(-1, false), (0, true), (9, true), (10, false)] {
        let elsewhere = caller("instant", &["500105000000"]);
        assert_eq!(!phone_at(&elsewhere, &agreements, at(seconds)).is_empty(), holds, "{seconds}");
    }
    let mut stranger = own.clone();
    stranger.assignments[0].department = Some(Uuid::from_u128(2));
    stranger.assignments[0].role = "instant".to_owned();
    assert!(phone_at(&stranger, &agreements, at(0)).is_empty());
    let unknown = Caller { assignments: vec![Assignment { role: "gone".to_owned(), ..own.assignments[0].clone() }], ..own };
    assert!(phone_at(&unknown, &agreements, at(0)).is_empty(), "an assignment with an unknown role gives nothing");
    let scopes = phone_at(&caller("instant", &[]), &agreements, at(0));
    let phone = person.field("phone").expect("a field").0;
    let permits = policy().permits_at(&caller("instant", &[]), Present { now: at(0), agreements: &agreements });
    assert!(matches!(permits.of(person).cover(Right::Show, phone), Cover::Where { .. }), "not on children's rows: {scopes:?}");
    // Who decides gives no more than they see.
    let decider =
        |regions: &[&str]| policy().permits_at(&caller("everywhere", regions), Present { now: at(0), agreements: &Agreements::default() });
    assert_eq!(Policy::lacking_for(&decider(&[]), &agreement), ["phone"], "it sees another district");
    let near = Agreement { regions: vec!["500103001000".parse().expect("a code")], ..agreement };
    assert!(Policy::lacking_for(&decider(&[]), &near).is_empty());
}

#[test]
fn duties_follow_the_roles_that_are_held() {
    let (policy, everywhere) = (policy(), caller("everywhere", &["500103000000"]));
    let person = catalog::register("person").expect("a register");
    assert_eq!(policy.requesting(&everywhere).count(), 1);
    assert_eq!(policy.deciding(&everywhere, person).count(), 1);
    assert_eq!(policy.deciding(&everywhere, catalog::register("case").expect("a register")).count(), 0);
    assert_eq!(policy.emergency(&everywhere), [Assignment { role: "day".to_owned(), ..everywhere.assignments[0].clone() }]);
    let other = caller("day", &[]);
    assert_eq!((policy.requesting(&other).count(), policy.deciding(&other, person).count(), policy.emergency(&other).len()), (0, 0, 0));
}

#[test]
fn only_who_may_match_all_fields_at_once_finds_rows() {
    let person = catalog::register("person").expect("a register");
    let field = |name: &str| person.field(name).expect("a field").0;
    let agreements = Agreements::default();
    let present = Present { now: now("2026-06-30T12:00:00+08:00"), agreements: &agreements };
    let policy = policy();
    let may = |role: &str, fields: &[usize]| {
        !policy.match_permits(&caller(role, &["500103000000"]), person, fields, present).of(person).is_empty()
    };
    assert!(may("everywhere", &[field("idNumber"), field("name")]));
    assert!(!may("everywhere", &[field("idNumber"), field("phone")]));
    assert!(!may("day", &[field("idNumber"), field("name")]));
    let permits = policy.match_permits(&caller("everywhere", &[]), person, &[field("idNumber"), field("name")], present);
    assert_eq!(permits.of(person).cover(Right::Show, field("phone")), Cover::Nowhere, "nothing is shown under it");
    let day = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
    assert_eq!(present.now.today, day);
}
