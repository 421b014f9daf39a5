import { graphql } from "relay-runtime";

export const peopleQuery = graphql`
  query PeopleQuery($first: Int!) {
    persons(first: $first) {
      nodes {
        id
        name
        phone
        access {
          withheld
          masked
        }
      }
    }
  }
`;

/** A question that most roles may not ask. `@catch` hands the refusal to the screen instead of dropping it. */
export const peopleByIdNumberQuery = graphql`
  query PeopleByIdNumberQuery($idNumber: String!) {
    persons(filter: { idNumber: { eq: $idNumber } }) @catch(to: RESULT) {
      totalCount
    }
    me {
      kind
    }
  }
`;
