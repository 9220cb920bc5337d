import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file below a directory: its path from there, and what it holds. */
export type Snapshot = ReadonlyMap<string, string>;

const TIMESTAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d/g;
const PERMISSIONS = 0o7777;

/**
 * Takes the state of a project, timestamps made alike, so that two runs of one command can be compared. The mutex
 * does not count, nor do empty directories; modes of files and of the directories they lie in do, unless left out.
 */
export function snapshotOf(root: string, options: { readonly modes: boolean } = { modes: true }): Snapshot {
  const files = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [];
  const paths = files
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const counted = paths.filter((path) => !path.endsWith("/.mai/mutex")).sort();
  return new Map(
    counted.map((path) => {
      const bytes = readFileSync(path);
      const plain = path.endsWith(".gz") ? Bun.gunzipSync(bytes) : bytes;
      const text = Buffer.from(plain).toString("latin1").replace(TIMESTAMP, "T");
      return [path.slice(root.length + 1), options.modes ? `${modes(path)} ${text}` : text];
    }),
  );
}

/** Names the files in which two states differ. */
export function differences(one: Snapshot, other: Snapshot): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path));
}

/** Names what no command may leave behind: a record in flight, temp files, texts that were set aside. */
export function leftovers(root: string): readonly string[] {
  return ["journal", "tmp"].flatMap((directory) => {
    const path = join(root, ".mai", directory);
    return existsSync(path) ? readdirSync(path).map((name) => `${directory}/${name}`) : [];
  });
}

function modes(path: string): string {
  return [dirname(path), path].map((name) => (statSync(name).mode & PERMISSIONS).toString(8)).join("/");
}
