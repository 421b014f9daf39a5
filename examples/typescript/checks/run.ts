import { spawn } from "node:child_process";

/** What a program printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with some more variables in its environment, in another folder if one is named. */
export function run(command: string, args: string[], environment: Record<string, string>, folder?: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], ...(folder && { cwd: folder }) });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a program that prints JSON. Fails where it ends badly. */
export async function runForJson<Result>(command: string, args: string[], environment: Record<string, string>): Promise<Result> {
  const { code, stdout, stderr } = await run(command, args, environment);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}.\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}
