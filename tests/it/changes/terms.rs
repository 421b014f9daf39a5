//! Grants with an end and regions of their own, in a running server; and what the command line says of agreements.

use entities::codes::RegionLevel;

use super::*;
use crate::harness::program;

/// What a clerk is shown of phones, until second 100 and in one community alone.
fn policy() -> String {
    let community = community();
    let until = Watch::text(100);
    format!(
        "version = 1\n[role.clerk]\ntitle = \"Clerk\"\n[[role.clerk.grant]]\nregister = \"person\"\nrows = [\"region\"]\nshow = [\"sex\"]\nminors = true\n\
         [[role.clerk.grant]]\nregister = \"person\"\nrows = [\"region\"]\nshow = [\"phone\"]\nminors = true\n\
         basis = \"Contract 7\"\nuntil = {until}\nregions = [\"{community}\"]\n"
    )
}

const QUESTION: &str = "{ persons(first: 1000) { nodes { phone region { code } } } me { permissions { type fields { name show } } } }";

#[tokio::test]
async fn a_grant_ends_at_its_second_while_the_server_runs_and_holds_in_its_regions_alone() {
    let file = program::directory("terms").join("policy.toml");
    std::fs::write(&file, policy()).expect("the workplace can be written to");
    let inside = |id: &Value| {
        harness::rows()
            .persons
            .iter()
            .any(|row| row.id.to_string() == *id && row.region_code.is_some_and(|place| community().contains(place)))
    };
    for database in harness::databases().await {
        let watch = Watch::default();
        let app = watch.server(&database, |config| config.policy_file = Some(file.clone())).await;
        let clerk = Asker::new("clerk", "clerk", &[community().at(RegionLevel::District).expect("a district")]);
        for (seconds, holds) in [(0, true), (99, true), (100, false), (99, true), (101, false)] {
            watch.set(seconds);
            let answer = clerk.at(&app).query(&QUESTION.replace("phone region { code }", "id phone")).await;
            let people = answer.data()["persons"]["nodes"].as_array().expect("rows").clone();
            let phones: Vec<&Value> = people.iter().filter(|person| !person["phone"].is_null()).collect();
            assert_eq!(!phones.is_empty(), holds, "at second {seconds}");
            assert!(phones.iter().all(|person| inside(&person["id"])), "at second {seconds}");
            assert!(people.iter().any(|person| !inside(&person["id"])), "rows of elsewhere are in scope by the other grant");
            let permissions = answer.data()["me"]["permissions"].as_array().expect("a list").clone();
            let person = permissions.iter().find(|one| one["type"] == "Person").expect("a type");
            let phone = person["fields"].as_array().expect("a list").iter().find(|field| field["name"] == "phone").expect("a field");
            assert_eq!(phone["show"], if holds { "SOME" } else { "NONE" });
        }
    }
}

#[test]
fn the_command_line_tells_what_bounds_a_grant_and_that_it_has_ended() {
    let directory = program::directory("terms-told");
    let file = directory.join("policy.toml");
    std::fs::write(&file, policy().replace(&Watch::text(100), "2020-12-31")).expect("the workplace can be written to");
    let file = file.display().to_string();
    let said = |arguments: &[&str]| {
        let output = program::run(&[&["policy"], arguments].concat(), &[]);
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let check = said(&["check", &file]);
    assert!(check.contains(":9: warning: this grant of role \"clerk\" has ended (2020-12-31): it gives nothing any more"), "{check}");
    let matrix = said(&["matrix", "--policy", &file, "--register", "person"]);
    let community = community();
    let line = format!("A grant of `clerk` holds in {community} only; holds until 2020-12-31; rests on: Contract 7.");
    assert!(matrix.contains(&line), "{matrix}");
    let why = said(&["explain", "person", "phone", "--role", "clerk", "--policy", &file]);
    assert!(why.contains("Does nothing any more: it has ended (2020-12-31)."), "{why}");
}

#[tokio::test]
async fn the_command_line_tells_which_agreements_are_in_force() {
    for database in harness::fresh_databases().await {
        let app = Watch::default().server(&database, |_| {}).await;
        let [department, elsewhere] = departments();
        let officer = Asker::new("officer", "city_officer", &[district()]).of(department);
        let secretary = Asker::new("secretary", "community_secretary", &[community()]);
        let ask = async |key: &str, until: &str| {
            let answer = officer.at(&app).ask(REQUEST, request(key, &["name", "phone"], &[community()], until)).await;
            done(&answer)["agreement"]["id"].clone()
        };
        let (lasting, short, open) =
            (ask("k1", "2099-01-01T00:00:00Z").await, ask("k2", &Watch::text(100)).await, ask("k3", "2099-01-01T00:00:00Z").await);
        for (key, id) in [("d1", &lasting), ("d2", &short)] {
            done(&secretary.at(&app).ask(DECIDE, decision(key, id, "GRANT", 1)).await);
        }
        let said = |arguments: &[&str]| {
            let output = program::run(&[&["policy"], arguments].concat(), &[("CIVIGRID_DATABASE__URL", &database.url)]);
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
        };
        let matrix = said(&["matrix", "--register", "person", "--agreements"]);
        let (department, elsewhere, community) = (text_of("department", department), text_of("department", elsewhere), community());
        let id = lasting.as_str().expect("an id");
        let line =
            format!("| {id} | {department} | person | name, phone | {community} | 2099-01-01T00:00:00Z | BENEFITS | Contract 7 of 2026 |");
        assert!(matrix.contains(&line), "{matrix}");
        for other in [&short, &open] {
            assert!(!matrix.contains(other.as_str().expect("an id")), "ended, or not decided");
        }
        assert!(!said(&["matrix", "--register", "person"]).contains("Agreements in force"));
        let why = |department: &str| {
            let bounds = ["--region", &district().to_string(), "--department", department];
            said(&[&["explain", "person", "phone", "--role", "city_officer", "--agreements"], &bounds[..]].concat())
        };
        let told = format!("{id}  gives it in {community} until 2099-01-01T00:00:00Z, for BENEFITS, by Contract 7 of 2026");
        assert!(why(&department).contains(&told), "{}", why(&department));
        assert!(!why(&elsewhere).contains(id), "{}", why(&elsewhere));
    }
}
