import { graphql } from "relay-runtime";

/** One case: Relay writes a query from it that asks `node(id:)` for this case again. */
export const caseDetailsFragment = graphql`
  fragment CaseDetails_case on Case
  @refetchable(queryName: "CaseDetailsAgainQuery")
  @argumentDefinitions(events: { type: "Int", defaultValue: 5 }, after: { type: "String" }) {
    id
    number
    state
    reporter {
      name
      access {
        withheld
      }
    }
    events(first: $events, after: $after, orderBy: [{ field: SEQUENCE }]) @connection(key: "CaseDetails_events") {
      edges {
        node {
          action
          occurredAt
        }
      }
    }
  }
`;
