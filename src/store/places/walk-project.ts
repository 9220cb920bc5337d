import { isSystemError, type SystemError } from "../io-error.ts";
import { absolute, type Workspace } from "../workspace.ts";

/** One file, directory or other thing inside a project, as lstat(2) tells it. */
export interface Entry {
  /** From the root. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "other";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
}

/** What a walk found, and what it could not look at. */
export interface Walk {
  readonly entries: readonly Entry[];
  readonly faults: readonly { readonly path: string; readonly error: SystemError }[];
}

/** Lists a directory of the project with everything below it; follows no symbolic link, and goes on past faults. */
export function walkProject(place: Pick<Workspace, "root" | "system">, tops: readonly string[]): Walk {
  const entries: Entry[] = [];
  const faults: { path: string; error: SystemError }[] = [];
  const pending = [...tops];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    try {
      const entry = entryOf(place, path);
      entries.push(entry);
      if (entry.kind !== "directory") continue;
      for (const name of place.system.fs.readdirSync(absolute(place, path))) pending.push(`${path}/${name}`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // Files come and go while others work.
      if (error.code !== "ENOENT") faults.push({ path, error });
    }
  }
  return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), faults };
}

function entryOf(place: Pick<Workspace, "root" | "system">, path: string): Entry {
  const stat = place.system.fs.lstatSync(absolute(place, path));
  const kind = stat.isFile()
    ? "file"
    : stat.isDirectory()
      ? "directory"
      : stat.isSymbolicLink()
        ? "link"
        : "other";
  return { path, kind, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, mtimeMs: stat.mtimeMs };
}
