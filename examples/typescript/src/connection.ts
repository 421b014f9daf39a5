import { retrying } from "./retry";

/** Where the server is, who asks, and how requests are sent. */
export interface Connection {
  /** Address of the graph, like `http://127.0.0.1:8080/graphql`. */
  readonly url: string;
  /** Headers of every request: the caller's token travels here and never in the address. */
  readonly headers: Readonly<Record<string, string>>;
  /** `fetch` that waits and asks again while the server is busy. */
  readonly fetch: typeof globalThis.fetch;
}

/** Reads `SERVER` (the server's address, the demo's by default) and `TOKEN`. */
export function connectionFromEnvironment(): Connection {
  const server = process.env["SERVER"] ?? "http://127.0.0.1:8080";
  const token = process.env["TOKEN"];
  if (!token) throw new Error("Set TOKEN to a token that `civigrid demo` printed.");
  return { url: `${server}/graphql`, headers: { Authorization: `Bearer ${token}` }, fetch: retrying(globalThis.fetch) };
}
