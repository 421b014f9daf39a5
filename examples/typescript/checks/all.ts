import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { clientsAgree } from "./clients";
import { codesAreKnown } from "./codes";
import { startDemo, type Demo } from "./demo";
import { documentsHold } from "./documents";
import { copiesFollow } from "./follow";
import { floodsAreWaitedOut, onlyBusyServersAreAskedAgain } from "./patience";

/** The types of these examples come from the schema that the program serves. */
async function schemaIsServed(demo: Demo): Promise<void> {
  const { headers } = demo.as("integrator");
  const served = await fetch(`${demo.address}/schema.graphql`, { headers });
  assert.equal(await served.text(), await readFile("../../schema.graphql", "utf8"), "run `civigrid schema > schema.graphql`");
}

const CHECKS: ReadonlyArray<readonly [name: string, check: (demo: Demo) => Promise<void>]> = [
  ["the program serves schema.graphql", schemaIsServed],
  ["errors.ts knows every code of the schema", codesAreKnown],
  ["Apollo Client, urql and Relay report what plain requests say", clientsAgree],
  ["readers of changes hold every case and take up a change", copiesFollow],
  ["a client waits where the server is busy", onlyBusyServersAreAskedAgain],
  ["the documents hold", documentsHold],
  ["a flood of requests is answered in the end", floodsAreWaitedOut],
];

async function main(program: string): Promise<void> {
  const demo = await startDemo(program);
  try {
    for (const [name, check] of CHECKS) {
      const start = Date.now();
      await check(demo);
      console.log(`ok  ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    }
  } finally {
    await demo.stop();
  }
}

const [, , program] = process.argv;
if (program) {
  main(program).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  console.error("Usage: npm run check -- PROGRAM");
  process.exitCode = 2;
}
