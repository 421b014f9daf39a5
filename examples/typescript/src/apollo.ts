import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, type ObservableQuery } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom, map } from "rxjs";
import { answerAccess, cell, words, type AnswerAccess } from "./access";
import { connectionFromEnvironment, type Connection } from "./connection";
import { ByIdNumber, CaseAgain, NewestCases, People } from "./documents";
import { refusals, type Refusal } from "./errors";
import type { NewestCasesQuery, NewestCasesQueryVariables } from "./generated/graphql";
import { print, type Report } from "./report";

// The default, "none", drops all data at the first refused field.
declare module "@apollo/client" {
  namespace ApolloClient.DeclareDefaultOptions {
    interface Query {
      errorPolicy: "all";
    }
    interface WatchQuery {
      errorPolicy: "all";
    }
  }
}

/** A client whose lists grow page by page, and which keeps the answered fields beside the refused ones. */
function apollo(connection: Connection, told: (access: AnswerAccess) => void): ApolloClient {
  const listen = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      map((result) => {
        told(answerAccess(result.extensions));
        return result;
      }),
    ),
  );
  const { url: uri, headers, fetch } = connection;
  return new ApolloClient({
    link: ApolloLink.from([listen, new HttpLink({ uri, headers, fetch })]),
    cache: new InMemoryCache({
      // One list per filter and order; `first` and `after` only say which part of it.
      typePolicies: { Query: { fields: { cases: relayStylePagination(["filter", "orderBy"]) } } },
    }),
    defaultOptions: { query: { errorPolicy: "all" }, watchQuery: { errorPolicy: "all" } },
  });
}

/** Why a request was refused: Apollo keeps the answer's `errors` in `CombinedGraphQLErrors`. */
function reasons(error: unknown): Refusal[] {
  if (error === undefined) return [];
  if (CombinedGraphQLErrors.is(error)) return refusals(error.errors);
  throw error;
}

/** The list once it is no longer on its way. */
async function loaded(list: ObservableQuery<NewestCasesQuery, NewestCasesQueryVariables>): Promise<NewestCasesQuery> {
  const result = await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
  if (result.dataState !== "complete") throw result.error ?? new Error("The answer holds no data.");
  return result.data;
}

async function report(): Promise<Report> {
  const client = apollo(connectionFromEnvironment(), ({ withheld }) => {
    for (const { type, field, reason } of withheld) console.error(`withheld: ${type}.${field} (${reason})`);
  });

  // A watched list, as `useQuery` holds it. `fetchMore` asks for the next page, and the cache joins it to the list; a plain
  // second `query` would be answered from the cache without asking, since the list is already there.
  const list = client.watchQuery({ query: NewestCases, variables: { first: 3 } });
  const watching = list.subscribe({});
  const after = (await loaded(list)).cases?.pageInfo.endCursor ?? null;
  await list.fetchMore({ variables: { after } });
  const cases = (await loaded(list)).cases?.edges.map(({ node }) => node) ?? [];
  watching.unsubscribe();

  const id = cases[0]?.id ?? "";
  const again = await client.query({ query: CaseAgain, variables: { id }, fetchPolicy: "network-only" });
  const found = again.data?.node;

  const people = await client.query({ query: People, variables: { first: 20 } });
  const refused = await client.query({ query: ByIdNumber, variables: { idNumber: "11010519491231002X" } });

  return {
    cases: cases.map((row) => words(cell(row, "number"))),
    people: people.data?.persons?.nodes.map((row) => `${words(cell(row, "name"))} ${words(cell(row, "phone"))}`) ?? [],
    again: { id: found?.id ?? "", number: found?.__typename === "Case" ? (found.number ?? "") : "" },
    refused: { code: reasons(refused.error)[0]?.code ?? "UNKNOWN", beside: refused.data?.me?.kind ?? "" },
  };
}

print(report());
