use chrono::TimeDelta;
use entities::id::Id;

use super::*;

const NOW: DateTime<Utc> = match DateTime::from_timestamp(1_790_000_000, 0) {
    Some(instant) => instant,
    None => DateTime::UNIX_EPOCH,
};

fn client(number: u128, name: &str) -> client::Model {
    client::Model {
        id: Id::new(Uuid::from_u128(number)),
        name: name.to_owned(),
        owner_issuer: Some("https://login.example".to_owned()),
        owner_subject: Some("li".to_owned()),
        department_id: None,
        contract: None,
        purposes: Some("SERVICE STATISTICS".to_owned()),
        from_at: NOW,
        to_at: None,
        requests_per_day: Some(-1),
        page_size: Some(10),
        node_budget: None,
        trusted_documents_only: true,
        reason: "needed".to_owned(),
        registered_by_issuer: "https://login.example".to_owned(),
        registered_by: "wang".to_owned(),
        ended_by_issuer: None,
        ended_by: None,
        end_reason: None,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn key(client: u128, text: &str) -> client_key::Model {
    client_key::Model {
        id: Id::new(Uuid::nil()),
        client_id: Id::new(Uuid::from_u128(client)),
        digest: digest_text(&digest_of(text)),
        last_four: "abcd".to_owned(),
        from_at: NOW,
        to_at: NOW + TimeDelta::seconds(20),
        reason: "needed".to_owned(),
        made_by_issuer: "https://login.example".to_owned(),
        made_by: "wang".to_owned(),
        ended_by_issuer: None,
        ended_by: None,
        end_reason: None,
    }
}

fn seconds(seconds: i64) -> DateTime<Utc> {
    NOW + TimeDelta::seconds(seconds)
}

#[test]
fn a_key_holds_while_it_and_its_client_do() {
    let row = client::Model { to_at: Some(seconds(10)), ..client(1, "a") };
    let clients = Clients::of([row, client(2, "b")], [key(1, "x"), key(2, "y"), key(3, "z")], []);
    let ask = |text: &str, at| clients.by_key(&digest_of(text), seconds(at)).map(|holding| (holding.client.name.clone(), holding.until));
    assert_eq!(ask("x", 0), Ok(("a".to_owned(), seconds(10))));
    assert_eq!(ask("y", 19), Ok(("b".to_owned(), seconds(20))));
    assert_eq!((ask("x", -1), ask("y", 20)), (Err(Refused::KeyEnded), Err(Refused::KeyEnded)));
    assert_eq!(ask("x", 10), Err(Refused::ClientEnded));
    assert_eq!((ask("w", 0), ask("z", 0)), (Err(Refused::UnknownKey), Err(Refused::UnknownKey)), "a key of nobody opens nothing");
}

#[test]
fn a_client_is_found_by_its_name_and_its_id_and_by_nothing_else() {
    let clients = Clients::of([client(1, "a")], [], []);
    let id = clients.by_name("a", NOW).expect("it holds").expect("known").client.subject.clone();
    assert!(id.starts_with("client_"));
    assert_eq!(clients.by_name(&id, NOW).expect("it holds").expect("known").client.name, "a");
    for word in ["A", "", "b", "client_00000000000000000000000007", &id.replace("client", "person")] {
        assert!(clients.by_name(word, NOW).expect("nobody").is_none(), "{word}");
    }
    assert!(clients.by_name("a", seconds(-1)).is_err());
}

#[test]
fn a_number_that_makes_no_sense_bounds_everything() {
    let clients = Clients::of([client(1, "a")], [], []);
    let client = clients.by_name("a", NOW).expect("it holds").expect("known").client;
    assert_eq!((client.requests_per_day, client.page_size, client.nodes), (Some(0), Some(10), None));
    assert_eq!(client.purposes.as_deref(), Some(["SERVICE".to_owned(), "STATISTICS".to_owned()].as_slice()));
}

#[test]
fn digests_are_read_as_they_are_written() {
    let digest = digest_of("{ me { kind } }");
    assert_eq!(digest_from_text(&digest_text(&digest)), Some(digest));
    assert_eq!(digest_from_text(&digest_text(&digest).to_uppercase()), Some(digest));
    for text in ["", "ab", &"g".repeat(64), &"ab".repeat(33), &"é".repeat(32), &format!("+{}", "a".repeat(63))] {
        assert_eq!(digest_from_text(text), None, "{text}");
    }
}
