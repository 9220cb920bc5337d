import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** Is what package.json says about the program and its tools. */
export interface Project {
  readonly root: string;
  readonly version: string;
  /** The version of Bun that a release is built with and contains. */
  readonly bunVersion: string;
}

/**
 * Reads package.json.
 * @throws Error when it lacks the version of the program or of Bun.
 */
export function readProject(root: string): Project {
  const { version, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof version !== "string" || typeof engines?.bun !== "string") {
    throw new Error(`${join(root, "package.json")} lacks "version" or "engines.bun"`);
  }
  return { root, version, bunVersion: engines.bun };
}

/**
 * Finds the commit that a tree was taken from: what MAI_COMMIT says, else git where the tree is the top of a
 * checkout, else null, as in an unpacked tarball (also one that lies inside somebody's checkout).
 */
export async function sourceCommit(root: string): Promise<string | null> {
  if (process.env.MAI_COMMIT) return process.env.MAI_COMMIT;
  if (Bun.which("git") === null) return null;
  const top = await runCommand(["git", "-C", root, "rev-parse", "--show-toplevel", "HEAD"]);
  const [directory = "", commit = ""] = top.stdout.split("\n");
  if (top.exitCode !== 0 || realpathSync(directory) !== realpathSync(root)) return null;
  return commit;
}
