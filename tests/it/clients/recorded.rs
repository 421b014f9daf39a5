//! What clients leave in the audit log: which of them asked, and every change of them.

use civigrid::config::Authentication;
use civigrid::http::authentication::{Assigned, Claims};
use civigrid::store::clients::{self, Application, NewDocument};
use serde_json::{Value, json};

use super::{Admitted, Time, answered, soon};
use crate::audit::{connect, on, records, records_of};
use crate::harness::{self, Who};

#[tokio::test]
async fn a_request_is_recorded_with_the_id_of_the_client_and_held_to_its_limits() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let server = time.server_with(&database, on).await;
        let Admitted { id, key, .. } = time.admitted(&store, Application { page_size: Some(3), ..time.application("screen") }).await;
        soon(&[&server], &key, "a client", answered).await;
        let connection = connect(&database).await;
        let recorded = async |operation: &str| records_of(&connection, operation).await;

        // On its own account.
        let own = "query Own { cases(first: 3, filter: { reporterPhone: { eq: \"13900000000\" } }) { nodes { id } } }";
        let answer = server.with_token(key.clone()).query(own).await;
        assert_eq!(answer.code(), "FIELD_WITHHELD", "{}", answer.text);
        let records = recorded("Own").await;
        let told: Vec<_> = records.iter().map(|record| [&record["client"], &record["account"], &record["outcome"]]).collect();
        assert_eq!(told, [[&json!(id), &json!(id), &json!("REFUSED")]]);
        assert_eq!(records[0]["issuer"], Authentication::CLIENT_ISSUER);

        // A person through it, whatever the token calls it; one that is not registered has the name that the token gives.
        let through = |client: &str| {
            let claims = harness::claims(Authentication::DEVELOPMENT_ISSUER, Authentication::DEVELOPMENT_AUDIENCE);
            let Who { regions, .. } = Who::of("community_secretary");
            let regions = regions.iter().map(ToString::to_string).collect();
            let assignments = vec![Assigned { role: "community_secretary".to_owned(), regions, ..Assigned::default() }];
            Some(harness::sign(&Claims { client: Some(client.to_owned()), assignments, ..claims }))
        };
        for (operation, named, expected) in [("Name", "screen", id.as_str()), ("Id", &id, &id), ("Other", "elsewhere", "elsewhere")] {
            let names = |first: u32| format!("query {operation} {{ persons(first: {first}) {{ nodes {{ name }} }} }}");
            let answer = server.with_token(through(named)).query(&names(3)).await;
            assert_eq!(answer.data()["persons"]["nodes"].as_array().map(Vec::len), Some(3), "{}", answer.text);
            let records = recorded(operation).await;
            let told: Vec<_> = records.iter().map(|record| &record["client"]).collect();
            assert_eq!(told, [&json!(expected)], "{named}");
            let code = server.with_token(through(named)).query(&names(4)).await;
            assert_eq!(code.json["errors"][0]["extensions"]["code"] == "PAGE_TOO_LARGE", named != "elsewhere", "{}", code.text);
        }
    }
}

#[tokio::test]
async fn every_change_of_a_client_is_recorded_with_it_or_not_made() {
    for database in harness::fresh_databases().await {
        let (time, store) = (Time::default(), database.open());
        let Admitted { id, key_id, .. } = time.admitted(&store, time.application("changed")).await;
        let document = NewDocument { name: "Cases".to_owned(), text: "query Cases { cases { totalCount } }".to_owned() };
        clients::register_documents(&store, &id, std::slice::from_ref(&document), &time.deed("keeper")).await.expect("registered");
        assert!(clients::register_documents(&store, &id, std::slice::from_ref(&document), &time.deed("keeper")).await.is_err(), "known");
        clients::remove_document(&store, &id, &clients::digest_of(&document.text), &time.deed("keeper")).await.expect("removed");
        let key = entities::id::Id::new(entities::id::parse(&key_id).expect("an id").1);
        clients::end_key(&store, key, &time.deed("keeper")).await.expect("ended");
        clients::end(&store, "changed", None, &time.deed("registrar")).await.expect("ended");
        let records = records(&connect(&database).await).await;
        let told: Vec<_> =
            records.iter().map(|record| [text(&record["operation"]), text(&record["account"]), text(&record["kind"])]).collect();
        let expected = [
            ["client add", "registrar", "CHANGE"],
            ["account grant", "granter", "CHANGE"],
            ["client key add", "keeper", "CHANGE"],
            ["client document add", "keeper", "CHANGE"],
            ["client document remove", "keeper", "CHANGE"],
            ["client key end", "keeper", "CHANGE"],
            ["client end", "registrar", "CHANGE"],
        ];
        assert_eq!(told, expected);
        assert_eq!(records[0]["shown"], json!(["client.ownerSubject", "client.reason", "client.registeredBy"]));
        assert!(records.iter().all(|record| record["reason"] == "for the test"), "{records:?}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
