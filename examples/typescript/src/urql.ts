import { cacheExchange, Client, fetchExchange, type CombinedError, type OperationResult } from "@urql/core";
import { answerAccess, cell, words } from "./access";
import { connectionFromEnvironment, type Connection } from "./connection";
import { ByIdNumber, CaseAgain, NewestCases, People } from "./documents";
import { refusals, type Refusal } from "./errors";
import type { NewestCasesQuery } from "./generated/graphql";
import { print, type Report } from "./report";

type Case = NonNullable<NewestCasesQuery["cases"]>["edges"][number]["node"];

function urql({ url, headers, fetch }: Connection): Client {
  return new Client({
    url,
    fetch,
    fetchOptions: { headers },
    exchanges: [cacheExchange, fetchExchange],
    // By GET the variables would stand in the address, and so in the logs of every proxy on the way.
    preferGetMethod: false,
  });
}

/** Why a request was refused: urql keeps the answer's `errors` in `graphQLErrors`; without any, the network failed. */
function reasons(error: CombinedError | undefined): Refusal[] {
  if (error?.networkError) throw error.networkError;
  return refusals(error?.graphQLErrors);
}

/** Follows `endCursor` for so many pages, or to the end of the list. */
async function pages(client: Client, count: number): Promise<Case[]> {
  const rows: Case[] = [];
  let after: string | null = null;
  for (let page = 0; page < count; page += 1) {
    const answer: OperationResult<NewestCasesQuery> = await client.query(NewestCases, { first: 3, after }).toPromise();
    const list = answer.data?.cases;
    if (!list) throw new Error(reasons(answer.error)[0]?.message ?? "no answer");
    rows.push(...list.edges.map(({ node }) => node));
    if (!list.pageInfo.hasNextPage) break;
    after = list.pageInfo.endCursor ?? null;
  }
  return rows;
}

async function report(): Promise<Report> {
  const client = urql(connectionFromEnvironment());
  const cases = await pages(client, 2);

  const id = cases[0]?.id ?? "";
  const again = await client.query(CaseAgain, { id }, { requestPolicy: "network-only" }).toPromise();
  const found = again.data?.node;

  const people = await client.query(People, { first: 20 }).toPromise();
  for (const { type, field, reason } of answerAccess(people.extensions).withheld) {
    console.error(`withheld: ${type}.${field} (${reason})`);
  }
  const refused = await client.query(ByIdNumber, { idNumber: "11010519491231002X" }).toPromise();

  return {
    cases: cases.map((row) => words(cell(row, "number"))),
    people: people.data?.persons?.nodes.map((row) => `${words(cell(row, "name"))} ${words(cell(row, "phone"))}`) ?? [],
    again: { id: found?.id ?? "", number: found?.__typename === "Case" ? (found.number ?? "") : "" },
    refused: { code: reasons(refused.error)[0]?.code ?? "UNKNOWN", beside: refused.data?.me.kind ?? "" },
  };
}

print(report());
