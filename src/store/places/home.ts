import { parseJsonObject } from "../../codec/json.ts";
import { MaiError } from "../../domain/errors.ts";
import { replaceFile } from "../change/replace-file.ts";
import { lstatOrNull } from "../directories.ts";
import { isSystemError } from "../io-error.ts";
import { takeMutex } from "../lock/mutex.ts";
import { osUserHome } from "../os-user.ts";
import { readText } from "../read-file.ts";
import type { System } from "../system.ts";

const CONFIG = "config.json";
const REGISTRY = "registry.json";
const REGISTRY_LOCK = "registry.lock";
const HOME_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS_MAY_WRITE = 0o002;

/** The directory that all projects of a user share: `~/.mai-cli`. */
export interface Home {
  /** Absolute path. */
  readonly root: string;
  readonly system: System;
  readonly tempDirectory: "tmp";
  readonly fileMode: number;
  readonly lockTimeoutMs: number;
}

/** One project of the registry; keys that mai does not know are kept. */
export interface RegistryEntry {
  readonly name: string;
  readonly path: string;
  readonly [key: string]: unknown;
}

/**
 * Returns the home that the environment names, null where there is none: no HOME and no password entry.
 * @param place.cwd what a relative MAI_HOME is relative to
 */
export function findHome(
  system: System,
  env: Readonly<Record<string, string | undefined>>,
  place: { readonly cwd: string; readonly lockTimeoutMs: number },
): Home | null {
  const user = env.HOME || osUserHome(system);
  const named = env.MAI_HOME || (user ? `${user}/.mai-cli` : null);
  if (named === null) return null;
  const root = named.startsWith("/") ? named : `${place.cwd}/${named}`;
  return { root, system, tempDirectory: "tmp", fileMode: FILE_MODE, lockTimeoutMs: place.lockTimeoutMs };
}

/** Returns the global roots; none where the file is missing or may not be read. */
export function globalRoots(home: Home | null): readonly string[] {
  if (home === null) return [];
  const file = parseJsonObject(readIfAllowed(home, CONFIG) ?? "{}");
  const roots = typeof file?.root === "string" ? [file.root] : file?.root;
  if (Array.isArray(roots)) return roots.filter((root) => typeof root === "string");
  if (file !== null && roots === undefined) return [];
  throw new MaiError("CONFIG_INVALID", `${home.root}/${CONFIG}: root should be a list of names.`, {
    hint: "Mend the file by hand.",
    fields: { path: `${home.root}/${CONFIG}`, key: "root" },
  });
}

/** Tells whether `setup` was done. */
export function isHomeReady(home: Home): boolean {
  return readIfAllowed(home, CONFIG) !== null;
}

/**
 * Creates the home with these roots, unless somebody was faster; it and its files belong to the user alone.
 * @returns whether it was created
 */
export function createHome(home: Home, roots: readonly string[], initializedAt: string): boolean {
  return underLock(home, (locked) => {
    if (isHomeReady(locked)) return false;
    const text = `${JSON.stringify({ root: roots, initialized_at: initializedAt }, null, 2)}\n`;
    replaceFile(locked, CONFIG, text, true);
    return true;
  });
}

/**
 * Returns the registered projects.
 * @throws CONFIG_INVALID when the registry is not what mai writes
 */
export function registeredProjects(home: Home | null): readonly RegistryEntry[] {
  const text = home === null ? null : readIfAllowed(home, REGISTRY);
  if (home === null || text === null) return [];
  const projects = parseJsonObject(text)?.projects;
  if (Array.isArray(projects) && projects.every(isEntry)) return projects;
  throw new MaiError("CONFIG_INVALID", `${home.root}/${REGISTRY} is not a list of projects.`, {
    hint: "Mend the file by hand, or move it away: 'mai init' in a project registers it again.",
    fields: { path: `${home.root}/${REGISTRY}` },
  });
}

/** Tells whether the home is the caller's own: what others can write there says nothing about the caller's trust. */
export function isOwnHome(home: Home): boolean {
  const stat = lstatOrNull({ root: home.root, system: home.system }, ".");
  return stat === null || (stat.uid === home.system.userId() && (stat.mode & OTHERS_MAY_WRITE) === 0);
}

/** Returns the text of a file of the home; null where it is missing or may not be read. */
export function readHomeFile(home: Home, name: string): string | null {
  return readIfAllowed(home, name);
}

/**
 * Replaces a file of the home under the lock of the home, held from before it is read until after it is replaced.
 * @param text returns the new text, or null to leave the file alone
 */
export function changeHomeFile(home: Home, name: string, text: () => string | null): void {
  underLock(home, () => {
    const after = text();
    if (after !== null) replaceFile(home, name, after, true);
  });
}

/**
 * Changes the registry under its own lock, held from before it is read until after it is replaced.
 * @param change returns the new list, or the one that it got to leave the file alone
 */
export function changeRegistry(
  home: Home,
  change: (projects: readonly RegistryEntry[]) => readonly RegistryEntry[],
): void {
  underLock(home, (locked) => {
    const before = registeredProjects(locked);
    const after = change(before);
    if (after === before) return;
    const file = parseJsonObject(readText(locked.system.fs, `${locked.root}/${REGISTRY}`) ?? "{}");
    replaceFile(locked, REGISTRY, `${JSON.stringify({ ...file, projects: after }, null, 2)}\n`, true);
  });
}

function underLock<Result>(home: Home, act: (locked: Home) => Result): Result {
  makeHomeDirectory(home);
  const mutex = takeMutex(home, REGISTRY_LOCK);
  try {
    return act(mutex.place);
  } finally {
    mutex.release();
  }
}

/** A home that is there keeps its mode, whatever it is: doctor says what is wrong with it. */
function makeHomeDirectory(home: Home): void {
  refuseHomeOfOthers(home);
  if (lstatOrNull({ root: home.root, system: home.system }, ".") !== null) return;
  try {
    home.system.fs.mkdirSync(home.root, { mode: HOME_MODE });
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  }
}

/** sudo may keep HOME: what root wrote there would lock its owner out, and its owner could lead root elsewhere. */
function refuseHomeOfOthers({ root, system }: Home): void {
  if (system.userId() !== 0) return;
  const parent = { root: root.slice(0, root.lastIndexOf("/")), system };
  const owner = (lstatOrNull({ root, system }, ".") ?? lstatOrNull(parent, "."))?.uid ?? 0;
  if (owner === 0) return;
  throw new MaiError(
    "PERMISSION_DENIED",
    `${root} is a home of uid ${owner}: mai does not write there as root.`,
    {
      hint: "Use a home of root: sudo -H, or MAI_HOME=/root/.mai-cli",
      fields: { path: root, owner },
    },
  );
}

/** A home that we may not look into counts as empty. */
function readIfAllowed(home: Home, name: string): string | null {
  try {
    // Many homes have no such file, and an error of the system costs more than a look.
    if (lstatOrNull(home, name) === null) return null;
    return readText(home.system.fs, `${home.root}/${name}`);
  } catch (error) {
    if (isSystemError(error, "EACCES") || isSystemError(error, "EPERM")) return null;
    throw error;
  }
}

function isEntry(value: unknown): value is RegistryEntry {
  const entry = value as Partial<RegistryEntry> | null;
  return typeof entry === "object" && typeof entry?.name === "string" && typeof entry.path === "string";
}
