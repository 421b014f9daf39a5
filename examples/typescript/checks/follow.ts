import assert from "node:assert/strict";
import { join } from "node:path";
import { ask } from "./ask";
import type { Demo } from "./demo";
import { run, runForJson } from "./run";

const ROLE = "integrator";

interface Kept {
  pages: number;
  changed: number;
  held: number;
}

/** A copy that is kept by reading in steps holds every case once, survives a stop in the middle, and takes up a change. */
export async function copiesFollow(demo: Demo): Promise<void> {
  const environment = { SERVER: demo.address, TOKEN: demo.token(ROLE) };
  const { data } = await ask<{ cases: { totalCount: number } }>(demo.as(ROLE), "{ cases { totalCount } }");
  const all = data?.cases.totalCount ?? 0;
  assert.ok(all > 1000, "the demonstration has more cases than a page holds");

  const { held } = await runForJson<{ held: number }>("node", ["build/src/follow.js"], environment);
  assert.equal(held, all, "the TypeScript reader holds every case");

  const copy = join(demo.folder, "copy.sqlite");
  const follow = (...more: string[]): Promise<Kept> =>
    runForJson<Kept>("python3", ["../python/follow_cases.py", copy, ...more], environment);
  assert.deepEqual(await follow("--page", "300", "--pages", "2"), { pages: 2, changed: 600, held: 600 });
  const rest = await follow();
  assert.deepEqual([rest.changed, rest.held], [all - 600, all], "the next run goes on and misses none");
  assert.deepEqual(await follow(), { pages: 1, changed: 0, held: all }, "nothing is new");
  await changeOneCase(join(demo.folder, "demo", "demo.sqlite"), copy);
  assert.deepEqual(await follow(), { pages: 1, changed: 1, held: all }, "one case has changed");
}

/** Changes one case of the copy behind the server's back, since the graph changes nothing yet. */
async function changeOneCase(database: string, copy: string): Promise<void> {
  const change = `
import json, sqlite3, sys
number = json.loads(sqlite3.connect(sys.argv[2]).execute("SELECT row FROM cases LIMIT 1").fetchone()[0])["number"]
with sqlite3.connect(sys.argv[1], timeout=30) as database:
    changed = database.execute(
        "UPDATE cases SET version = version + 1, updated_at = (SELECT max(updated_at) FROM cases) WHERE number = ?", (number,))
    assert changed.rowcount == 1`;
  const { code, stderr } = await run("python3", ["-c", change, database, copy], {});
  assert.equal(code, 0, stderr);
}
