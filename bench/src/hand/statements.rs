//! The statements, one a work.

/// In the order of the works.
pub(super) const STATEMENTS: [&str; 10] = [Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10];

const Q1: &str = "SELECT name, sex, birth_date, id_number, phone, education, marital_status FROM persons WHERE id = $1";

const Q2: &str = "SELECT id, number, channel, kind, severity, urgent, state, board, opened_at, deadline FROM cases \
    WHERE community_code = $1 AND state = $2 ORDER BY opened_at DESC, id DESC LIMIT 50";

const Q3: &str = "SELECT h.id, h.kind, h.member_count, h.community_code, p.id, p.name, p.sex, p.birth_date, r.id, r.relation_to_head, r.status \
    FROM (SELECT id, kind, member_count, community_code FROM households WHERE community_code = $1 ORDER BY id LIMIT 20) h \
    LEFT JOIN LATERAL (SELECT id, name, sex, birth_date FROM persons WHERE household_id = h.id ORDER BY id LIMIT 20) p ON true \
    LEFT JOIN LATERAL (SELECT id, relation_to_head, status FROM residences WHERE person_id = p.id ORDER BY id LIMIT 20) r ON true \
    ORDER BY h.id, p.id, r.id";

const Q4: &str = "SELECT c.id, c.number, c.state, c.opened_at, p.id, p.name, h.id, h.kind, h.community_code, \
    e.id, e.action, e.to_state, e.occurred_at, e.note \
    FROM (SELECT id, number, state, opened_at, reporter_id FROM cases WHERE community_code = $1 ORDER BY opened_at DESC, id DESC LIMIT 50) c \
    LEFT JOIN persons p ON p.id = c.reporter_id \
    LEFT JOIN households h ON h.id = p.household_id \
    LEFT JOIN LATERAL (SELECT id, action, to_state, occurred_at, note FROM case_events WHERE case_id = c.id \
        ORDER BY occurred_at DESC, id DESC LIMIT 5) e ON true \
    ORDER BY c.opened_at DESC, c.id DESC, e.occurred_at DESC, e.id DESC";

const Q5: &str = "SELECT g.state, k.code, k.name, g.n FROM (SELECT state, category_id, count(*) AS n FROM cases \
    WHERE region_code BETWEEN $1 AND $2 GROUP BY 1, 2) g LEFT JOIN case_categories k ON k.id = g.category_id \
    ORDER BY g.state, g.category_id LIMIT 1000";

const Q6: &str = "SELECT id, name, name_pinyin, sex, birth_date, id_number, education, marital_status, phone, occupation FROM persons \
    WHERE community_code = $1 ORDER BY id LIMIT 1000";

const Q7: &str = "SELECT c.n, p.id, p.name, p.name_pinyin, p.sex, p.phone \
    FROM (SELECT count(*) AS n FROM persons WHERE community_code = $1) c \
    LEFT JOIN (SELECT id, name, name_pinyin, sex, phone FROM persons WHERE community_code = $1 ORDER BY name_pinyin, id LIMIT 20) p ON true \
    ORDER BY p.name_pinyin, p.id";

const Q8: &str =
    "SELECT id, name, name_pinyin, sex, phone FROM persons WHERE (name_pinyin, id) > ($1, $2) ORDER BY name_pinyin, id LIMIT 21";

const Q9: &str = "SELECT h.id, h.kind, h.member_count, h.status FROM households h \
    CROSS JOIN LATERAL (SELECT FROM persons p WHERE p.household_id = h.id AND p.birth_date <= $2 LIMIT 1) old \
    WHERE h.community_code = $1 ORDER BY h.id LIMIT 20";

const Q10: &str = "SELECT id, id_type, name, sex, birth_date, education, phone, id_number, occupation, region_code FROM persons \
    WHERE community_code = $1 AND id > $2 AND (region_code = ANY ($3) OR birth_date <= $4) \
    ORDER BY id LIMIT 100";
