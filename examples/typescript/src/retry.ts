/** How often and how patiently to ask again. */
export interface Patience {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  /** Milliseconds before the second request; doubled for each further one. */
  readonly pause: number;
  /** Waits; replaced in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const PATIENCE: Patience = { attempts: 5, pause: 250, sleep };

/** Nobody waits longer than this for an answer; a day's quota that is used up (`QUOTA_EXCEEDED`) comes back at midnight. */
const LONGEST_WAIT = 60_000;

/** 429 carries `RATE_LIMITED`, 503 `UNAVAILABLE`. A request that took too long (504) would only take too long again. */
const WORTH_ANOTHER_TRY = new Set([429, 503]);

/**
 * Wraps `fetch` so that a request which the server had no time for is sent again, after the seconds of `Retry-After`
 * where it names them. Queries change nothing, so repeating them is safe. The last response is handed on whatever it says.
 */
export function retrying(fetch: typeof globalThis.fetch, patience: Partial<Patience> = {}): typeof globalThis.fetch {
  const { attempts, pause, sleep } = { ...PATIENCE, ...patience };
  return async (input, init) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(input, init);
      if (!WORTH_ANOTHER_TRY.has(response.status) || attempt >= attempts) return response;
      const wait = asked(response) ?? spread(pause * 2 ** (attempt - 1));
      if (wait > LONGEST_WAIT) return response;
      await response.body?.cancel();
      await sleep(wait);
    }
  };
}

/** Milliseconds that the server asks to wait, a little spread so that waiting clients do not all come back at once. */
function asked(response: Response): number | undefined {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? seconds * 1000 + spread(250) : undefined;
}

function spread(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random());
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
