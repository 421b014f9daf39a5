import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import type { Connection } from "./connection";
import { refusals, type GraphQLErrorLike, type Refusal } from "./errors";

/** A question that was refused, or answered in part only. */
export class Refused extends Error {
  constructor(readonly refusals: Refusal[]) {
    super(refusals.map(({ code, message }) => `${code}: ${message}`).join("; "));
  }
}

/** Asks without any client library; the result has the type that codegen made from the document. Throws `Refused`. */
export async function request<Result, Variables>(
  connection: Connection,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await connection.fetch(connection.url, {
    method: "POST",
    headers: { ...connection.headers, "Content-Type": "application/json", Accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Result; errors?: GraphQLErrorLike[] };
  if (errors || !data) throw new Refused(refusals(errors));
  return data;
}
