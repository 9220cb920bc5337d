import {
  badLine,
  type ImportedFile,
  type ImportedIssue,
  importedState,
  isOver,
} from "../domain/imported-issue.ts";
import { EntryReader, isEntry, isId, parsedJson } from "./import-json.ts";
import { checkListIn, importedIssue, importedLabels, importedPriority } from "./import-text.ts";

/** Fields that have a place of their own, and what the tool keeps for itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["id", "title", "description", "status", "dependencies", "priority", "subtasks", "acceptanceCriteria"],
  ...["assignee", "labels", "tags", "updatedAt", "previousStatus", "recommendedSubtasks", "expansionPrompt"],
  ...["parentTaskId", "parentId", "parentTask", "isSubtask", "complexity"],
]);

/** Where a task stands: the tag (list) it is in, and the task that it is a part of. */
interface Place {
  readonly tag: string;
  /** Ids of the file so far. The tool gives some subtasks the same one: later ones get `#2` and so on. */
  readonly taken: Set<string>;
  readonly parent: { readonly id: string; readonly priority: unknown } | null;
}

/**
 * Reads issues from `tasks.json` of task-master: of every tag, or of the older form without tags. A subtask is an
 * issue of its own, and its task waits for it unless a subtask waits for another task.
 * @throws INVALID_TEXT
 */
export function parseTaskMaster(text: string): ImportedFile {
  const whole = parsedJson(text);
  if (!isEntry(whole)) throw badLine(1, "the file is no JSON object.");
  const tags: [string, unknown][] = Array.isArray(whole.tasks) ? [["master", whole]] : Object.entries(whole);
  const issues: ImportedIssue[] = [];
  const taken = new Set<string>();
  for (const [tag, list] of tags) {
    if (!(isEntry(list) && Array.isArray(list.tasks)))
      throw badLine(1, `the tag ${tag} has no list of tasks.`);
    for (const task of list.tasks) addTask(task, { tag, taken, parent: null }, issues);
  }
  return { issues, leftOut: 0 };
}

/** Puts a task and its subtasks into the list. @returns the id of the task */
function addTask(value: unknown, place: Place, issues: ImportedIssue[]): string {
  const line = issues.length + 1;
  if (!isEntry(value)) throw badLine(line, "it is no JSON object.", "Entry");
  const task = new EntryReader(value, { line, unit: "Entry" });
  const id = freeId(idIn(task.id("id"), place), place.taken);
  const { priority = place.parent?.priority ?? null } = value;
  const issue = issueOf(task, { ...place, id, priority });
  const at = issues.push(issue) - 1;
  const parent = { id, priority };
  const parts = task.list("subtasks").map((part) => addTask(part, { ...place, parent }, issues));
  // Where a part waits for another task, that one may wait for this one: then its parts would wait for themselves.
  const isClosed = issues
    .slice(at + 1)
    .every(({ blockedBy }) => blockedBy.every((on) => on.startsWith(`${id}.`)));
  if (isClosed && !isOver(issue)) issues[at] = { ...issue, blockedBy: [...issue.blockedBy, ...parts] };
  return id;
}

function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number += 1) free = `${id}#${number}`;
  taken.add(free);
  return free;
}

/** `2` is a task of the tag, or a subtask beside this one; `1.2` says which. */
function idIn(id: string, { tag, parent }: Place): string {
  return parent === null || id.includes(".") ? `${tag}/${id}` : `${parent.id}.${id}`;
}

function issueOf(task: EntryReader, place: Place & { id: string; priority: unknown }): ImportedIssue {
  const status = task.text("status") ?? "pending";
  const criteria = criteriaOf(task);
  const accept = checkListIn(criteria);
  const depends = task
    .list("dependencies")
    .filter(isId)
    .map((id) => idIn(String(id), place));
  return importedIssue({
    ...{ line: task.line, unit: task.unit, sourceId: place.id, title: task.text("title") ?? "" },
    description: task.text("description") ?? "",
    sections: [
      ...task.others(KNOWN),
      ["status", /^(?:pending|in-progress|review)$/.test(status) && status !== "pending" ? status : ""],
      ["acceptance criteria", accept === null ? criteria : ""],
      ["part of", place.parent?.id],
    ],
    priority: importedPriority(place.priority === null ? null : String(place.priority), task.line),
    labels: importedLabels([...task.list("labels"), ...task.list("tags")].map(String)),
    blockedBy: depends.filter((id) => id !== place.id && id !== place.parent?.id),
    state: importedState(status),
    assignees: [task.text("assignee") ?? ""].filter((name) => name !== ""),
    reason: status === "deferred" || status === "cancelled" ? status : null,
    accept: accept ?? [],
  });
}

/** A text, or a list of them. */
function criteriaOf(task: EntryReader): string {
  const { acceptanceCriteria: criteria = "" } = task.fields;
  if (Array.isArray(criteria)) return criteria.map((item) => `- ${item}`).join("\n");
  return typeof criteria === "string" ? criteria : JSON.stringify(criteria);
}
