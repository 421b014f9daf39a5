import { connectionFromEnvironment, type Connection } from "./connection";
import { graphql } from "./generated";
import type { FollowCasesQuery } from "./generated/graphql";
import { request } from "./request";

const FollowCases = graphql(`
  query FollowCases($since: DateTime!, $after: String) {
    cases(filter: { updatedAt: { gte: $since } }, orderBy: [{ field: UPDATED_AT }], first: 1000, after: $after) {
      nodes { id version updatedAt number state region(level: COMMUNITY) { code } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

type Case = NonNullable<FollowCasesQuery["cases"]>["nodes"][number];

/**
 * Cases that changed since a moment, in the order of their changes. Keep the last `updatedAt` you wrote down and begin the
 * next run some minutes before it; a case whose `version` you hold already is not new.
 */
export async function* changedCases(connection: Connection, since: string): AsyncGenerator<Case> {
  let after: string | null = null;
  do {
    const { cases }: FollowCasesQuery = await request(connection, FollowCases, { since, after });
    yield* cases?.nodes ?? [];
    after = cases?.pageInfo.hasNextPage ? (cases.pageInfo.endCursor ?? null) : null;
  } while (after);
}

async function main(): Promise<void> {
  const versions = new Map<string, number>();
  let until = process.argv[2] ?? "2000-01-01T00:00:00Z";
  for await (const { id, version, updatedAt } of changedCases(connectionFromEnvironment(), until)) {
    versions.set(id, version);
    until = updatedAt ?? until;
  }
  console.log(JSON.stringify({ held: versions.size, until }));
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
