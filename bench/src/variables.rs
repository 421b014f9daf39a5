//! What is asked for: sets of variables drawn from the database, the same for both servers.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use civigrid::http::authentication::Assigned;
use entities::region_code::RegionCode;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::setup::{BASIC_IN_REGION, EVERYTHING, FULL_IN_REGION};
use crate::works::Work;

/// What one work is asked with.
pub(crate) struct Variables {
    /// Sets that the load cycles over.
    pub(crate) sets: Vec<Value>,
    /// What the caller may act as.
    pub(crate) assignments: Vec<Assigned>,
}

/// The page of a deep look that is asked for: rows before it, and rows on it.
const PAGE: i64 = 20;
const DEEP: i64 = 500 * PAGE;

/// Draws the sets of a work.
pub(crate) async fn draw(work: &Work, control: &Client) -> Result<Variables> {
    let mut assignments = vec![Assigned { role: EVERYTHING.to_owned(), ..Assigned::default() }];
    let sets = match work.name {
        "Q1" => persons(control).await?,
        "Q2" => states(control).await?,
        "Q5" => districts(control).await?,
        "Q8" => deep(control).await?,
        "Q10" => {
            let (given, sets) = mixed(control).await?;
            assignments = given;
            sets
        }
        "Q4" => communities(control, "cases", 60).await?,
        "Q6" => communities(control, "persons", 1_001).await?,
        "Q9" => communities(control, "households", 200).await?,
        _ => communities(control, "households", 30).await?,
    };
    ensure!(!sets.is_empty(), "{}: the database has nothing to ask for", work.name);
    Ok(Variables { sets, assignments })
}

fn outward(code: i64) -> Result<String> {
    Ok(RegionCode::from_number(code).context("a place that is no region code")?.to_string())
}

fn person(id: Uuid) -> String {
    entities::id::text("person", id)
}

async fn persons(control: &Client) -> Result<Vec<Value>> {
    let rows = control.query("SELECT id FROM persons WHERE household_id IS NOT NULL ORDER BY md5(id::text) LIMIT 2000", &[]).await?;
    Ok(rows.iter().map(|row| json!({ "id": person(row.get(0)) })).collect())
}

/// Communities with so many rows, in an order that jumps.
async fn communities(control: &Client, table: &str, rows: i64) -> Result<Vec<Value>> {
    let text = format!(
        "SELECT community_code FROM {table} WHERE community_code IS NOT NULL GROUP BY 1 HAVING count(*) >= $1 \
         ORDER BY md5(community_code::text) LIMIT 1000"
    );
    let rows = control.query(&text, &[&rows]).await?;
    rows.iter().map(|row| Ok(json!({ "community": outward(row.get(0))? }))).collect()
}

/// Communities with more than a page of cases in a state.
async fn states(control: &Client) -> Result<Vec<Value>> {
    let text =
        "SELECT community_code, state FROM cases GROUP BY 1, 2 HAVING count(*) > 50 ORDER BY md5(community_code::text || state) LIMIT 1000";
    let rows = control.query(text, &[]).await?;
    rows.iter().map(|row| Ok(json!({ "community": outward(row.get(0))?, "state": row.get::<_, &str>(1) }))).collect()
}

async fn districts(control: &Client) -> Result<Vec<Value>> {
    let text = "SELECT DISTINCT region_code / 1000000000 * 1000000000 FROM cases ORDER BY 1";
    let rows = control.query(text, &[]).await?;
    rows.iter().map(|row| Ok(json!({ "district": outward(row.get(0))? }))).collect()
}

/// Cursors of the last rows before the 500th page and 99 pages after it.
async fn deep(control: &Client) -> Result<Vec<Value>> {
    let text = "SELECT name_pinyin, id FROM (SELECT name_pinyin, id, row_number() OVER (ORDER BY name_pinyin, id) AS place \
                FROM (SELECT name_pinyin, id FROM persons ORDER BY name_pinyin, id LIMIT $2) first) numbered \
                WHERE place >= $1 AND place % 20 = 0";
    let rows = control.query(text, &[&(DEEP - PAGE), &(DEEP + 99 * PAGE)]).await?;
    Ok(rows.iter().map(|row| json!({ "after": by_name(row.get(0), row.get(1)) })).collect())
}

/// The cursor of a person in the list by name.
pub(crate) fn by_name(name_pinyin: &str, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(json!(["person", "+namePinyin", [name_pinyin], id.simple().to_string()]).to_string())
}

/// The cursor of a person in the list by id.
fn by_id(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(json!(["person", "", [], id.simple().to_string()]).to_string())
}

/// Two communities, in full in three grids of each, a little in the district around them; pages from several places.
async fn mixed(control: &Client) -> Result<(Vec<Assigned>, Vec<Value>)> {
    let text = "SELECT community_code FROM persons WHERE region_code / 1000000000 = (SELECT region_code / 1000000000 FROM persons \
                WHERE region_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AND region_code % 1000 <> 0 \
                GROUP BY 1 HAVING count(DISTINCT region_code) > 3 AND count(*) > 500 ORDER BY 1 LIMIT 2";
    let communities: Vec<i64> = control.query(text, &[]).await?.iter().map(|row| row.get(0)).collect();
    let first = *communities.first().context("no community has people in several grids")?;
    let grids = "SELECT DISTINCT region_code FROM persons WHERE community_code = $1 AND region_code % 1000 <> 0 ORDER BY 1 LIMIT 3";
    let (mut full, mut sets) = (Vec::new(), Vec::new());
    for community in &communities {
        for row in control.query(grids, &[community]).await? {
            full.push(outward(row.get(0))?);
        }
        let code = outward(*community)?;
        sets.push(json!({ "community": code }));
        let places = "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM persons WHERE community_code = $1) numbered \
                      WHERE place % 50 = 0 AND place + 100 < (SELECT count(*) FROM persons WHERE community_code = $1) ORDER BY 1";
        sets.extend(control.query(places, &[community]).await?.iter().map(|row| json!({ "community": code, "after": by_id(row.get(0)) })));
    }
    let district = outward(first / 1_000_000_000 * 1_000_000_000)?;
    let given = [(FULL_IN_REGION, full), (BASIC_IN_REGION, vec![district])];
    let assignments = given.map(|(role, regions)| Assigned { role: role.to_owned(), regions, ..Assigned::default() });
    Ok((assignments.into(), sets))
}
