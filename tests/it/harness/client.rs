//! Callers: who asks, and what the program answers them.

use civigrid::config::Authentication;
use civigrid::generate::Rows;
use civigrid::http::authentication::{Assigned, Audience, Claims, Kind, SigningKey};
use civigrid::policy::{Account, Assignment, Caller, CallerKind, Policy};
use entities::codes::{Board, RegionLevel};
use entities::region_code::RegionCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{instant, rows};

/// The secret that signs the tests' tokens.
pub(super) const SECRET: &str = "a secret of at least thirty-two bytes";
/// The request's name, so that answers of two databases can be compared byte by byte.
const REQUEST_ID: &str = "test";

/// What a sound token of an auditor of the city says, for ten minutes.
pub(crate) fn claims(issuer: &str, audience: &str) -> Claims {
    let now = instant().timestamp();
    Claims {
        iss: issuer.to_owned(),
        aud: Audience::One(audience.to_owned()),
        sub: "someone".to_owned(),
        jti: "1".to_owned(),
        iat: now,
        exp: now + 600,
        nbf: now,
        kind: Kind::Person,
        person: None,
        client: None,
        assignments: vec![Assigned { role: "auditor".to_owned(), regions: vec!["500000000000".to_owned()], ..Assigned::default() }],
    }
}

/// A caller: what a token says of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Who {
    /// A role of the policy; None for nobody, who sends no token.
    pub(crate) role: Option<String>,
    /// Where.
    pub(crate) regions: Vec<RegionCode>,
    /// For which board.
    pub(crate) board: Option<Board>,
    /// For which department.
    pub(crate) department: Option<Uuid>,
    /// The caller's own row.
    pub(crate) person: Option<Uuid>,
}

impl Who {
    /// Nobody known: without a token.
    pub(crate) fn anonymous() -> Self {
        Self::default()
    }

    /// The standard caller of a role: around the first populated grid, with rows of every register that the role sees.
    pub(crate) fn of(role: &str) -> Self {
        let rows = rows();
        let grid = first_grid(rows);
        let at = |level| vec![grid.at(level).expect("a grid lies in every level")];
        let who = Self { role: Some(role.to_owned()), ..Self::default() };
        match role {
            "anonymous" => Self::anonymous(),
            "grid_worker" | "grid_helper" => Self { regions: vec![grid], ..who },
            "community_secretary" => Self { regions: at(RegionLevel::Community), ..who },
            "street_operator" => Self { regions: at(RegionLevel::Street), ..who },
            "board_officer" => Self { regions: at(RegionLevel::Street), board: Some(Board::Services), ..who },
            "district_officer" => Self { regions: at(RegionLevel::District), board: Some(Board::Services), ..who },
            "city_officer" => Self { regions: at(RegionLevel::Municipality), department: Some(busy_department(rows)), ..who },
            "integrator" => Self { regions: at(RegionLevel::District), ..who },
            "resident" => Self { person: Some(reporter(rows)), ..who },
            _ => Self { regions: at(RegionLevel::Municipality), ..who },
        }
    }

    /// The standard caller of every role of the policy, nobody known among them.
    pub(crate) fn all() -> Vec<Self> {
        Policy::built_in().roles().map(|(role, _)| Self::of(role)).collect()
    }

    /// What the tests call the caller.
    pub(crate) fn name(&self) -> &str {
        self.role.as_deref().unwrap_or("anonymous")
    }

    /// The caller as the engine knows them.
    pub(crate) fn caller(&self) -> Caller {
        let Self { role, regions, board, department, person } = self.clone();
        let Some(role) = role else { return Caller::anonymous() };
        let account = Account { issuer: Authentication::DEVELOPMENT_ISSUER.to_owned(), subject: format!("test-{role}") };
        let assignment = Assignment { role, regions, board, department, projects: Vec::new() };
        Caller { kind: CallerKind::Person, account: Some(account), person, assignments: vec![assignment], ..Caller::anonymous() }
    }

    /// The token that says so; None for nobody.
    pub(crate) fn token(&self) -> Option<String> {
        self.token_at(instant().timestamp())
    }

