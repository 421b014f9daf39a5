import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { retrying } from "../src/retry";
import { ask } from "./ask";
import type { Demo } from "./demo";

/** More requests at once than the server lets an account send: all are answered in the end, some after having waited. */
export async function floodsAreWaitedOut(demo: Demo): Promise<void> {
  const statuses: number[] = [];
  const counting: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    statuses.push(response.status);
    return response;
  };
  const connection = { ...demo.as("city_officer"), fetch: retrying(counting, { attempts: 10 }) };
  const answers = await Promise.all(
    Array.from({ length: 450 }, () => ask<{ me: { kind: string } }>(connection, "{ me { kind } }")),
  );
  assert.ok(answers.every(({ data }) => data?.me.kind === "PERSON"), "every request is answered");
  assert.ok(statuses.includes(429), "the server refused some at first");
}

/** 503 is asked again, in longer and longer pauses, and not for ever; 504 and refusals are not. */
export async function onlyBusyServersAreAskedAgain(): Promise<void> {
  const pauses = async (...statuses: number[]): Promise<{ status: number; waited: number[]; left: number }> => {
    const waited: number[] = [];
    const server = createServer((_, response) => response.writeHead(statuses.shift() ?? 200).end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const sleep = async (milliseconds: number): Promise<void> => void waited.push(milliseconds);
    const { port } = server.address() as AddressInfo;
    const { status } = await retrying(globalThis.fetch, { attempts: 3, pause: 100, sleep })(`http://127.0.0.1:${port}/`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { status, waited, left: statuses.length };
  };
  const twice = await pauses(503, 503, 200);
  assert.equal(twice.status, 200);
  assert.equal(twice.waited.length, 2);
  twice.waited.forEach((milliseconds, turn) => assert.ok(milliseconds >= 50 * 2 ** turn && milliseconds <= 150 * 2 ** turn));
  assert.deepEqual((await pauses(503, 503, 503, 200)).left, 1, "three attempts, and no more");
  for (const status of [200, 400, 401, 500, 504]) {
    assert.deepEqual(await pauses(status, 200), { status, waited: [], left: 1 }, `${status} is not asked again`);
  }
}
