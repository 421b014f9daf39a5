//! What the register of accounts adds to a token, and takes from it.

use entities::account_revocation::Model as Revocation;
use entities::id::Id;
use entities::role_assignment::Model as Assigned;
use uuid::Uuid;

use super::*;

fn assigned(role: &str, from: i64, to: Option<i64>) -> Assigned {
    let instant = |seconds| DateTime::from_timestamp(seconds, 0).expect("a time");
    Assigned {
        id: Id::new(Uuid::nil()),
        issuer: ISSUER.to_owned(),
        subject: "someone".to_owned(),
        role: role.to_owned(),
        region_code: Some("500103000000".parse().expect("a code")),
        board: None,
        department_id: None,
        project_code: None,
        person_id: Some(Id::new(Uuid::from_u128(7))),
        from_at: instant(from),
        to_at: to.map(instant),
        reason: "needed".to_owned(),
        granted_by_issuer: ISSUER.to_owned(),
        granted_by: "somebody else".to_owned(),
        ended_by_issuer: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: instant(from),
        updated_at: instant(from),
    }
}

fn revoked(subject: Option<&str>, token: Option<&str>, issuer: &str) -> Revocation {
    Revocation {
        id: Id::new(Uuid::nil()),
        issuer: issuer.to_owned(),
        subject: subject.map(str::to_owned),
        token: token.map(str::to_owned),
        from_at: DateTime::from_timestamp(NOW, 0).expect("a time"),
        to_at: None,
        reason: "lost".to_owned(),
        revoked_by_issuer: ISSUER.to_owned(),
        revoked_by: "somebody else".to_owned(),
        lifted_by_issuer: None,
        lifted_by: None,
        lift_reason: None,
    }
}

impl World {
    fn install(&self, assigned: Vec<Assigned>, revoked: Vec<Revocation>) {
        self.authenticator.install_accounts(Some(Accounts::of(assigned, revoked)), tokio::time::Instant::now());
    }

    fn roles_at(&self, token: &str, now: i64) -> Vec<String> {
        let session = self.ask_at(token, now).expect("accepted");
        session.caller.assignments.iter().map(|assignment| assignment.role.clone()).collect()
    }
}

#[test]
fn roles_come_from_the_register_where_the_issuer_is_not_trusted_for_them() {
    let world = World::with(false);
    let token = world.signer.sign(&claims()).expect("signed");
    assert!(world.roles_at(&token, NOW).is_empty());
    world.install(vec![assigned("resident", NOW, None), assigned("emperor", NOW, None)], Vec::new());
    assert_eq!(world.roles_at(&token, NOW), ["resident"], "a role that the policy does not know gives nothing");
    world.install(Vec::new(), Vec::new());
    assert!(world.roles_at(&token, NOW).is_empty(), "what is gone from the register is gone from remembered tokens");

    let trusted = World::new();
    trusted.install(vec![assigned("resident", NOW, None)], Vec::new());
    let token = trusted.signer.sign(&claims()).expect("signed");
    assert_eq!(trusted.roles_at(&token, NOW), ["auditor"], "a trusted issuer's tokens bring their own roles and no others");
}

#[test]
fn an_end_ends_the_rights_at_that_second_even_of_a_remembered_token() {
    let world = World::with(false);
    let token = world.signer.sign(&claims()).expect("signed");
    world.install(vec![assigned("resident", NOW + 5, Some(NOW + 10)), assigned("auditor", NOW - 5, Some(NOW + 7))], Vec::new());
    for (seconds, roles) in [
        (0, vec!["auditor"]),
        (4, vec!["auditor"]),
        (5, vec!["resident", "auditor"]),
        (6, vec!["resident", "auditor"]),
        (7, vec!["resident"]),
        (9, vec!["resident"]),
        (10, vec![]),
        (11, vec![]),
        (6, vec!["resident", "auditor"]),
    ] {
        assert_eq!(world.roles_at(&token, NOW + seconds), roles, "after {seconds} s");
    }
}

#[test]
fn a_session_is_made_once_while_nothing_changes() {
    let world = World::with(false);
    let token = world.signer.sign(&claims()).expect("signed");
    world.install(vec![assigned("auditor", NOW, Some(NOW + 30))], Vec::new());
    let first = world.ask(&token).expect("accepted");
    assert!(Arc::ptr_eq(&first, &world.ask_at(&token, NOW + 29).expect("accepted")));
    world.authenticator.install_accounts(None, tokio::time::Instant::now());
    assert!(Arc::ptr_eq(&first, &world.ask(&token).expect("accepted")));
}

#[test]
fn the_register_names_the_person_where_the_token_does_not() {
    let world = World::with(false);
    world.install(vec![assigned("resident", NOW, None)], Vec::new());
    let nameless = world.signer.sign(&changed(|claims| claims.person = None)).expect("signed");
    assert_eq!(world.ask(&nameless).expect("accepted").caller.person, Some(Uuid::from_u128(7)));
    let named = world.signer.sign(&claims()).expect("signed");
    assert_ne!(world.ask(&named).expect("accepted").caller.person, Some(Uuid::from_u128(7)));
}

#[test]
fn a_revocation_refuses_a_token_that_was_good_a_moment_ago() {
    for trusted in [true, false] {
        let world = World::with(trusted);
        let token = world.signer.sign(&claims()).expect("signed");
        let other = world.signer.sign(&changed(|claims| claims.jti = "2".to_owned())).expect("signed");
        assert!(world.ask(&token).is_ok() && world.ask(&other).is_ok());
        world.install(Vec::new(), vec![revoked(None, Some("1"), ISSUER)]);
        assert_eq!(world.cause(&token), Cause::TokenRevoked);
        assert!(world.ask(&other).is_ok(), "another token of the account holds on");
        world.install(Vec::new(), vec![revoked(Some("someone"), None, ISSUER)]);
        assert_eq!((world.cause(&token), world.cause(&other)), (Cause::AccountRevoked, Cause::AccountRevoked));
        world.install(Vec::new(), vec![revoked(None, Some("1"), "https://other.example"), revoked(Some("1"), None, ISSUER)]);
        assert!(world.ask(&token).is_ok(), "another issuer's revocation, and that of another account");
    }
}

#[tokio::test]
async fn a_copy_that_was_not_read_for_long_is_not_believed() {
    let world = World::new();
    let token = world.signer.sign(&claims()).expect("signed");
    let ago = |seconds| tokio::time::Instant::now().checked_sub(Duration::from_secs(seconds)).expect("the machine runs for some time");
    world.authenticator.install_accounts(Some(Accounts::default()), ago(1));
    assert!(world.ask(&token).is_ok());
    world.authenticator.install_accounts(None, ago(6));
    assert_eq!(world.cause(&token), Cause::AccountsUnread, "also where the token is remembered");
    let now = DateTime::from_timestamp(NOW, 0).expect("a time");
    assert!(world.authenticator.session(None, now).is_ok(), "who has no token has none revoked");
    // A request waits for the next look.
    let waiting = world.authenticator.wait_for(&Cause::AccountsUnread, None, now);
    let looking = async {
        tokio::task::yield_now().await;
        world.authenticator.install_accounts(None, tokio::time::Instant::now());
    };
    let started = tokio::time::Instant::now();
    assert!(tokio::join!(waiting, looking).0);
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(world.ask(&token).is_ok());
}
