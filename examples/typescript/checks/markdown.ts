import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A page of documentation. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block: its language, and the marks that follow it on the same line, like `as=auditor`. */
export interface Block {
  readonly language: string;
  readonly marks: ReadonlyMap<string, string>;
  readonly text: string;
  /** Line of the page on which it begins. */
  readonly line: number;
}

/** README.md and all pages below docs/ of a working copy. */
export async function pages(root: string): Promise<Page[]> {
  const names = await readdir(join(root, "docs"));
  const folders = await Promise.all(
    ["docs", ...names.filter((name) => !name.includes(".")).map((name) => join("docs", name))].map(async (folder) =>
      (await readdir(join(root, folder))).map((name) => join(folder, name)),
    ),
  );
  const paths = ["README.md", "CONTRIBUTING.md", "examples/README.md", ...folders.flat()].filter((path) => path.endsWith(".md"));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), "utf8") })));
}

/** The fenced blocks of a page, in order; those inside lists are indented. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const [, ticks, information] = /^ *(```+)(.*)$/.exec(lines[at] ?? "") ?? [];
    if (!ticks) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks);
    if (end < 0) throw new Error(`A block that begins on line ${at + 1} has no end.`);
    blocks.push({ ...head(information ?? ""), text: lines.slice(at + 1, end).join("\n"), line: at + 1 });
    at = end;
  }
  return blocks;
}

function head(information: string): Pick<Block, "language" | "marks"> {
  const [language = "", ...words] = information.trim().split(/\s+/);
  const marks = words.map((word): [string, string] => {
    const [name = "", ...value] = word.split("=");
    return [name, value.join("=")];
  });
  return { language, marks: new Map(marks) };
}
