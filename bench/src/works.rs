//! The works: what is asked, and how close to the handler Civigrid has to be.

/// One kind of request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Short name; in lower case also the handler's path.
    pub(crate) name: &'static str,
    /// What is asked, in words.
    pub(crate) title: &'static str,
    /// The document.
    pub(crate) document: &'static str,
    /// CPU of server and PostgreSQL together over that of the handler: at most this.
    pub(crate) gate: f64,
    /// What is aimed at.
    pub(crate) aim: f64,
}

/// All works, in their order.
pub(crate) const WORKS: [Work; 10] = [
    Work {
        name: "Q1",
        title: "a person by id, 8 fields",
        document: "query Q1($id: ID!) { person(id: $id) { id name sex age idNumber phone education maritalStatus } }",
        gate: 1.8,
        aim: 1.3,
    },
    Work {
        name: "Q2",
        title: "50 cases of a community in a state, newest first, 10 fields",
        document: "query Q2($community: RegionCode!, $state: CaseState!) {
  cases(filter: { region: { within: $community }, state: { eq: $state } }, orderBy: [{ field: OPENED_AT, direction: DESC }], first: 50) {
    nodes { id number channel kind severity urgent state board openedAt deadline }
  }
}",
        gate: 1.6,
        aim: 1.2,
    },
    Work {
        name: "Q3",
        title: "20 households of a community, their residents, the residents' residences, and the community's name",
        document: "query Q3($community: RegionCode!) {
  households(filter: { region: { within: $community } }, first: 20) {
    nodes {
      id kind memberCount
      region(level: COMMUNITY) { name }
      residents { nodes { id name sex birthDate residences { nodes { relationToHead status } } } }
    }
  }
}",
        gate: 1.5,
        aim: 1.2,
    },
    Work {
        name: "Q4",
        title: "50 cases of a community, reporter, household and its community, and the last 5 events",
        document: "query Q4($community: RegionCode!) {
  cases(filter: { region: { within: $community } }, orderBy: [{ field: OPENED_AT, direction: DESC }], first: 50) {
    nodes {
      id number state openedAt
      reporter { id name household { id kind region(level: COMMUNITY) { name } } }
      events(orderBy: [{ field: OCCURRED_AT, direction: DESC }], first: 5) { nodes { action toState occurredAt note } }
    }
  }
}",
        gate: 1.3,
        aim: 1.1,
    },
    Work {
        name: "Q5",
        title: "cases of a district by state and category",
        document: "query Q5($district: RegionCode!) {
  caseStats(filter: { region: { within: $district } }, groupBy: [{ field: STATE }, { field: CATEGORY }], first: 1000) {
    nodes { key { state category { code name } } count }
  }
}",
        gate: 1.1,
        aim: 1.03,
    },
    Work {
        name: "Q6",
        title: "1,000 people of a community, 10 fields",
        document: "query Q6($community: RegionCode!) {
  persons(filter: { region: { within: $community } }, first: 1000) {
    nodes { id name namePinyin sex birthDate idNumber education maritalStatus phone occupation }
  }
}",
        gate: 1.5,
        aim: 1.1,
    },
    Work {
        name: "Q7",
        title: "20 people of a community by name, with the total count",
        document: "query Q7($community: RegionCode!) {
  persons(filter: { region: { within: $community } }, orderBy: [{ field: NAME_PINYIN }], first: 20) {
    totalCount
    nodes { id name namePinyin sex phone }
  }
}",
        gate: 1.5,
        aim: 1.2,
    },
    Work {
        name: "Q8",
        title: "the 500th page of 20 of all people by name, by cursor",
        document: "query Q8($after: String!) {
  persons(orderBy: [{ field: NAME_PINYIN }], first: 20, after: $after) {
    nodes { id name namePinyin sex phone }
    pageInfo { hasNextPage endCursor }
  }
}",
        gate: 1.5,
        aim: 1.2,
    },
    Work {
        name: "Q9",
        title: "20 households of a community where some resident is 80 or older",
        document: "query Q9($community: RegionCode!) {
  households(filter: { region: { within: $community }, residents: { some: { age: { gte: 80 } } } }, first: 20) {
    nodes { id kind memberCount status }
  }
}",
        gate: 1.5,
        aim: 1.2,
    },
    Work {
        name: "Q10",
        title: "100 people of a community, a caller whose two assignments show different fields on different rows",
        document: "query Q10($community: RegionCode!, $after: String) {
  persons(filter: { region: { within: $community } }, first: 100, after: $after) {
    nodes { id idType name sex birthDate education phone idNumber occupation }
  }
}",
        gate: 1.5,
        aim: 1.2,
    },
];

impl Work {
    /// The path of the handler written by hand.
    pub(crate) fn path(&self) -> String {
        format!("/{}", self.name.to_ascii_lowercase())
    }
}
