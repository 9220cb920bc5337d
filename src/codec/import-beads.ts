import {
  badLine,
  type ImportedFile,
  type ImportedIssue,
  importedState,
  isOver,
} from "../domain/imported-issue.ts";
import { type Entry, EntryReader, isEntry, parsedJson } from "./import-json.ts";
import { checkListIn, importedIssue, importedPriority } from "./import-text.ts";

/** Fields that have a place of their own; the rest stands in the body under its name. */
const PLACED = [
  ...["id", "title", "description", "status", "priority", "labels", "dependencies", "assignee"],
  ...["close_reason", "acceptance_criteria"],
];
/** What the tool keeps for itself. */
const NOISE = [
  ...["_type", "content_hash", "updated_at", "source_repo", "source_system", "closed_by_session"],
  ...["compaction_level", "compacted_at", "compacted_at_commit", "original_size", "ephemeral", "no_history"],
  ...["dependency_count", "dependent_count", "comment_count", "pinned", "is_template", "started_at"],
  ...["wisp_type", "mol_type", "work_type", "dependents", "waiters"],
];
const KNOWN: ReadonlySet<string> = new Set([...PLACED, ...NOISE]);
/** Kinds of dependencies that say that one has to be finished before the other; the rest stays in the body. */
const BLOCKING: ReadonlySet<unknown> = new Set(["blocks", "conditional-blocks"]);

/**
 * Reads issues from the JSON lines of beads (`.beads/issues.jsonl`, `bd export`). Lines that are no issues (memories,
 * headers) and issues that were deleted there (tombstones) are left out and counted.
 * @throws INVALID_TEXT with the line
 */
export function parseBeads(text: string): ImportedFile {
  const issues: ImportedIssue[] = [];
  let leftOut = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.replace("\ufeff", "").trim() === "") continue;
    const value = parsedJson(line);
    if (!isEntry(value)) throw badLine(index + 1, "it is no JSON object.");
    if (isIssue(value)) issues.push(issueOf(new EntryReader(value, { line: index + 1, unit: "Line" })));
    else leftOut += 1;
  }
  return { issues, leftOut };
}

function isIssue({ _type: type = "issue", status, id, title }: Entry): boolean {
  return type === "issue" && status !== "tombstone" && (id !== undefined || title !== undefined);
}

function issueOf(bead: EntryReader): ImportedIssue {
  const status = bead.text("status") ?? "open";
  const links = bead.list("dependencies").map((link) => {
    if (isEntry(link) && "depends_on_id" in link) return link;
    throw bead.fault("a dependency does not say on what.");
  });
  const criteria = bead.text("acceptance_criteria") ?? "";
  const state = importedState(status);
  // The text of an issue that is over stays as it is.
  const accept = isOver({ state }) ? null : checkListIn(criteria);
  return importedIssue({
    ...{ line: bead.line, unit: bead.unit, sourceId: bead.id("id"), title: bead.text("title") ?? "" },
    description: bead.text("description") ?? "",
    sections: [
      ["status", /^(?:open|blocked|closed)$/.test(status) ? "" : status],
      ...bead.others(KNOWN),
      ["acceptance_criteria", accept === null ? criteria : ""],
      ["dependencies", links.filter((link) => !BLOCKING.has(link.type))],
    ],
    priority: importedPriority(String(bead.fields.priority ?? 2), bead.line),
    labels: bead.list("labels").map(String),
    blockedBy: links.flatMap(({ type, depends_on_id: on }) => (BLOCKING.has(type) ? [String(on)] : [])),
    state,
    assignees: [bead.text("assignee") ?? "", bead.text("owner") ?? ""].filter((name) => name !== ""),
    reason: bead.text("close_reason") ?? (status === "deferred" ? "deferred" : null),
    accept: accept ?? [],
  });
}
