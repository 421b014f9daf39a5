/**
 * Codes of the graph (the enum `ErrorCode` of the schema), and those that HTTP adds for what never reaches it
 * (`docs/errors.md`). Written out here, since newer code generators leave out enums that no question selects.
 */
export const CODES = [
  "ANSWER_TOO_LARGE",
  "AUDIT_UNAVAILABLE",
  "BAD_INPUT",
  "CHANGE_NOT_ALLOWED",
  "CURSOR_INVALID",
  "CURSOR_MISMATCH",
  "DOCUMENT_TOO_LARGE",
  "FIELD_WITHHELD",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "INTERNAL",
  "OPERATION_NOT_FOUND",
  "PAGE_TOO_LARGE",
  "PURPOSE_UNKNOWN",
  "SMALL_GROUPS",
  "TIMEOUT",
  "TOO_COSTLY",
  "TOO_DEEP",
  "TOO_WIDE",
  "UNAVAILABLE",
  // Of HTTP:
  "BAD_REQUEST",
  "BODY_TOO_LARGE",
  "FORBIDDEN",
  "METHOD_NOT_ALLOWED",
  "NOT_ACCEPTABLE",
  "NOT_FOUND",
  "NOT_READY",
  "PERSISTED_QUERY_NOT_FOUND",
  "QUOTA_EXCEEDED",
  "RATE_LIMITED",
  "UNAUTHENTICATED",
  "UNSUPPORTED_MEDIA_TYPE",
  "UNTRUSTED_DOCUMENT",
] as const;

export type Code = (typeof CODES)[number];

/** Why a request, or one root field of it, was refused. */
export interface Refusal {
  readonly code: Code | "UNKNOWN";
  readonly message: string;
  /** What would be right, in words. */
  readonly hint?: string;
  /** To name to the administrator: the server's log has the rest under it. */
  readonly requestId?: string;
}

/** An error as all clients hold it. */
export interface GraphQLErrorLike {
  readonly message: string;
  readonly extensions?: unknown;
}

/** Reads what an answer's `errors` say. Decide by `code`; messages may change. */
export function refusals(errors: ReadonlyArray<GraphQLErrorLike> | undefined): Refusal[] {
  return (errors ?? []).map(({ message, extensions }) => {
    const { code, hint, requestId } = (extensions ?? {}) as Partial<Refusal>;
    return { code: code ?? "UNKNOWN", message, ...(hint && { hint }), ...(requestId && { requestId }) };
  });
}

/** What a screen can do about a refusal. */
export function remedy({ code, message, hint }: Refusal): string {
  switch (code) {
    case "UNAUTHENTICATED":
      return "Sign in again.";
    case "FIELD_WITHHELD":
      return `Not for this role: ${message}`;
    case "CURSOR_INVALID":
    case "CURSOR_MISMATCH":
      return "Start again at the first page.";
    case "RATE_LIMITED":
    case "UNAVAILABLE":
    case "NOT_READY":
      return "The server is busy. Try again in a minute.";
    case "QUOTA_EXCEEDED":
      return "This application has used up its requests of today.";
    case "TIMEOUT":
    case "TOO_COSTLY":
    case "ANSWER_TOO_LARGE":
      return "Ask for less: a smaller region, a shorter time, fewer rows.";
    default:
      return hint ?? message;
  }
}
