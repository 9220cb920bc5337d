import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Everything below a directory, empty directories and the mutex too: mode, and the bytes of files. */
export function wholeTree(base: string): ReadonlyMap<string, string> {
  const names = readdirSync(base, { recursive: true, encoding: "utf8" }).sort();
  return new Map(names.map((name) => [name, told(join(base, name))]));
}

/** Paths that were made, removed or changed between two trees. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

function told(path: string): string {
  const stat = lstatSync(path);
  const mode = stat.mode.toString(8);
  if (stat.isSymbolicLink()) return `${mode} -> ${readlinkSync(path)}`;
  return stat.isDirectory() ? mode : `${mode} ${readFileSync(path, "latin1")}`;
}
