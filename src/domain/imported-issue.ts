import { MaiError } from "./errors.ts";
import type { AcceptanceItem, Priority } from "./issue.ts";

/** An issue of another tool, as far as mai has a place for what it says; the rest stands in the body. */
export interface ImportedIssue {
  /** Where it stands in its file, from 1: lines of a text, entries of a list, files of a directory. */
  readonly line: number;
  readonly unit: ImportUnit;
  readonly sourceId: string;
  readonly title: string;
  readonly body: string;
  /** Null where the file does not say. */
  readonly queue: string | null;
  readonly priority: Priority;
  readonly labels: readonly string[];
  /** Ids of its file that have to be finished first. */
  readonly blockedBy: readonly string[];
  readonly state: "open" | "blocked" | "finished" | "discarded";
  /** Who works on it there: the first whom the team knows gets it. */
  readonly assignees: readonly string[];
  /** Its check list. */
  readonly accept: readonly AcceptanceItem[];
  /** Why it is blocked or how it ended; null where the file does not say. */
  readonly reason: string | null;
}

/** What a file of another tool counts. */
export type ImportUnit = "Line" | "Entry" | "File";

/** What a file of another tool holds. */
export interface ImportedFile {
  readonly issues: readonly ImportedIssue[];
  /** Entries that are no issues, or were deleted there. */
  readonly leftOut: number;
}

/** Reads a state of another tool; what mai does not know is open. What is on ice is blocked. */
export function importedState(text: string): ImportedIssue["state"] {
  if (/^(?:closed|done|completed?|finished|resolved)$/i.test(text)) return "finished";
  if (/^(?:cancell?ed|discarded|dropped|wontfix|won't do|not[ _]planned|duplicate)$/i.test(text))
    return "discarded";
  return /^(?:blocked|deferred|on hold|waiting)$/i.test(text) ? "blocked" : "open";
}

/** Tells whether nothing is left to do. */
export function isOver({ state }: Pick<ImportedIssue, "state">): boolean {
  return state === "finished" || state === "discarded";
}

/** Returns the refusal of one part of a file. */
export function badLine(line: number, message: string, unit: ImportUnit = "Line"): MaiError {
  return new MaiError("INVALID_TEXT", `${unit} ${line}: ${message}`, {
    hint: "Nothing was imported. Mend the file, then repeat the command.",
    fields: { line },
  });
}

/**
 * Orders issues so that each comes after those that it waits for, else as they stand.
 * @throws INVALID_TEXT for an id that is there twice, CYCLE
 */
export function importOrder(issues: readonly ImportedIssue[]): readonly ImportedIssue[] {
  const byId = new Map<string, ImportedIssue>();
  for (const issue of issues) {
    const twin = byId.get(issue.sourceId);
    if (twin !== undefined)
      throw badLine(issue.line, `${issue.sourceId} is there already: ${unitOf(twin)}.`, issue.unit);
    byId.set(issue.sourceId, issue);
  }
  const waitsFor = new Map(issues.map((issue) => [issue, new Set(blockersOf(issue, byId))]));
  const frees = new Map<ImportedIssue, ImportedIssue[]>();
  for (const [issue, blockers] of waitsFor)
    for (const blocker of blockers) frees.set(blocker, addTo(frees.get(blocker), issue));
  const ready = issues.filter((issue) => waitsFor.get(issue)?.size === 0);
  for (const issue of ready) {
    for (const waiting of frees.get(issue) ?? []) {
      waitsFor.get(waiting)?.delete(issue);
      if (waitsFor.get(waiting)?.size === 0) ready.push(waiting);
    }
  }
  if (ready.length === issues.length) return ready;
  const free = new Set(ready);
  throw cycleIn(issues.filter((issue) => !free.has(issue)));
}

/** Many may wait for one: the list grows in place. */
function addTo(list: ImportedIssue[] | undefined, issue: ImportedIssue): ImportedIssue[] {
  if (list === undefined) return [issue];
  list.push(issue);
  return list;
}

function unitOf({ unit, line }: ImportedIssue): string {
  return `${unit.toLowerCase()} ${line}`;
}

function blockersOf(issue: ImportedIssue, byId: ReadonlyMap<string, ImportedIssue>) {
  return issue.blockedBy.flatMap((id) => byId.get(id) ?? []);
}

function cycleIn(stuck: readonly ImportedIssue[]): MaiError {
  const named = stuck.slice(0, 10).map((issue) => `${issue.sourceId} (${unitOf(issue)})`);
  return new MaiError("CYCLE", `These issues wait for each other: ${named.join(", ")}.`, {
    hint: "Nothing was imported. Take one of the dependencies out of the file.",
    fields: { issues: stuck.map(({ sourceId }) => sourceId) },
  });
}
