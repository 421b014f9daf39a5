//! The question that joins the registers, from a community down to the business that a resident works in: each role gets
//! what the evaluator works out, by the built-in policy, on both databases.

use std::cell::RefCell;
use std::collections::BTreeMap;

use civigrid::policy::BUILT_IN;
use entities::catalog::Relation;
use entities::registers::REGISTERS;

use super::eval::Evaluator;
use super::policy::Access;
use super::query::{Entry, Filter, Keyed, List, ListPart, Object, Operand, Part, Query, Root, Size};
use super::random_query::Cursors;
use super::round::{Setting, Subject, case};
use super::stored;
use super::tally::Tally;
use super::world::{Value, World, field_position, position};
use crate::harness::{self, Who};
use crate::lists::city;

fn relation(register: &str, name: &str) -> &'static Relation {
    REGISTERS[position(register)].relation(name).unwrap_or_else(|| panic!("{register} has the relation {name}"))
}

fn object(register: &str, fields: &[&str], related: Vec<Entry>) -> Object {
    let register = position(register);
    let fields = fields.iter().map(|name| Entry::Field(field_position(register, name)));
    Object { register, entries: fields.chain(related).map(Keyed::plain).collect() }
}

/// The one row that a reference leads to.
fn one(register: &str, reference: &str, inner: Object) -> Entry {
    Entry::One(field_position(position(register), reference), None, inner)
}

fn list(first: usize, inner: Object, filter: Option<Filter>) -> List {
    let (register, parts) = (inner.register, vec![Keyed::plain(ListPart::TotalCount(None)), Keyed::plain(ListPart::Nodes(inner))]);
    List { register, filter, order: Vec::new(), size: Size::First(first), after: None, before: None, parts }
}

/// The rows of a relation.
fn many(register: &str, name: &str, first: usize, inner: Object) -> Entry {
    Entry::Many(relation(register, name), list(first, inner, None))
}

/// What is asked of a resident.
fn resident() -> Object {
    let organization = object("party_organization", &["name", "code"], Vec::new());
    let member = object("party_member", &["status"], vec![one("party_member", "organization", organization)]);
    let records = many("volunteer", "serviceRecords", 2, object("service_record", &["minutes"], Vec::new()));
    let project = one("enrollment", "project", object("service_project", &["title"], Vec::new()));
    let tasks = many("case", "tasks", 2, object("case_task", &["role", "state", "onTime"], Vec::new()));
    let business = one("employment", "business", object("business", &["name", "industry"], Vec::new()));
    let related = vec![
        Entry::Back(relation("person", "partyMember"), member),
        Entry::Back(relation("person", "volunteer"), object("volunteer", &["totalMinutes"], vec![records])),
        many("person", "enrollments", 3, object("enrollment", &["state", "amount"], vec![project])),
        many("person", "cases", 3, object("case", &["number", "state", "onTime"], vec![tasks])),
        many("person", "employments", 2, object("employment", &["role"], vec![business])),
        Entry::Access,
    ];
    object("person", &["name", "ageBand", "birthDate", "phone", "idNumber"], related)
}

fn question(spelling: u64) -> Query {
    let household = object("household", &["number", "kind"], vec![many("household", "residents", 5, resident())]);
    let grid = object("region", &["name"], vec![many("region", "households", 5, household)]);
    let community = object("region", &["name", "code"], vec![many("region", "children", 4, grid)]);
    let is_community = Operand::One(Value::Text("COMMUNITY".to_owned()));
    let populated = Part::Many(relation("region", "households"), vec![("some", Filter::default())]);
    let filter = Filter(vec![Part::Test(field_position(position("region"), "level"), vec![("eq", is_community)]), populated]);
    Query { roots: vec![Keyed::plain(Root::List(list(3, community, Some(filter))))], spelling }
}

#[tokio::test]
async fn from_a_community_to_a_business_every_role_gets_what_the_evaluator_works_out() {
    let databases = harness::databases().await;
    let stored = stored::read(&databases[0].open()).await;
    let mut subjects = Vec::new();
    for database in &databases {
        subjects.push(Subject { backend: database.backend, engine: harness::engine(database).await });
    }
    let now = harness::now();
    let world = World::of(&stored, now);
    let mut tally = Tally::default();
    for who in Who::all().into_iter().chain([city()]) {
        let caller = who.caller();
        let access = Access::read(BUILT_IN, &caller, &world);
        let evaluator = Evaluator { world: &world, access: &access, truths: RefCell::new(BTreeMap::new()) };
        let setting = Setting { seed: 0, policy: BUILT_IN, caller: &caller, now };
        for spelling in 0..3 {
            let (mut cursors, mut seconds) = (Cursors::new(), vec![0.0; subjects.len()]);
            let done = case(&setting, &evaluator, &question(spelling), &subjects, &mut cursors, &mut tally, &mut seconds).await;
            done.unwrap_or_else(|difference| panic!("{}: {difference}", who.name()));
        }
    }
    assert!(tally.with_rows * 2 > tally.cases, "{} of {} answers hold rows", tally.with_rows, tally.cases);
}
