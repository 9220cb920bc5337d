import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file below a directory: its path from there, and what it holds. */
export type Snapshot = ReadonlyMap<string, string>;

const TIMESTAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d/g;
const BACKUP = /mai-backup-\d{14}-[0-9a-f]{8}/;
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
      const text = textOf(path).replace(TIMESTAMP, "T");
      const name = path.slice(root.length + 1).replace(BACKUP, "mai-backup");
      return [name, options.modes ? `${modes(path)} ${text}` : text];
    }),
  );
}

/** Compressed files count by what is in them, a backup by the names of its files: their times differ. */
function textOf(path: string): string {
  if (path.endsWith(".tar.gz")) return execFileSync("tar", ["-tzf", path], { encoding: "utf8" });
  const bytes = readFileSync(path);
  return Buffer.from(path.endsWith(".gz") ? Bun.gunzipSync(bytes) : bytes).toString("latin1");
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
