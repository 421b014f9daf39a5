import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../src/connection";
import { retrying } from "../src/retry";

/** The longest that a new database and its server may take; a program without optimisation is slow. */
const START = 180_000;

/** A running demonstration with a database of its own. */
export interface Demo {
  /** Like `http://127.0.0.1:41821`. */
  readonly address: string;
  /** Folder that holds its database, and room for what a check writes. */
  readonly folder: string;
  /** The token of a role; empty for `anonymous`. */
  token(role: string): string;
  /** How a role asks. */
  as(role: string): Connection;
  stop(): Promise<void>;
}

/** Starts `civigrid demo` on a free port of this machine and waits until it answers. */
export async function startDemo(program: string): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), "civigrid-examples-"));
  // Settings from the environment would make it another server than a newcomer's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CIVIGRID_")));
  const server = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--data", join(folder, "demo")], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async (): Promise<void> => {
    await end(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const printed = await untilItAnswers(server);
    return running(printed, folder, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function running(printed: string, folder: string, stop: () => Promise<void>): Demo {
  const address = /answers on (http:\/\/[\d.]+:\d+)/.exec(printed)?.[1] ?? "";
  const tokens = new Map<string, string>([["anonymous", ""]]);
  for (const [, role, token] of printed.matchAll(/^# (\w+)[^\n]*\n(ey[\w.-]+)$/gm)) tokens.set(role ?? "", token ?? "");
  const token = (role: string): string => {
    const found = tokens.get(role);
    if (found === undefined) throw new Error(`The demonstration prints no token for "${role}"; it has ${[...tokens.keys()].join(", ")}.`);
    return found;
  };
  const as = (role: string): Connection => ({
    url: `${address}/graphql`,
    headers: role === "anonymous" ? {} : { Authorization: `Bearer ${token(role)}` },
    fetch: retrying(globalThis.fetch),
  });
  return { address, folder, token, as, stop };
}

/** What the program prints up to its last line, which says where it answers. */
function untilItAnswers(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complaints = "";
    const late = setTimeout(() => reject(new Error(`The demonstration did not answer in time.\n${printed}${complaints}`)), START);
    server.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (!printed.includes("Ctrl + C stops it.")) return;
      clearTimeout(late);
      resolve(printed);
    });
    server.stderr?.setEncoding("utf8").on("data", (text: string) => (complaints += text));
    server.on("error", reject);
    server.on("exit", (code) => reject(new Error(`The demonstration ended with ${code}.\n${printed}${complaints}`)));
  });
}

function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