    /// The token of another present, in seconds since 1970.
    pub(crate) fn token_at(&self, now: i64) -> Option<String> {
        let Self { role, regions, board, department, person } = self.clone();
        let role = role?;
        let claims = Claims {
            iss: Authentication::DEVELOPMENT_ISSUER.to_owned(),
            aud: Audience::One(Authentication::DEVELOPMENT_AUDIENCE.to_owned()),
            sub: format!("test-{role}"),
            jti: "test".to_owned(),
            iat: now,
            exp: now + 3_600,
            nbf: now,
            kind: Kind::Person,
            person: person.map(|uuid| entities::id::text("person", uuid)),
            client: None,
            assignments: vec![Assigned {
                role,
                regions: regions.iter().map(ToString::to_string).collect(),
                board: board.map(|board| board_name(board).to_owned()),
                department: department.map(|uuid| entities::id::text("department", uuid)),
                projects: Vec::new(),
            }],
        };
        Some(sign(&claims))
    }
}

/// Signs claims with the tests' secret.
pub(crate) fn sign(claims: &Claims) -> String {
    SigningKey::development(SECRET).sign(claims).expect("the claims can be written")
}

fn board_name(board: Board) -> &'static str {
    match board {
        Board::Party => "PARTY",
        Board::Economy => "ECONOMY",
        Board::Services => "SERVICES",
        Board::PeaceLaw => "PEACE_LAW",
        Board::Command => "COMMAND",
    }
}

/// The first grid of the first populated community.
fn first_grid(rows: &Rows) -> RegionCode {
    let mut grids: Vec<RegionCode> = rows.persons.iter().filter_map(|person| person.region_code).collect();
    grids.sort_unstable();
    grids.into_iter().find(|code| code.level() == RegionLevel::Grid).expect("people live in grids")
}

/// A person who has a household and has reported a case.
fn reporter(rows: &Rows) -> Uuid {
    let mut reporters: Vec<Uuid> = rows
        .cases
        .iter()
        .filter_map(|case| case.reporter_id)
        .filter(|id| rows.persons.iter().any(|person| person.id == *id && person.household_id.is_some()))
        .map(|id| id.uuid())
        .collect();
    reporters.sort_unstable();
    *reporters.first().expect("somebody has reported something")
}

/// The department with the most cases.
fn busy_department(rows: &Rows) -> Uuid {
    let mut cases = std::collections::BTreeMap::<Uuid, usize>::new();
    for id in rows.cases.iter().filter_map(|case| case.department_id) {
        *cases.entry(id.uuid()).or_default() += 1;
    }
    cases.into_iter().max_by_key(|(_, count)| *count).expect("departments handle cases").0
}

/// A caller of a running program.
pub(crate) struct Client<'a> {
    pub(super) http: &'a reqwest::Client,
    pub(super) base: &'a str,
    pub(crate) token: Option<String>,
}

impl Client<'_> {
    /// Asks without variables.
    pub(crate) async fn query(&self, document: &str) -> Response {
        self.ask(document, json!({})).await
    }

    /// Asks with variables.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Response {
        self.post(&json!({ "query": document, "variables": variables })).await
    }

    /// Sends a body of JSON to the graph.
    pub(crate) async fn post(&self, body: &Value) -> Response {
        Response::of(self.request(reqwest::Method::POST, "/graphql").json(body)).await
    }

    /// Reads an address of the program.
    pub(crate) async fn get(&self, path: &str) -> Response {
        Response::of(self.request(reqwest::Method::GET, path)).await
    }

    /// A request to be completed.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base)).header("X-Request-Id", REQUEST_ID);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) text: String,
    /// The body as JSON; null where it is none.
    pub(crate) json: Value,
}

impl Response {
    /// Sends the request and reads the whole answer.
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the program answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer ends");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert!(self.status == 200 && self.json["errors"].is_null() && self.json["data"].is_object(), "{} {}", self.status, self.text);
        &self.json["data"]
    }

    /// The errors.
    pub(crate) fn errors(&self) -> &[Value] {
        self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The code of the first error; empty without one.
    pub(crate) fn code(&self) -> &str {
        self.errors().first().and_then(|error| error["extensions"]["code"].as_str()).unwrap_or_default()
    }

    /// The message and hint of the first error.
    pub(crate) fn message(&self) -> String {
        let error = self.errors().first().cloned().unwrap_or_default();
        format!("{} {}", error["message"].as_str().unwrap_or_default(), error["extensions"]["hint"].as_str().unwrap_or_default())
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
