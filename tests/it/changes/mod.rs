//! Changes through the graph: agreements between departments, emergency access, exact look-ups.

mod agreements;
mod emergencies;
mod keys;
mod lookups;
mod terms;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use civigrid::clock::Clock;
use civigrid::config::{Authentication, Config};
use civigrid::http::authentication::{Assigned, Claims};
use entities::region_code::RegionCode;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{self, App, Client, Response, TestDatabase, Who, sign};

/// What callers are promised of changes that act on every server.
const SOON: Duration = Duration::from_secs(5);

/// A clock that the test moves.
#[derive(Clone, Default)]
struct Watch(Arc<AtomicI64>);

impl Watch {
    fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        harness::instant() + TimeDelta::seconds(seconds)
    }

    /// An instant as an input says it.
    fn text(seconds: i64) -> String {
        Self::at(seconds).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    async fn server(&self, database: &TestDatabase, change: impl FnOnce(&mut Config)) -> App {
        let watch = self.clone();
        let now = move || Self::at(watch.0.load(Ordering::SeqCst));
        App::start_at(database, Clock::told(now, Config::default().zone), change).await
    }
}

/// A caller whose account the test names.
#[derive(Clone)]
struct Asker {
    subject: &'static str,
    role: &'static str,
    regions: Vec<RegionCode>,
    department: Option<Uuid>,
    person: Option<Uuid>,
}

impl Asker {
    fn new(subject: &'static str, role: &'static str, regions: &[RegionCode]) -> Self {
        Self { subject, role, regions: regions.to_vec(), department: None, person: None }
    }

    fn of(self, department: Uuid) -> Self {
        Self { department: Some(department), ..self }
    }

    fn person(self, person: Uuid) -> Self {
        Self { person: Some(person), ..self }
    }

    fn at<'a>(&self, app: &'a App) -> Client<'a> {
        let base = harness::claims(Authentication::DEVELOPMENT_ISSUER, Authentication::DEVELOPMENT_AUDIENCE);
        let assigned = Assigned {
            role: self.role.to_owned(),
            regions: self.regions.iter().map(ToString::to_string).collect(),
            department: self.department.map(|id| text_of("department", id)),
            ..Assigned::default()
        };
        let claims = Claims {
            sub: self.subject.to_owned(),
            jti: self.subject.to_owned(),
            exp: base.iat + 500_000,
            person: self.person.map(|id| text_of("person", id)),
            assignments: vec![assigned],
            ..base
        };
        app.with_token(Some(sign(&claims)))
    }
}

fn text_of(register: &str, id: Uuid) -> String {
    entities::id::text(register, id)
}

/// Where the standard secretary works.
fn community() -> RegionCode {
    Who::of("community_secretary").regions[0]
}

fn district() -> RegionCode {
    Who::of("district_officer").regions[0]
}

/// Two departments.
fn departments() -> [Uuid; 2] {
    let rows = &harness::rows().departments;
    [rows[0].id.uuid(), rows[1].id.uuid()]
}

/// The code of the first business error of the only root field.
fn code(answer: &Response) -> String {
    let payload = answer.data().as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
    payload["fieldErrors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn done(answer: &Response) -> Value {
    let payload = answer.data().as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
    assert_eq!(payload["status"], "DONE", "{}", answer.text);
    payload
}

/// Asks for the purpose of the agreements.
async fn read(client: &Client<'_>, question: &str) -> Response {
    let request = client.request(reqwest::Method::POST, "/graphql").header("Civigrid-Purpose", "BENEFITS");
    Response::of(request.json(&json!({ "query": question }))).await
}

/// Asks the server that made a change, where it is so once the change is answered.
async fn at_once(client: &Client<'_>, question: &str, what: &str, holds: impl Fn(&Response) -> bool) -> Response {
    let answer = read(client, question).await;
    assert!(holds(&answer), "{what}: {}", answer.text);
    answer
}

/// Asks another server until it is so.
async fn soon(client: &Client<'_>, question: &str, what: &str, holds: impl Fn(&Response) -> bool) -> Response {
    let begun = Instant::now();
    loop {
        let answer = read(client, question).await;
        if holds(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < SOON, "{what}: {}", answer.text);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many rows a table has.
async fn count(database: &TestDatabase, question: &str) -> i64 {
    let connection = database.open().writer().await.expect("a connection");
    let statement = Statement::from_string(connection.get_database_backend(), question.to_owned());
    let row = connection.query_one_raw(statement).await.expect("an answer").expect("a row");
    let count = row.try_get("", "v").expect("a number");
    connection.close().await.expect("closed");
    count
}

/// What a department asks for, of the community's people.
fn request(key: &str, fields: &[&str], regions: &[RegionCode], until: &str) -> Value {
    json!({ "input": {
        "register": "person",
        "fields": fields,
        "regions": regions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "purpose": "BENEFITS",
        "basis": "Contract 7 of 2026",
        "until": until,
        "reason": "to write to those who may apply",
        "idempotencyKey": key,
    } })
}

const REQUEST: &str = "mutation Ask($input: RequestAccessInput!) { requestAccess(input: $input) { status \
    fieldErrors { path code message allowed } agreement { id state version fields untilAt department { id } decidedBy } } }";

const DECIDE: &str = "mutation Decide($input: DecideAccessInput!) { decideAccess(input: $input) { status \
    fieldErrors { path code message allowed } agreement { id state version decidedBy endedBy } } }";

fn decision(key: &str, agreement: &Value, decision: &str, version: i64) -> Value {
    json!({ "input": {
        "agreement": agreement, "decision": decision, "reason": "looked at with care", "version": version, "idempotencyKey": key,
    } })
}
