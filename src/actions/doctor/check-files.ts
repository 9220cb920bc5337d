import { type Finding, type FindingCode, finding } from "../../domain/doctor/finding.ts";
import type { Entry } from "../../store/places/walk-project.ts";
import {
  CONFIG_PATH,
  FIXED_DIRECTORIES,
  MIRROR_DIRECTORY,
  MUTEX_PATH,
  QUEUES_DIRECTORY,
  TEMP_DIRECTORY,
} from "../../store/project-paths.ts";
import { saysSharedModes } from "../../store/shared-modes.ts";
import type { System } from "../../store/system.ts";
import { ioErrorOf } from "../io-errors.ts";
import type { Survey } from "./survey.ts";

/** A file system's clock may differ from the machine's by this much. */
const FUTURE_TOLERANCE_MS = 60_000;
const ALL_MAY_WRITE = 0o002;
const GROUP_MAY_WRITE = 0o020;
const GROUP_READS_AND_WRITES = 0o060;
const GROUP_ENTERS = 0o070;
const SHARED_MODES =
  "Everybody may write the project: modes have no effect here, and the settings accept that.";
const OTHERS_ENTER = 0o011;

/** Checks that everything is a plain file or directory that can be read. */
export function checkKinds({ walk }: Survey): readonly Finding[] {
  const faults = walk.faults.map(({ path, error }) =>
    finding("unreadable", path, ioErrorOf(error)?.message ?? error.message),
  );
  const odd = walk.entries.flatMap(({ path, kind }) => {
    if (kind === "link") return [finding("symbolic_link", path, "It is a symbolic link.")];
    return kind === "other" ? [finding("unreadable", path, "It is neither a file nor a directory.")] : [];
  });
  return [...faults, ...odd];
}

/** Checks that nothing stands where mai would put a directory, or its lock: until it is gone nothing can be written. */
export function checkPlaces({ walk, config }: Survey): readonly Finding[] {
  const queues = [...config.queues.keys()].flatMap((queue) =>
    [QUEUES_DIRECTORY, MIRROR_DIRECTORY].map((above) => `${above}/${queue}`),
  );
  const wanted = new Map<string, Entry["kind"]>([[MUTEX_PATH, "file"]]);
  for (const path of [...FIXED_DIRECTORIES, ...queues]) wanted.set(path, "directory");
  return walk.entries.flatMap(({ path, kind }) => {
    const right = wanted.get(path) ?? kind;
    // A link is told as one, and so is what is neither.
    if (kind === right || kind === "link" || kind === "other") return [];
    return [finding("wrong_kind", path, `It is a ${kind} and should be a ${right}.`)];
  });
}

/** Checks that nobody but those who share the project can change it, and that all of them can. */
export function checkModes(survey: Survey): readonly Finding[] {
  const top = survey.walk.entries.find(({ path }) => path === ".mai");
  if (top === undefined) return [];
  // A temp file gets its modes just before it takes its place; who writes it may be at it.
  const settled = survey.walk.entries.filter(({ path }) => !path.startsWith(`${TEMP_DIRECTORY}/`));
  const plain = settled.filter(({ kind }) => kind === "file" || kind === "directory");
  return [
    ...(isShared(survey, plain) ? [finding("shared_modes", ".mai", SHARED_MODES)] : checkWorld(plain)),
    ...((top.mode & GROUP_MAY_WRITE) === 0 ? checkOwner(top, plain) : checkGroup(top, plain)),
    ...checkUser(survey, top),
  ];
}

/** Whoever may write the settings could say so in them: it is believed where every mode is like that. */
function isShared({ reader }: Survey, entries: readonly Entry[]): boolean {
  return (
    saysSharedModes(reader.text(CONFIG_PATH)) && entries.every(({ mode }) => (mode & ALL_MAY_WRITE) !== 0)
  );
}

function checkWorld(entries: readonly Entry[]): readonly Finding[] {
  return entries
    .filter(({ mode }) => (mode & ALL_MAY_WRITE) !== 0)
    .map(({ path, kind, mode }) => {
      const code: FindingCode = kind === "directory" ? "open_to_all" : "world_writable";
      return finding(code, path, `Everybody may write it (${octal(mode)}).`);
    });
}

function checkOwner(top: Entry, entries: readonly Entry[]): readonly Finding[] {
  return entries
    .filter(({ uid }) => uid !== top.uid)
    .map(({ path, uid }) => finding("other_owner", path, `It belongs to user ${uid}, .mai to ${top.uid}.`));
}

function checkGroup(top: Entry, entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap(({ path, kind, mode, gid }) => {
    const needed = kind === "directory" ? GROUP_ENTERS : GROUP_READS_AND_WRITES;
    if (gid !== top.gid)
      return [finding("other_group", path, `It belongs to group ${gid}, .mai to ${top.gid}.`)];
    if ((mode & needed) === needed) return [];
    return [finding("group_locked_out", path, `The group may not read and write it (${octal(mode)}).`)];
  });
}

/** A team that shares a project through its group has one owner and many users. */
function checkUser({ call }: Survey, top: Entry): readonly Finding[] {
  const user = call.workspace.system.userId();
  if (user === top.uid || (top.mode & (GROUP_MAY_WRITE | ALL_MAY_WRITE)) !== 0) return [];
  return [finding("not_your_own", ".mai", `It belongs to user ${top.uid}, and you are user ${user}.`)];
}

/** Checks who may stop all writers: a directory can be locked by everybody who may open it. */
export function checkLock({ walk, call }: Survey): readonly Finding[] {
  const top = walk.entries.find(({ path }) => path === ".mai");
  const { root, system } = call.workspace;
  if (top === undefined || system.userId() !== top.uid) return [];
  const [group, others] = [isReader(top.mode >> 3), isReader(top.mode)];
  if ((!group && !others) || !isReachable(system, root)) return [];
  const who = [...(group ? [`its group (${top.gid})`] : []), ...(others ? ["everybody"] : [])].join(" and ");
  return [
    finding(
      "lockable_by_readers",
      ".mai",
      `By its mode (${octal(top.mode)}) ${who} may lock it, and stop all changes.`,
    ),
  ];
}

/** Of three bits of a mode: reading without writing. */
function isReader(bits: number): boolean {
  return (bits & 0o6) === 0o4;
}

/** Tells whether anybody but the owners can enter the directories down to a path. */
function isReachable(system: System, path: string): boolean {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    if ((system.fs.statSync(at).mode & OTHERS_ENTER) === 0) return false;
  }
  return true;
}

/** Checks that no file was written in the future: a lease from there lives too long. */
export function checkFuture({ walk, view }: Survey): readonly Finding[] {
  const latest = view.clock.nowMs() + FUTURE_TOLERANCE_MS;
  return walk.entries
    .filter(({ mtimeMs }) => mtimeMs > latest)
    .map(({ path, mtimeMs }) =>
      finding("from_future", path, `It was written ${Math.round((mtimeMs - latest) / 1000)} s from now.`),
    );
}

function octal(mode: number): string {
  return `mode ${mode.toString(8).padStart(4, "0")}`;
}
