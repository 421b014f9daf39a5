/** `idNumber` → `ID_NUMBER`: how `access` names a field. */
type ConstantCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? Tail extends Uncapitalize<Tail>
    ? `${Uppercase<Head>}${ConstantCase<Tail>}`
    : `${Uppercase<Head>}_${ConstantCase<Tail>}`
  : Name;

/** A row whose query selects `access { withheld }`, and `masked` where parts of values matter. */
export interface WithAccess {
  readonly access: { readonly withheld: ReadonlyArray<string>; readonly masked?: ReadonlyArray<string> };
}

/** Names of the selected fields of a row that `access` tells of. */
export type Tellable<Row extends WithAccess> = {
  [Name in keyof Row & string]: ConstantCase<Name> extends Row["access"]["withheld"][number] ? Name : never;
}[keyof Row & string];

/** What one field of one row says: `null` alone does not tell "no value" from "not for you". */
export type Cell<Value> =
  | { readonly state: "shown" | "masked"; readonly value: Value }
  | { readonly state: "empty" }
  | { readonly state: "withheld" };

/** Reads a field of a row together with the row's `access`. A name that `access` does not know does not compile. */
export function cell<Row extends WithAccess, Name extends Tellable<Row>>(row: Row, name: Name): Cell<NonNullable<Row[Name]>> {
  const constant = name.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
  if (row.access.withheld.includes(constant)) return { state: "withheld" };
  const value = row[name];
  if (value === null || value === undefined) return { state: "empty" };
  return { state: row.access.masked?.includes(constant) ? "masked" : "shown", value };
}

/** A cell for people to read: a lock where the caller may not see, a dash where there is nothing to see. */
export function words<Value>(cell: Cell<Value>, print: (value: Value) => string = String): string {
  switch (cell.state) {
    case "shown":
    case "masked":
      return print(cell.value);
    case "empty":
      return "–";
    case "withheld":
      return "🔒";
  }
}

/** What `extensions.access` tells of a whole answer. */
export interface AnswerAccess {
  /** Selected fields that some or all rows withhold, and what would be needed to see them. */
  readonly withheld: ReadonlyArray<{ type: string; field: string; reason: "NO_GRANT" | "SOME_ROWS"; needed: string }>;
  /** Types of which the caller may see no row at all: their lists are empty for lack of rights, not of data. */
  readonly withoutRows: ReadonlyArray<string>;
}

/** Reads `extensions.access`; empty where an answer carries none. */
export function answerAccess(extensions: unknown): AnswerAccess {
  const { access } = (extensions ?? {}) as { access?: Partial<AnswerAccess> };
  return { withheld: access?.withheld ?? [], withoutRows: access?.withoutRows ?? [] };
}
