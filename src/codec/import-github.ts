import { type ImportedFile, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { type EntryReader, isEntry, isId, readEntries } from "./import-json.ts";
import { importedIssue, importedLabels, importedPriority } from "./import-text.ts";

/** Fields that have a place of their own, and what means nothing elsewhere. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["number", "title", "body", "state", "stateReason", "labels", "assignees", "blockedBy", "comments"],
  ...["id", "updatedAt", "closed", "isPinned", "reactionGroups", "projectCards", "projectItems"],
  ...["author", "milestone"],
]);

/**
 * Reads issues from `gh issue list --json number,title,body,state,…`. What GitHub closed as not planned is discarded.
 * @throws INVALID_TEXT
 */
export function parseGithub(text: string): ImportedFile {
  return { issues: readEntries(text).map(issueOf), leftOut: 0 };
}

function issueOf(issue: EntryReader): ImportedIssue {
  const labels = issue.list("labels").map(nameOf);
  const reason = issue.text("stateReason") ?? "";
  const isOpen = (issue.text("state") ?? "OPEN").toUpperCase() === "OPEN";
  const number = issue.id("number");
  return importedIssue({
    ...{ line: issue.line, unit: issue.unit, title: issue.text("title") ?? "" },
    // Two repositories have the same numbers.
    sourceId: issue.text("url") ?? number,
    description: issue.text("body") ?? "",
    sections: [
      ["author", nameOf(issue.fields.author)],
      ["milestone", nameOf(issue.fields.milestone)],
      ...issue.others(KNOWN),
      ["comments", issue.list("comments").map(commentOf).join("\n\n")],
    ],
    priority: importedPriority(priorityIn(labels), issue.line),
    labels: importedLabels(labels),
    blockedBy: blockersOf(issue, number),
    state: isOpen ? "open" : importedState(reason) === "discarded" ? "discarded" : "finished",
    assignees: issue.list("assignees").map(nameOf),
    reason:
      isOpen || reason === "" ? null : `Closed on GitHub: ${reason.toLowerCase().replaceAll("_", " ")}.`,
    accept: [],
  });
}

/** People have a login, milestones a title, labels a name; older exports have the text alone. */
function nameOf(value: unknown): string {
  if (!isEntry(value)) return isId(value) ? String(value) : "";
  const name = value.login ?? value.name ?? value.title ?? "";
  return typeof name === "string" ? name : "";
}

/** `P1`, `priority: high`, `priority/critical`, and the like. */
function priorityIn(labels: readonly string[]): string | null {
  const found = labels
    .map((label) => /^(?:p|prio(?:rity)?[\s:/_-]*p?)([0-4]|critical|urgent|high)$/i.exec(label)?.[1])
    .find((word) => word !== undefined);
  return found ?? null;
}

function commentOf(comment: unknown): string {
  if (!isEntry(comment)) return String(comment);
  return `@${nameOf(comment.author)}, ${comment.createdAt ?? ""}:\n${comment.body ?? ""}`;
}

/** A list of issues of the same repository, as their numbers; or as GitHub's API nests it. */
function blockersOf(issue: EntryReader, number: string): readonly string[] {
  const { blockedBy, url } = issue.fields;
  const nodes = isEntry(blockedBy) ? blockedBy.nodes : blockedBy;
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node) => {
    if (isEntry(node) && typeof node.url === "string" && typeof url === "string") return [node.url];
    const id = isEntry(node) ? node.number : node;
    if (!isId(id)) return [];
    return [typeof url === "string" ? url.replace(new RegExp(`${number}$`), String(id)) : String(id)];
  });
}
