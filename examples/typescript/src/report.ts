import type { Refusal } from "./errors";

/** What each example found out, the same for all clients, so that they can be compared. */
export interface Report {
  /** Numbers of the cases of the first two pages, in order. */
  readonly cases: string[];
  /** Name and phone of people, as a screen shows them. */
  readonly people: string[];
  /** The first case, asked for again by its id. */
  readonly again: { id: string; number: string };
  /** Of the refused question: why, and what came beside it. */
  readonly refused: { code: Refusal["code"]; beside: string };
}

/** Runs an example and prints its report as JSON. */
export function print(report: Promise<Report>): void {
  report.then(
    (found) => console.log(JSON.stringify(found, null, 2)),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
