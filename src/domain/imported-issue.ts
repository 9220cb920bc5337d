import { MaiError } from "./errors.ts";
import type { Priority } from "./issue.ts";

/** An issue of another tool, as far as mai has a place for what it says; the rest stands in the body. */
export interface ImportedIssue {
  /** Where it stands in its file, from 1. */
  readonly line: number;
  readonly sourceId: string;
  readonly title: string;
  readonly body: string;
  /** Null where the file does not say. */
  readonly queue: string | null;
  readonly priority: Priority;
  readonly labels: readonly string[];
  /** Ids of its file that have to be finished first. */
  readonly blockedBy: readonly string[];
  readonly state: "open" | "blocked" | "finished";
  /** Who works on it there; null for nobody. */
  readonly assignee: string | null;
  /** Why it is blocked or how it ended; null where the file does not say. */
  readonly reason: string | null;
}

/** Reads a state of another tool; what mai does not know is open. */
export function importedState(text: string): ImportedIssue["state"] {
  if (/^(?:closed|done|completed|finished|resolved)$/i.test(text)) return "finished";
  return /^blocked$/i.test(text) ? "blocked" : "open";
}

/** Returns the refusal of one line of a file. */
export function badLine(line: number, message: string): MaiError {
  return new MaiError("INVALID_TEXT", `Line ${line}: ${message}`, {
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
      throw badLine(issue.line, `${issue.sourceId} stands in line ${twin.line} already.`);
    byId.set(issue.sourceId, issue);
  }
  const waitsFor = new Map(issues.map((issue) => [issue, new Set(blockersOf(issue, byId))]));
  const frees = new Map<ImportedIssue, ImportedIssue[]>();
  for (const [issue, blockers] of waitsFor)
    for (const blocker of blockers) frees.set(blocker, [...(frees.get(blocker) ?? []), issue]);
  const ready = issues.filter((issue) => waitsFor.get(issue)?.size === 0);
  for (const issue of ready) {
    for (const waiting of frees.get(issue) ?? []) {
      waitsFor.get(waiting)?.delete(issue);
      if (waitsFor.get(waiting)?.size === 0) ready.push(waiting);
    }
  }
  if (ready.length < issues.length) throw cycleIn(issues.filter((issue) => !ready.includes(issue)));
  return ready;
}

function blockersOf(issue: ImportedIssue, byId: ReadonlyMap<string, ImportedIssue>) {
  return issue.blockedBy.flatMap((id) => byId.get(id) ?? []);
}

function cycleIn(stuck: readonly ImportedIssue[]): MaiError {
  const named = stuck.slice(0, 10).map(({ sourceId, line }) => `${sourceId} (line ${line})`);
  return new MaiError("CYCLE", `These issues wait for each other: ${named.join(", ")}.`, {
    hint: "Nothing was imported. Take one of the dependencies out of the file.",
    fields: { issues: stuck.map(({ sourceId }) => sourceId) },
  });
}
