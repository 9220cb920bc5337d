import { parseJsonObject } from "../../codec/json.ts";
import { MaiError } from "../../domain/errors.ts";
import { shellWord } from "../../domain/shell-word.ts";
import { nameOfUser } from "../os-user.ts";
import type { System } from "../system.ts";
import type { ForeignDirectory } from "./directory-owners.ts";
import { changeHomeFile, type Home, isOwnHome, readHomeFile, registeredProjects } from "./home.ts";
import { realPath, resolvePath } from "./paths.ts";

/** File of the home that lists the trusted projects. */
const TRUSTED = "trusted.json";
const SETGID = 0o2000;
/** Stands for every project in MAI_TRUST. */
const EVERY_PROJECT = "*";

/** A project of other people that the user has decided to trust. */
export interface TrustedProject {
  /** Absolute path of the directory that holds `.mai`. */
  readonly path: string;
  /** The users that its directories belonged to when it was trusted, by number. */
  readonly owners: readonly number[];
  /** The group of a setgid team directory, whose members may add directories; null for none. */
  readonly group: number | null;
}

/** Whose trust is asked about. */
export interface TrustQuestion {
  readonly system: System;
  readonly home: Home | null;
  /** Absolute path; what MAI_TRUST names is relative to it. */
  readonly cwd: string;
  /** The value of MAI_TRUST: paths with `:` between them, or `*`. */
  readonly environment: string | undefined;
  readonly root: string;
  /** Whether `--project` or MAI_PROJECT named it. */
  readonly named: boolean;
}

/**
 * Refuses a project with directories that belong to other people, unless the user trusts it: by MAI_TRUST, by
 * `mai project trust`, or because it is registered in the home and named.
 * @throws PERMISSION_DENIED with the owner and how to trust it
 */
export function requireTrust(question: TrustQuestion, foreign: readonly ForeignDirectory[]): void {
  const [first] = foreign;
  if (first === undefined || isInEnvironment(question)) return;
  const { home, named } = question;
  if (home !== null && isOwnHome(home)) {
    if (trustedProjects(home).some((trusted) => covers(question, trusted, foreign))) return;
    if (named && registeredProjects(home).some(({ path }) => isSamePlace(question, path))) return;
  }
  throw refusal(question, first);
}

/** Returns the trusted projects; none where the file is missing or may not be read. */
export function trustedProjects(home: Home): readonly TrustedProject[] {
  const text = readHomeFile(home, TRUSTED);
  if (text === null) return [];
  const projects = parseJsonObject(text)?.projects;
  if (Array.isArray(projects) && projects.every(isTrusted)) return projects;
  throw new MaiError("CONFIG_INVALID", `${home.root}/${TRUSTED} is not a list of trusted projects.`, {
    hint: "Correct the file by hand, or delete it and trust each project again: mai project trust PATH",
    fields: { path: `${home.root}/${TRUSTED}` },
  });
}

/**
 * Changes the list of trusted projects under the lock of the home.
 * @param change returns the new list, or the one that it got to leave the file alone
 */
export function changeTrusted(
  home: Home,
  change: (projects: readonly TrustedProject[]) => readonly TrustedProject[],
): void {
  changeHomeFile(home, TRUSTED, () => {
    const before = trustedProjects(home);
    const after = change(before);
    return after === before ? null : `${JSON.stringify({ projects: after }, null, 2)}\n`;
  });
}

/** Returns what trusting these directories means: their owners, and the group of a setgid team directory. */
export function trustOf(path: string, foreign: readonly ForeignDirectory[]): TrustedProject {
  const team = foreign.find(({ mode }) => (mode & SETGID) !== 0);
  const owners = [...new Set(foreign.map(({ uid }) => uid))].toSorted((a, b) => a - b);
  return { path, owners, group: team?.gid ?? null };
}

function isInEnvironment(question: TrustQuestion): boolean {
  const { environment, cwd } = question;
  const paths = (environment ?? "").split(":").filter((path) => path !== "");
  return paths.some((path) => path === EVERY_PROJECT || isSamePlace(question, resolvePath(cwd, path)));
}

/** The current directory has no symbolic links in its path; paths that people type may have some. */
function isSamePlace({ system, root }: TrustQuestion, path: string): boolean {
  return path === root || realPath(system, path) === realPath(system, root);
}

/** Trust is in people: a project that somebody else put in the same place later is not covered. */
function covers(
  question: TrustQuestion,
  { path, owners, group }: TrustedProject,
  foreign: readonly ForeignDirectory[],
): boolean {
  const isOfTeam = ({ gid, mode }: ForeignDirectory) =>
    group !== null && gid === group && (mode & SETGID) !== 0 && question.system.groupIds().includes(group);
  return (
    isSamePlace(question, path) &&
    foreign.every((directory) => owners.includes(directory.uid) || isOfTeam(directory))
  );
}

function isTrusted(value: unknown): value is TrustedProject {
  const { path, owners, group } = (value ?? {}) as Partial<TrustedProject>;
  return (
    typeof path === "string" &&
    Array.isArray(owners) &&
    owners.every(Number.isSafeInteger) &&
    (group === null || Number.isSafeInteger(group))
  );
}

function refusal({ system, root }: TrustQuestion, { path, uid }: ForeignDirectory): MaiError {
  const user = system.userId();
  const told = (id: number) => `${nameOfUser(system, id) ?? "user"} (uid ${id})`;
  return new MaiError(
    "PERMISSION_DENIED",
    `${path} belongs to ${told(uid)} and you are ${told(user)}, so mai does not use this project.`,
    {
      hint: `If you trust its owner, run once: mai project trust ${shellWord(root)}. In containers and CI set MAI_TRUST=${shellWord(root)}.`,
      fields: { path, project: root, owner: { uid, name: nameOfUser(system, uid) }, user: { uid: user } },
    },
  );
}
