import assert from "node:assert/strict";
import type { Report } from "../src/report";
import { ask } from "./ask";
import type { Demo } from "./demo";
import { runForJson } from "./run";

const ROLE = "street_operator";

/** The three libraries must report the same, and what plain requests say. */
export async function clientsAgree(demo: Demo): Promise<void> {
  const expected = await plainly(demo);
  assert.equal(expected.cases.length, 6, "the demonstration has two pages of cases");
  const masked = expected.people.filter((person) => person.split(" ")[0]?.endsWith("*")).length;
  assert.ok(masked > 0 && masked < expected.people.length, "names of some people are masked, and others shown");
  const locked = expected.people.filter((person) => person.endsWith("🔒")).length;
  assert.ok(locked > 0 && locked < expected.people.length, "phones of some people are withheld, and others shown");

  const environment = { SERVER: demo.address, TOKEN: demo.token(ROLE) };
  for (const client of ["apollo", "urql", "relay"]) {
    const report = await runForJson<Report>("node", [`build/src/${client}.js`], environment);
    assert.deepEqual(report, expected, `${client} reports what plain requests say`);
  }
}

interface Plain {
  cases: { nodes: { id: string; number: string }[] };
  persons: { nodes: { name: string | null; phone: string | null; access: { withheld: string[] } }[] };
}

async function plainly(demo: Demo): Promise<Report> {
  const { data } = await ask<Plain>(
    demo.as(ROLE),
    `{ cases(first: 6, orderBy: [{ field: OPENED_AT, direction: DESC }]) { nodes { id number } }
       persons(first: 20) { nodes { name phone access { withheld } } } }`,
  );
  const cases = data?.cases.nodes ?? [];
  const show = (value: string | null, locked: boolean): string => (locked ? "🔒" : (value ?? "–"));
  const people = data?.persons.nodes.map(
    ({ name, phone, access: { withheld } }) => `${show(name, withheld.includes("NAME"))} ${show(phone, withheld.includes("PHONE"))}`,
  );
  return {
    cases: cases.map(({ number }) => number),
    people: people ?? [],
    again: { id: cases[0]?.id ?? "", number: cases[0]?.number ?? "" },
    refused: { code: "FIELD_WITHHELD", beside: "PERSON" },
  };
}
