import { graphql } from "./generated";

/** The newest cases, page by page. `region` and `reporter` may be null; `access` tells why. */
export const NewestCases = graphql(`
  query NewestCases($first: Int!, $after: String) {
    cases(first: $first, after: $after, orderBy: [{ field: OPENED_AT, direction: DESC }]) {
      edges {
        node {
          id
          number
          state
          openedAt
          region(level: COMMUNITY) { id name }
          reporter { id name access { withheld } }
          access { withheld masked }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** One case again, by its id alone. Ids are opaque: keep them, and never build or take apart one. */
export const CaseAgain = graphql(`
  query CaseAgain($id: ID!) {
    node(id: $id) {
      id
      ... on Case { number state version }
    }
  }
`);

/** People, of whom most roles see some fields on some rows only. */
export const People = graphql(`
  query People($first: Int!) {
    persons(first: $first) {
      nodes { id name phone ageBand access { withheld masked } }
    }
  }
`);

/** A question that most roles may not ask; its neighbour is answered all the same. */
export const ByIdNumber = graphql(`
  query ByIdNumber($idNumber: String!) {
    persons(filter: { idNumber: { eq: $idNumber } }) { totalCount }
    me { kind }
  }
`);
