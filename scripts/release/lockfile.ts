import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Holds one package of bun.lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…` in base64 as the registry gives it; null for a package that has none. */
  readonly integrity: string | null;
  /** The names of the packages that it asks for, optional ones included. */
  readonly dependencies: readonly string[];
  /** Whether the program contains it, as against the tools that build and test it. */
  readonly isRuntime: boolean;
}

interface Lockfile {
  readonly workspaces: Record<string, { readonly dependencies?: Record<string, string> }>;
  readonly packages: Record<string, readonly unknown[]>;
}

/**
 * Reads bun.lock, which is JSON with trailing commas (https://bun.com/docs/install/lockfile), sorted by name.
 * @throws Error when the file is not of that form.
 */
export function readLockfile(projectRoot: string): readonly LockedPackage[] {
  const lock = Bun.JSON5.parse(readFileSync(join(projectRoot, "bun.lock"), "utf8")) as Lockfile;
  const runtime = runtimeNames(lock);
  return Object.entries(lock.packages)
    .map(([key, entry]) => lockedPackage(entry, runtime.has(key)))
    .sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

function identity(locked: LockedPackage): string {
  return `${locked.name}@${locked.version}`;
}

// A key is a name, or PARENT/NAME where two versions of NAME are needed; an entry is
// [name@version, registry, {dependencies, …}, integrity].
function lockedPackage(entry: readonly unknown[], isRuntime: boolean): LockedPackage {
  const [id, , , integrity] = entry;
  if (typeof id !== "string") throw new Error(`bun.lock: unexpected entry ${JSON.stringify(entry)}`);
  const at = id.lastIndexOf("@");
  return {
    name: id.slice(0, at),
    version: id.slice(at + 1),
    integrity: typeof integrity === "string" ? integrity : null,
    dependencies: dependenciesOf(entry),
    isRuntime,
  };
}

function dependenciesOf(entry: readonly unknown[]): readonly string[] {
  const details = (entry[2] ?? {}) as Partial<Record<string, Record<string, string>>>;
  const { dependencies, optionalDependencies } = details;
  return Object.keys({ ...dependencies, ...optionalDependencies }).sort();
}

function runtimeNames(lock: Lockfile): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = Object.keys(lock.workspaces[""]?.dependencies ?? {});
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...dependenciesOf(lock.packages[name] ?? []));
  }
  return found;
}
