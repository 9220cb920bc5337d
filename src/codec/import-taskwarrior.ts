import { type ImportedFile, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { type EntryReader, isEntry, readEntries } from "./import-json.ts";
import { importedIssue, importedLabels, importedPriority } from "./import-text.ts";

/** Fields that have a place of their own, and what the tool keeps for itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["uuid", "description", "status", "priority", "tags", "depends", "annotations", "assignee"],
  ...["id", "urgency", "modified", "mask", "imask", "rtype", "parent", "start", "recur", "template", "last"],
]);

/**
 * Reads issues from `task export` of Taskwarrior 2 and 3. Deleted tasks and the templates of recurring ones are left
 * out and counted.
 * @throws INVALID_TEXT
 */
export function parseTaskwarrior(text: string): ImportedFile {
  const all = readEntries(text);
  const tasks = all.filter(({ fields }) => fields.status !== "deleted" && fields.status !== "recurring");
  return { issues: tasks.map(issueOf), leftOut: all.length - tasks.length };
}

function issueOf(task: EntryReader): ImportedIssue {
  const status = task.text("status") ?? "pending";
  return importedIssue({
    ...{ line: task.line, unit: task.unit, sourceId: task.id("uuid"), title: task.text("description") ?? "" },
    description: "",
    sections: [
      ["notes", task.list("annotations").map(noteOf).join("\n")],
      ...task.others(KNOWN).map(([name, value]) => [name, readableTime(value)] as const),
    ],
    priority: importedPriority(task.text("priority"), task.line),
    labels: importedLabels(task.list("tags").map(String)),
    blockedBy: dependsOf(task),
    state: importedState(status),
    assignees: [task.text("assignee") ?? ""].filter((name) => name !== ""),
    reason: status === "waiting" ? `waits until ${readableTime(task.fields.wait ?? "later")}` : null,
    accept: [],
  });
}

/** A list, or in older versions one text with commas. */
function dependsOf(task: EntryReader): readonly string[] {
  const { depends } = task.fields;
  if (typeof depends === "string") return depends.split(",").filter((id) => id !== "");
  return task.list("depends").map(String);
}

function noteOf(note: unknown): string {
  if (!isEntry(note)) return String(note);
  return `${readableTime(note.entry ?? "")} ${note.description ?? ""}`.trim();
}

/** Writes `20300101T000000Z` as `2030-01-01T00:00:00Z`; anything else stays. */
function readableTime<Value>(value: Value): Value | string {
  if (typeof value !== "string") return value;
  return value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
}
