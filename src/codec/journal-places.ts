import { isIssueId } from "../domain/ids.ts";
import { isPlainName } from "../domain/names.ts";

/** What a part of a path may be: a fixed name, or a rule. */
type Part = string | ((name: string) => boolean);

const DATE = /^[-+0-9]{10}$/;
const date = (ending: string) => named((name) => DATE.test(name), ending);
const issue = (ending: string) => named(isIssueId, ending);
const anyName = (ending: string) => named(isPlainName, ending);
const round: Part = (name) => name.startsWith("daily-") && DATE.test(name.slice("daily-".length));
const report: Part = (name) => round(name.slice(0, -"-summary.md".length)) && name.endsWith("-summary.md");
const key: Part = (name) => /^[0-9a-f]{64}$/.test(name);

/** Every place of a file that a change may write. What has rules of its own (cache, locks, temp files) is never in a record. */
const PLACES: readonly (readonly Part[])[] = [
  [".mai", "config.json"],
  [".mai", "sequence.json"],
  [".mai", ".gitignore"],
  [".mai", ".gitattributes"],
  [".mai", "queues", isPlainName, issue(".md")],
  [".mai", "locks", issue(".lock")],
  // A note of work on something that never was an issue is removed.
  [".mai", "processing", anyName(".md")],
  [".mai", "decisions", issue(".md")],
  [".mai", "dependents", isPlainName],
  [".mai", "keys", key],
  [".mai", "events", date(".jsonl")],
  [".mai", "history", date(".log")],
  [".mai", "history", round, anyName(".md")],
  [".mai", "daily-summary", "status.json"],
  [".mai", "archive", "queues", isPlainName, issue(".md")],
  [".mai", "archive", "decisions", issue(".md")],
  [".mai", "archive", "events", date(".jsonl.gz")],
  [".mai", "archive", "history", date(".log.gz")],
  ["async", ".gitattributes"],
  ["async", "config.json"],
  ["async", isPlainName, issue(".md")],
  ["async", "decisions", issue(".decision.md")],
  ["async", report],
  ["async", "daily-summary", "status.json"],
  ["reports", report],
];

/** Parts of the mirror that copy whatever lies in their source, by `doctor --fix`. */
const COPIED_WHOLE: readonly (readonly string[])[] = [
  ["async", "history"],
  ["async", "decisions"],
];

/** Tells whether a path, from the project's root, is one of the places that changes write. */
export function isJournalPlace(path: string): boolean {
  const parts = path.split("/");
  if (COPIED_WHOLE.some((start) => start.every((name, at) => parts[at] === name) && parts.length > 2))
    return parts.every(isPlainName);
  return PLACES.some(
    (place) => place.length === parts.length && place.every((part, at) => fits(part, parts[at] ?? "")),
  );
}

function fits(part: Part, name: string): boolean {
  return typeof part === "string" ? part === name : part(name);
}

function named(rule: (name: string) => boolean, ending: string): Part {
  return (name) => name.endsWith(ending) && rule(name.slice(0, -ending.length));
}
