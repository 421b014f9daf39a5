import type { Connection } from "../src/connection";
import type { GraphQLErrorLike } from "../src/errors";

/** An answer of the graph as it came. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: GraphQLErrorLike[];
  readonly extensions?: unknown;
}

/** Asks by a text, as no program should: only to know what is right without the libraries that are checked. */
export async function ask<Data>({ url, headers, fetch }: Connection, query: string, variables: object = {}): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Data>;
}
