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
export const peopleByPhoneQuery = graphql`
  query PeopleByPhoneQuery($phone: String!) {
    persons(filter: { phone: { eq: $phone } }) @catch(to: RESULT) {
      totalCount
    }
    me {
      kind
    }
  }
`;
