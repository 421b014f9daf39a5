import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { buildSchema, isEnumType } from "graphql";
import { CODES } from "../src/errors";

/** `errors.ts` knows every code that the schema may answer with. */
export async function codesAreKnown(): Promise<void> {
  const type = buildSchema(await readFile("../../schema.graphql", "utf8")).getType("ErrorCode");
  assert.ok(isEnumType(type), "the schema lists its codes");
  const known: readonly string[] = CODES;
  const unknown = type.getValues().filter(({ name }) => !known.includes(name));
  assert.deepEqual(unknown.map(({ name }) => name), [], "src/errors.ts knows every code of the schema");
}
