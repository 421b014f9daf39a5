import { Environment, fetchQuery, getFragment, getSingularSelector, Network, RecordSource, Store } from "relay-runtime";
import { createOperationDescriptor, getRequest } from "relay-runtime";
import type { FetchFunction, GraphQLResponse, GraphQLTaggedNode, OperationType } from "relay-runtime";
import { cell, words } from "./access";
import { connectionFromEnvironment, type Connection } from "./connection";
import { refusals, type GraphQLErrorLike } from "./errors";
import { caseDetailsFragment } from "./relay/CaseDetails";
import { caseListFragment, caseListQuery } from "./relay/CaseList";
import { peopleByIdNumberQuery, peopleQuery } from "./relay/People";
import detailsAgainQuery, { type CaseDetailsAgainQuery } from "./relay/__generated__/CaseDetailsAgainQuery.graphql";
import type { CaseDetails_case$key } from "./relay/__generated__/CaseDetails_case.graphql";
import listPageQuery, { type CaseListPageQuery } from "./relay/__generated__/CaseListPageQuery.graphql";
import type { CaseListQuery } from "./relay/__generated__/CaseListQuery.graphql";
import type { CaseList_query$key } from "./relay/__generated__/CaseList_query.graphql";
import type { PeopleByIdNumberQuery } from "./relay/__generated__/PeopleByIdNumberQuery.graphql";
import type { PeopleQuery } from "./relay/__generated__/PeopleQuery.graphql";
import { print, type Report } from "./report";

/** Sends what Relay's compiler wrote. An answer without data is an error in Relay; one with data keeps its `errors`. */
function send({ url, headers, fetch }: Connection): FetchFunction {
  return async (operation, variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json", Accept: "application/graphql-response+json" },
      body: JSON.stringify({ query: operation.text, operationName: operation.name, variables }),
    });
    return (await response.json()) as GraphQLResponse;
  };
}

function relay(connection: Connection): Environment {
  return new Environment({ network: Network.create(send(connection)), store: new Store(new RecordSource()) });
}

/** Asks, and keeps what comes in the store; in React, `useLazyLoadQuery` does both. */
async function ask<Query extends OperationType>(
  environment: Environment,
  query: GraphQLTaggedNode,
  variables: Query["variables"],
): Promise<Query["response"]> {
  environment.retain(createOperationDescriptor(getRequest(query), variables));
  const data = await fetchQuery<Query>(environment, query, variables).toPromise();
  if (data === undefined) throw new Error("The answer holds no data.");
  return data;
}

/** Reads a fragment from the store as it is now; in React, `useFragment` does this. */
function read<Key extends { readonly " $data"?: unknown }>(
  environment: Environment,
  fragment: GraphQLTaggedNode,
  key: Key,
): NonNullable<Key[" $data"]> {
  const selector = getSingularSelector(getFragment(fragment), key);
  if (!selector) throw new Error("The fragment was not selected.");
  return environment.lookup(selector).data as NonNullable<Key[" $data"]>;
}

/** The reason of the field that `@catch` kept from failing the whole query. */
function reason(errors: ReadonlyArray<unknown>): Report["refused"]["code"] {
  return refusals(errors as ReadonlyArray<GraphQLErrorLike>)[0]?.code ?? "UNKNOWN";
}

async function report(): Promise<Report> {
  const environment = relay(connectionFromEnvironment());

  const query: CaseList_query$key = await ask<CaseListQuery>(environment, caseListQuery, { first: 3 });
  const { cases: start } = read(environment, caseListFragment, query);
  // `@connection` joins the second page to the first in the store.
  await ask<CaseListPageQuery>(environment, listPageQuery, { first: 3, after: start?.pageInfo.endCursor ?? null });
  const { cases: list } = read(environment, caseListFragment, query);
  const cases = list?.edges.map(({ node }) => node) ?? [];

  const key: CaseDetails_case$key | undefined = cases[0];
  if (!key) throw new Error("This role sees no case.");
  const { id } = read(environment, caseDetailsFragment, key);
  await ask<CaseDetailsAgainQuery>(environment, detailsAgainQuery, { id });
  const again = read(environment, caseDetailsFragment, key);

  const people = await ask<PeopleQuery>(environment, peopleQuery, { first: 20 });
  const refused = await ask<PeopleByIdNumberQuery>(environment, peopleByIdNumberQuery, { idNumber: "11010519491231002X" });

  return {
    cases: cases.map((row) => words(cell(row, "number"))),
    people: people.persons?.nodes.map((row) => `${words(cell(row, "name"))} ${words(cell(row, "phone"))}`) ?? [],
    again: { id: again.id, number: again.number ?? "" },
    refused: { code: refused.persons.ok ? "UNKNOWN" : reason(refused.persons.errors), beside: refused.me.kind },
  };
}

print(report());
