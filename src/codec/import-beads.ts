import { badLine, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { importedBody, importedPriority } from "./import-text.ts";
import { parseJsonObject } from "./json.ts";

/** Fields that have a place of their own; what they are called in the body where they have none is their name. */
const PLACED: ReadonlySet<string> = new Set([
  ...[
    "id",
    "title",
    "description",
    "status",
    "priority",
    "labels",
    "dependencies",
    "assignee",
    "close_reason",
  ],
]);
/** Kinds of dependencies that say that one has to be finished before the other; the rest stays in the body. */
const BLOCKING: ReadonlySet<unknown> = new Set(["blocks", "conditional-blocks"]);

/**
 * Reads issues from the JSON lines of beads (`.beads/issues.jsonl`, https://github.com/steveyegge/beads). Those that
 * were deleted there (tombstones) are left out.
 * @throws INVALID_TEXT with the line
 */
export function parseBeads(text: string): readonly ImportedIssue[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const bead = parseJsonObject(line);
    if (bead === null) throw badLine(index + 1, "it is no JSON object.");
    return bead.status === "tombstone" ? [] : [issueOf(bead, index + 1)];
  });
}

type Bead = Readonly<Record<string, unknown>>;

function issueOf(bead: Bead, line: number): ImportedIssue {
  const title = textOf(bead, "title", line) ?? "";
  const priority = bead.priority ?? 2;
  const others = Object.entries(bead).filter(([name, value]) => !PLACED.has(name) && !isEmpty(value));
  const links = linksOf(bead, line);
  const rest = links.filter((link) => !BLOCKING.has(link.type));
  const status = textOf(bead, "status", line) ?? "open";
  const kept: [string, unknown][] = [
    ...(/^(?:open|blocked|closed)$/.test(status) ? [] : [["status", status] as [string, unknown]]),
    ...others,
    ...(rest.length === 0 ? [] : [["dependencies", rest] as [string, unknown]]),
  ];
  const sourceId = textOf(bead, "id", line);
  if (sourceId === null) throw badLine(line, "it has no id.");
  return {
    ...{ line, sourceId, title, queue: null },
    body: importedBody({
      ...{ title, body: textOf(bead, "description", line) ?? "" },
      sections: kept.map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    }),
    priority: importedPriority(String(priority), line),
    labels: listOf(bead, "labels", line).map(String),
    blockedBy: links.flatMap(({ type, depends_on_id: on }) => (BLOCKING.has(type) ? [String(on)] : [])),
    state: importedState(status),
    assignee: textOf(bead, "assignee", line),
    reason: textOf(bead, "close_reason", line),
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function textOf(bead: Bead, name: string, line: number): string | null {
  const value = bead[name] ?? "";
  if (typeof value !== "string") throw badLine(line, `${name} is no text.`);
  return value.trim() === "" ? null : value;
}

function listOf(bead: Bead, name: string, line: number): readonly unknown[] {
  const value = bead[name] ?? [];
  if (!Array.isArray(value)) throw badLine(line, `${name} is no list.`);
  return value;
}

function linksOf(bead: Bead, line: number): readonly Bead[] {
  return listOf(bead, "dependencies", line).map((link) => {
    if (typeof link === "object" && link !== null && "depends_on_id" in link) return link as Bead;
    throw badLine(line, "a dependency does not say on what.");
  });
}
