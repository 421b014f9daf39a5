import { graphql } from "relay-runtime";

/** What a screen asks first. */
export const caseListQuery = graphql`
  query CaseListQuery($first: Int!) {
    ...CaseList_query @arguments(first: $first)
  }
`;

/** The list itself: Relay writes the query of further pages from it, and `usePaginationFragment` takes it as it is. */
export const caseListFragment = graphql`
  fragment CaseList_query on Query
  @refetchable(queryName: "CaseListPageQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }) {
    cases(first: $first, after: $after, orderBy: [{ field: OPENED_AT, direction: DESC }])
      @connection(key: "CaseList_cases") {
      edges {
        node {
          id
          number
          access {
            withheld
            masked
          }
          ...CaseDetails_case
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;
