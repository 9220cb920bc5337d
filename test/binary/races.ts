import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, type Ended } from "../support/binary.ts";

/** Result of a race: how many said what, and what the files say. */
export interface Race {
  readonly ended: readonly Ended[];
  /** How many processes ended with each exit status. */
  readonly codes: Readonly<Record<string, number>>;
  /** Numbers of all events, in the order of the file. */
  readonly seqs: readonly number[];
  readonly history: readonly string[];
  /** Whether every mirrored file equals its source. */
  readonly mirrorsEqual: boolean;
  readonly read: (path: string) => string;
  readonly list: (directory: string) => readonly string[];
}

/** Pause between two disturbances of a race, in milliseconds. */
const MEANWHILE_MS = 10;
const TEAM = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["agent", "add", "bob", "-o", "admin"],
  ["issue", "new", "questions", "One", "-o", "alice"],
];

/**
 * Starts one process per command line at the same time, on a project with agents alice and bob and REQ-001.
 * @param meanwhile disturbs the race again and again while it runs
 */
export function race(
  lines: readonly (readonly string[])[],
  binary?: string,
  meanwhile: (root: string) => void = () => undefined,
): Promise<Race> {
  return raceAfter([], { lines, meanwhile, ...(binary === undefined ? {} : { binary }) });
}

/** The same with files of the users' beside the project, by name. */
export function raceBeside(
  given: Readonly<Record<string, string>>,
  lines: readonly (readonly string[])[],
  binary?: string,
): Promise<Race> {
  return raceAfter([], { lines, given, ...(binary === undefined ? {} : { binary }) });
}

/** What races on a project that was prepared further. */
export interface RaceRequest {
  readonly lines: readonly (readonly string[])[];
  readonly binary?: string;
  readonly meanwhile?: (root: string) => void;
  /** Files of the users' beside the project, by name. */
  readonly given?: Readonly<Record<string, string>>;
}

/** The same as {@link race}, after some more command lines. */
export async function raceAfter(
  before: readonly (readonly string[])[],
  { lines, binary, given = {}, meanwhile = () => undefined }: RaceRequest,
): Promise<Race> {
  const project = await BinaryProject.after([...TEAM, ...before]);
  const start = binary === undefined ? {} : { binary };
  for (const [name, text] of Object.entries(given)) writeFileSync(join(project.root, name), text);
  const timer = setInterval(() => meanwhile(project.root), MEANWHILE_MS);
  const ended = await Promise.all(lines.map((line) => project.run(line, start)));
  clearInterval(timer);
  const files = filesBelow(project.root);
  project.remove();
  const linesIn = (directory: string) =>
    listed(files, directory).flatMap((path) => (files.get(path) ?? "").trimEnd().split("\n"));
  return {
    ended,
    codes: countBy(ended.map(({ code }) => String(code))),
    seqs: linesIn(".mai/events").map((line) => Number(/"seq":(\d+)/.exec(line)?.[1])),
    history: linesIn(".mai/history"),
    mirrorsEqual: mirrorsEqual(files),
    read: (path) => files.get(path) ?? "",
    list: (directory) => listed(files, directory),
  };
}

function filesBelow(root: string): ReadonlyMap<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
}

function listed(files: ReadonlyMap<string, string>, directory: string): readonly string[] {
  return [...files.keys()].filter((path) => path.startsWith(`${directory}/`)).sort();
}

function mirrorsEqual(files: ReadonlyMap<string, string>): boolean {
  const sources = [...listed(files, ".mai/queues"), ...listed(files, ".mai/history")];
  return sources.every((path) => {
    const mirror = path.replace(/^\.mai\/(?:queues\/)?/, "async/");
    return files.get(path) === files.get(mirror);
  });
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
