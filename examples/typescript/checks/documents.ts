import { mkdir, readFile, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildSchema, Kind, parse, print, validate, type DocumentNode, type GraphQLSchema } from "graphql";
import { refusals } from "../src/errors";
import { ask } from "./ask";
import type { Demo } from "./demo";
import { blocksOf, pages, type Block } from "./markdown";
import { run } from "./run";

/**
 * Tries what README.md and docs/ say, so that they cannot rot. The first line of a block says how (see examples/README.md):
 * graphql blocks are validated; with `as=ROLE` they, and shell blocks, are also asked of the demonstration; with `file=PATH`
 * a block must stand in that file word by word.
 */
export async function documentsHold(demo: Demo): Promise<void> {
  const schema = buildSchema(await readFile("../../schema.graphql", "utf8"));
  const complaints: string[] = [];
  const done = { validated: 0, asked: 0, quoted: 0 };
  for (const page of await pages("../..")) {
    for (const block of blocksOf(page.text)) {
      const found = await complaintsAbout(block, schema, demo, done);
      complaints.push(...found.map((complaint) => `${page.path}:${block.line}: ${complaint}`));
    }
  }
  if (complaints.length > 0) throw new Error(`What the documents say does not hold:\n${complaints.join("\n")}`);
  console.log(`    ${done.validated} documents validated, ${done.asked} asked of the demonstration, ${done.quoted} quotations compared`);
}

type Done = { validated: number; asked: number; quoted: number };

async function complaintsAbout(block: Block, schema: GraphQLSchema, demo: Demo, done: Done): Promise<string[]> {
  const { language, marks, text } = block;
  if (marks.has("file")) {
    done.quoted += 1;
    return quoted(text, await readFile(`../../${marks.get("file")}`, "utf8")) ? [] : [`${marks.get("file")} does not hold this`];
  }
  if (language === "graphql") return graphqlComplaints(block, schema, demo, done);
  if (language !== "sh" || !marks.has("as")) return [];
  done.asked += 1;
  return shellComplaints(block, demo);
}

async function graphqlComplaints({ marks, text }: Block, schema: GraphQLSchema, demo: Demo, done: Done): Promise<string[]> {
  if (marks.has("unchecked")) return [];
  const complaints: string[] = [];
  for (const operation of operations(text)) {
    done.validated += 1;
    const invalid = validate(schema, operation).map(({ message }) => message);
    complaints.push(...invalid);
    if (invalid.length > 0 || !marks.has("as")) continue;
    done.asked += 1;
    const variables = JSON.parse(marks.get("variables") ?? "{}") as object;
    const answer = await ask(demo.as(marks.get("as") ?? ""), print(operation), variables);
    const codes = refusals(answer.errors).map(({ code, message }) => `${code} (${message})`);
    const expected = marks.get("refused");
    if (expected ? !codes[0]?.startsWith(expected) : codes.length > 0) {
      complaints.push(`${marks.get("as")} is answered ${codes.join(", ") || "without a refusal"}`);
    }
  }
  return complaints;
}

/** The operations of a block, each with the block's fragments: a page may show several that have no name. */
function operations(text: string): DocumentNode[] {
  const { definitions } = parse(text);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const others = definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION);
  return others.map((operation) => ({ kind: Kind.DOCUMENT, definitions: [operation, ...used(operation, fragments)] }));
}

/** Only fragments that the operation spreads, directly or through others, so that validation finds no unused one. */
function used(operation: DocumentNode["definitions"][number], fragments: DocumentNode["definitions"]): DocumentNode["definitions"] {
  const names = new Set<string>();
  const visit = (text: string): void => {
    for (const [, name = ""] of text.matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
      const fragment = fragments.find((one) => "name" in one && one.name?.value === name);
      if (!fragment || names.has(name)) continue;
      names.add(name);
      visit(print(fragment));
    }
  };
  visit(print(operation));
  return fragments.filter((one) => "name" in one && names.has(one.name?.value ?? ""));
}

/** Runs a shell block as the role, at the demonstration's address; an answer in JSON must hold no errors but the expected. */
async function shellComplaints({ marks, text }: Block, demo: Demo): Promise<string[]> {
  const role = marks.get("as") ?? "";
  const script = text.replaceAll("http://127.0.0.1:8080", demo.address);
  const environment = { TOKEN: demo.token(role), SERVER: demo.address, PYTHONDONTWRITEBYTECODE: "1" };
  const { code, stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", script], environment, await workplace(demo));
  if (code !== 0) return [`ends with ${code}: ${stderr}`];
  const found = /"code": ?"(\w+)"/.exec(stdout.includes('"errors"') ? stdout : "")?.[1];
  return found === marks.get("refused") ? [] : [`${role} is answered ${found ?? "without a refusal"}`];
}

/** A folder that looks like the repository's root, in which what the documents write harms nothing. */
async function workplace(demo: Demo): Promise<string> {
  const folder = join(demo.folder, "workplace");
  await mkdir(folder, { recursive: true });
  for (const name of ["examples", "schema.graphql"]) {
    await symlink(resolve("../..", name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  return folder;
}

/** True if the lines stand in the text in one piece, whatever the indentation of the whole. */
function quoted(lines: string, text: string): boolean {
  return squeezed(text).includes(squeezed(lines));
}

function squeezed(text: string): string {
  return text.replace(/^[ \t]+/gm, "").trim();
}
