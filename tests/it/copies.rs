//! Places that rows copy from others are those rows' places.

use sea_orm::{ConnectionTrait, Statement};

use crate::harness;

/// What must hold of no row, in SQL that both databases understand.
const WRONG: &[(&str, &str)] = &[
    (
        "a person's place is that of the household where the person lives, or is registered",
        "SELECT count(*) AS n FROM persons p LEFT JOIN households h ON h.id = p.household_id WHERE NOT (p.region_code IS NULL AND h.region_code IS NULL) \
         AND (p.region_code IS NULL OR h.region_code IS NULL OR p.region_code <> h.region_code OR p.community_code <> h.community_code OR p.street_code <> h.street_code)",
    ),
    (
        "a person's household is that of the current residence where the person lives, else of the one registered",
        "SELECT count(*) AS n FROM persons p WHERE p.household_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM residences r \
         WHERE r.person_id = p.id AND r.household_id = p.household_id AND r.to_date IS NULL AND (r.status <> 'REGISTERED_NOT_LIVING' \
         OR NOT EXISTS (SELECT 1 FROM residences o WHERE o.person_id = p.id AND o.to_date IS NULL AND o.status <> 'REGISTERED_NOT_LIVING')))",
    ),
    (
        "a residence's place is its household's",
        "SELECT count(*) AS n FROM residences r JOIN households h ON h.id = r.household_id WHERE r.region_code <> h.region_code",
    ),
    (
        "an event's place is its case's",
        "SELECT count(*) AS n FROM case_events e JOIN cases c ON c.id = e.case_id WHERE e.region_code <> c.region_code",
    ),
    (
        "an employment's place is its person's",
        "SELECT count(*) AS n FROM employments e JOIN persons p ON p.id = e.person_id WHERE NOT (e.region_code IS NULL AND p.region_code IS NULL) \
         AND (e.region_code IS NULL OR p.region_code IS NULL OR e.region_code <> p.region_code)",
    ),
    (
        "a worker's place is their person's",
        "SELECT count(*) AS n FROM new_occupation_workers w JOIN persons p ON p.id = w.person_id WHERE NOT (w.region_code IS NULL AND p.region_code IS NULL) \
         AND (w.region_code IS NULL OR p.region_code IS NULL OR w.region_code <> p.region_code)",
    ),
    (
        "a dwelling's place is its building's",
        "SELECT count(*) AS n FROM dwellings d JOIN buildings b ON b.id = d.building_id WHERE d.region_code <> b.region_code",
    ),
    (
        "a household's place is that of its dwelling",
        "SELECT count(*) AS n FROM households h JOIN dwellings d ON d.id = h.dwelling_id WHERE h.region_code <> d.region_code",
    ),
    (
        "a Party member's and a volunteer's place is the person's",
        "SELECT count(*) AS n FROM (SELECT person_id, region_code, community_code, street_code FROM party_members \
         UNION ALL SELECT person_id, region_code, community_code, street_code FROM volunteers) AS f JOIN persons p ON p.id = f.person_id \
         WHERE coalesce(f.region_code, 0) <> coalesce(p.region_code, 0) OR coalesce(f.community_code, 0) <> coalesce(p.community_code, 0) \
         OR coalesce(f.street_code, 0) <> coalesce(p.street_code, 0)",
    ),
    (
        "a team membership's and a service record's place is that of the volunteer",
        "SELECT count(*) AS n FROM (SELECT volunteer_id, region_code FROM team_memberships \
         UNION ALL SELECT volunteer_id, region_code FROM service_records) AS f JOIN volunteers v ON v.id = f.volunteer_id \
         WHERE coalesce(f.region_code, 0) <> coalesce(v.region_code, 0)",
    ),
    (
        "a volunteer's minutes are the sum of the service records",
        "SELECT count(*) AS n FROM volunteers v WHERE v.total_minutes <> \
         (SELECT coalesce(sum(r.minutes), 0) FROM service_records r WHERE r.volunteer_id = v.id)",
    ),
    (
        "an activity's minutes are the sum of its service records",
        "SELECT count(*) AS n FROM volunteer_activities a WHERE a.served_minutes <> \
         (SELECT coalesce(sum(r.minutes), 0) FROM service_records r WHERE r.activity_id = a.id)",
    ),
    (
        "a team's minutes are the sum of its activities' minutes",
        "SELECT count(*) AS n FROM volunteer_teams t WHERE t.served_minutes <> \
         (SELECT coalesce(sum(a.served_minutes), 0) FROM volunteer_activities a WHERE a.team_id = t.id)",
    ),
    (
        "a Party member's hours are those of the volunteer",
        "SELECT count(*) AS n FROM party_members m LEFT JOIN volunteers v ON v.person_id = m.person_id \
         WHERE m.service_hours <> coalesce(v.total_minutes, 0) / 60",
    ),
    (
        "a tag's place is its person's",
        "SELECT count(*) AS n FROM person_tags t JOIN persons p ON p.id = t.person_id WHERE coalesce(t.region_code, 0) <> coalesce(p.region_code, 0)",
    ),
    (
        "an enrollment's place is that of whoever takes part",
        "SELECT count(*) AS n FROM enrollments e LEFT JOIN persons p ON p.id = e.person_id LEFT JOIN households h ON h.id = e.household_id \
         LEFT JOIN businesses b ON b.id = e.business_id \
         WHERE coalesce(e.region_code, 0) <> coalesce(p.region_code, h.region_code, b.region_code, 0)",
    ),
    (
        "a task's place is its case's",
        "SELECT count(*) AS n FROM case_tasks t JOIN cases c ON c.id = t.case_id WHERE t.region_code <> c.region_code",
    ),
    (
        "a grid member's place is a grid",
        "SELECT count(*) AS n FROM grid_members m JOIN regions r ON r.code = m.region_code WHERE r.level <> 'GRID'",
    ),
    (
        "a community's code and a street's are the place's ancestors",
        "SELECT count(*) AS n FROM (SELECT region_code, community_code, street_code FROM households \
         UNION ALL SELECT region_code, community_code, street_code FROM persons WHERE region_code IS NOT NULL \
         UNION ALL SELECT region_code, community_code, street_code FROM businesses \
         UNION ALL SELECT region_code, community_code, street_code FROM party_members WHERE region_code IS NOT NULL \
         UNION ALL SELECT region_code, community_code, street_code FROM volunteers WHERE region_code IS NOT NULL \
         UNION ALL SELECT region_code, community_code, street_code FROM cases) AS placed \
         WHERE community_code <> region_code - region_code % 1000 OR street_code <> region_code - region_code % 1000000",
    ),
];

#[tokio::test]
async fn copied_places_equal_what_they_copy() {
    for database in harness::databases().await {
        let connection = database.open().writer().await.expect("a connection");
        for (law, statement) in WRONG {
            let statement = Statement::from_string(connection.get_database_backend(), *statement);
            let row = connection.query_one_raw(statement).await.expect(law).expect("a count");
            assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 0, "{:?}: {law}", database.backend);
        }
        connection.close().await.expect("closed");
    }
}
