use chrono::TimeDelta;
use entities::account_revocation;
use entities::id::Id;
use entities::region_code::RegionCode;

use super::*;

const NOW: DateTime<Utc> = match DateTime::from_timestamp(1_790_000_000, 0) {
    Some(instant) => instant,
    None => DateTime::UNIX_EPOCH,
};

fn account(subject: &str) -> Account {
    Account { issuer: "https://login.example".to_owned(), subject: subject.to_owned() }
}

fn row(role: &str, region: Option<&str>) -> role_assignment::Model {
    role_assignment::Model {
        id: Id::new(Uuid::nil()),
        issuer: "https://login.example".to_owned(),
        subject: "li".to_owned(),
        role: role.to_owned(),
        region_code: region.map(|code| code.parse().expect("a code")),
        board: None,
        department_id: None,
        project_code: None,
        person_id: None,
        from_at: NOW,
        to_at: None,
        reason: "needed".to_owned(),
        granted_by_issuer: "https://login.example".to_owned(),
        granted_by: "wang".to_owned(),
        ended_by_issuer: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn revocation(subject: Option<&str>, token: Option<&str>, to_at: Option<DateTime<Utc>>) -> account_revocation::Model {
    account_revocation::Model {
        id: Id::new(Uuid::nil()),
        issuer: "https://login.example".to_owned(),
        subject: subject.map(str::to_owned),
        token: token.map(str::to_owned),
        from_at: NOW,
        to_at,
        reason: "lost".to_owned(),
        revoked_by_issuer: "https://login.example".to_owned(),
        revoked_by: "wang".to_owned(),
        lifted_by_issuer: None,
        lifted_by: None,
        lift_reason: None,
    }
}

fn held(rows: Vec<role_assignment::Model>) -> Held {
    Accounts::of(rows, []).held(&account("li"), NOW)
}

#[test]
fn an_assignment_holds_from_its_first_instant_to_its_last_and_no_longer() {
    let (from, to) = (NOW + TimeDelta::seconds(10), NOW + TimeDelta::seconds(20));
    let accounts = Accounts::of([role_assignment::Model { from_at: from, to_at: Some(to), ..row("auditor", None) }], []);
    let tick = TimeDelta::microseconds(1);
    for (at, holds, until) in
        [(NOW, false, Some(from)), (from - tick, false, Some(from)), (from, true, Some(to)), (to - tick, true, Some(to)), (to, false, None)]
    {
        let held = accounts.held(&account("li"), at);
        assert_eq!((held.assignments.len() == 1, held.until), (holds, until), "{at}");
        assert_eq!(accounts.held(&account("lii"), at), Held::default());
        let other = Account { issuer: "https://other.example".to_owned(), ..account("li") };
        assert_eq!(accounts.held(&other, at), Held::default(), "the same subject of another issuer is another account");
    }
}

#[test]
fn rows_that_differ_in_place_or_project_alone_become_one_assignment() {
    let codes = ["500103001000", "500103002000", "500103003000"];
    let regions: Vec<RegionCode> = codes.iter().map(|code| code.parse().expect("a code")).collect();
    let rows: Vec<_> = codes.iter().map(|code| row("grid_worker", Some(code))).collect();
    let assignments = held(rows.clone()).assignments;
    assert_eq!((assignments.len(), &assignments[0].regions), (1, &regions));

    let mut with_projects = Vec::new();
    for project in ["A", "B"] {
        with_projects.extend(rows.iter().cloned().map(|row| role_assignment::Model { project_code: Some(project.to_owned()), ..row }));
    }
    let assignments = held(with_projects).assignments;
    assert_eq!((assignments.len(), &assignments[0].regions, assignments[0].projects.len()), (1, &regions, 2));
}

#[test]
fn what_gives_something_else_stays_apart() {
    let place = Some("500103001000");
    let others = [
        row("auditor", place),
        row("grid_worker", None),
        role_assignment::Model { board: Some(Board::Party), ..row("grid_worker", place) },
        role_assignment::Model { department_id: Some(Id::new(Uuid::from_u128(7))), ..row("grid_worker", place) },
        role_assignment::Model { project_code: Some("A".to_owned()), ..row("grid_worker", place) },
    ];
    for other in others {
        assert_eq!(held(vec![row("grid_worker", place), other.clone()]).assignments.len(), 2, "{other:?}");
    }
    // Projects of one place must not widen to another.
    let with = |project: &str, place: &str| role_assignment::Model { project_code: Some(project.to_owned()), ..row("a", Some(place)) };
    let assignments = held(vec![with("A", "500103001000"), with("B", "500103002000")]).assignments;
    assert_eq!(assignments.len(), 2);
    assert!(assignments.iter().all(|one| one.regions.len() == 1 && one.projects.len() == 1));
}

#[test]
fn a_person_is_told_only_if_all_assignments_agree() {
    let of = |number| role_assignment::Model { person_id: Some(Id::new(Uuid::from_u128(number))), ..row("auditor", None) };
    assert_eq!(held(vec![of(1), row("b", None)]).person, Some(Uuid::from_u128(1)));
    assert_eq!(held(vec![of(1), of(2)]).person, None);
}

#[test]
fn a_revocation_names_one_account_or_one_token_of_one_issuer() {
    let later = NOW + TimeDelta::seconds(10);
    let accounts = Accounts::of([], [revocation(Some("li"), None, None), revocation(None, Some("t1"), Some(later))]);
    assert!(accounts.is_revoked(&account("li"), NOW) && !accounts.is_revoked(&account("t1"), NOW));
    assert!(!accounts.is_revoked(&Account { issuer: "https://other.example".to_owned(), ..account("li") }, NOW));
    let token = |issuer: &str, token: &str, at| accounts.token_is_revoked(issuer, token, at);
    assert!(token("https://login.example", "t1", NOW) && !token("https://login.example", "li", NOW));
    assert!(!token("https://other.example", "t1", NOW) && !token("https://login.example", "t1", later));
    // Of several, the longest holds, in either order.
    for rows in [[None, Some(later)], [Some(later), None]] {
        let accounts = Accounts::of([], rows.map(|to| revocation(Some("li"), None, to)));
        assert!(accounts.is_revoked(&account("li"), later));
    }
}
