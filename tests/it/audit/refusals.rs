//! What was refused stands in the log, and whoever oversees it finds it.

use serde_json::{Value, json};

use super::{connect, on, records_of, settle};
use crate::harness::{self, App};
use crate::masked::for_purpose;

#[tokio::test]
async fn refused_purposes_changes_and_searches_for_duplicates_are_found_by_an_auditor() {
    for database in harness::fresh_databases().await {
        let app = App::start_with(&database, |config| {
            on(config);
            config.break_glass.notify_url = Some("http://127.0.0.1:9/nobody-is-told".to_owned());
        })
        .await;
        let connection = connect(&database).await;
        let secretary = app.of("community_secretary");
        let wrong = for_purpose(&secretary, "NONSENSE", "query Purpose { persons(first: 1) { nodes { name } } }").await;
        assert_eq!(wrong.code(), "PURPOSE_UNKNOWN", "{}", wrong.text);
        let taking = "mutation Take($input: BreakGlassInput!) { breakGlass(input: $input) { status fieldErrors { code } } }";
        let input = json!({ "reason": "a fire in the house of the neighbours", "idempotencyKey": "k1" });
        let taken = secretary.ask(taking, json!({ "input": input })).await;
        assert_eq!(taken.data()["breakGlass"]["fieldErrors"][0]["code"], "NOT_ALLOWED", "{}", taken.text);
        app.of("auditor").query("query Twice { personDuplicates(field: ID_NUMBER) { nodes { count } } }").await.data();
        for (operation, kind, outcome, errors) in [
            ("Purpose", "READ", "REFUSED", json!(["PURPOSE_UNKNOWN"])),
            ("breakGlass", "CHANGE", "REFUSED", json!(["NOT_ALLOWED"])),
            ("Twice", "READ", "COMPLETE", Value::Null),
        ] {
            let records = records_of(&connection, operation).await;
            assert_eq!(records.len(), 1, "{:?} {operation}: {records:?}", database.backend);
            assert_eq!((&records[0]["kind"], &records[0]["outcome"], &records[0]["errors"]), (&json!(kind), &json!(outcome), &errors));
        }
        assert_eq!(records_of(&connection, "Twice").await[0]["used"], json!(["person.idNumber"]));
        settle(&connection).await;
        let question = "{ auditRecords(filter: { operation: { in: [\"Purpose\", \"breakGlass\", \"Twice\"] } }, orderBy: [{ field: OPERATION }]) { nodes { operation outcome } } }";
        let found = app.of("auditor").query(question).await;
        let told = json!([
            { "operation": "Purpose", "outcome": "REFUSED" },
            { "operation": "Twice", "outcome": "COMPLETE" },
            { "operation": "breakGlass", "outcome": "REFUSED" },
        ]);
        assert_eq!(found.data()["auditRecords"]["nodes"], told, "{}", found.text);
    }
}
