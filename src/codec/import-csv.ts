import { badLine, type ImportedFile, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { type CsvRow, parseCsv } from "./csv.ts";
import { checkListIn, importedIssue, importedPriority, listed } from "./import-text.ts";

/** Columns that mai has a place for, by their names in lower case. */
const COLUMNS: Readonly<Record<string, keyof ImportedIssue>> = {
  ...{ id: "sourceId", title: "title", queue: "queue", body: "body", description: "body" },
  ...{
    priority: "priority",
    status: "state",
    state: "state",
    assignee: "assignees",
    handler: "assignees",
    owner: "assignees",
  },
  ...{ labels: "labels", tags: "labels", blocked_by: "blockedBy", depends_on: "blockedBy", reason: "reason" },
  ...{ accept: "accept", acceptance: "accept", acceptance_criteria: "accept" },
};

/**
 * Reads issues from separated values with a row of column names, of which `title` is needed.
 * @throws INVALID_TEXT with the line
 */
export function parseCsvIssues(text: string): ImportedFile {
  const [header, ...rows] = parseCsv(text);
  const names = (header?.cells ?? []).map((name) => name.trim());
  if (!names.some((name) => COLUMNS[name.toLowerCase()] === "title"))
    throw badLine(header?.line ?? 1, "there is no column 'title'.");
  const seen = new Map<string, number>();
  return { issues: rows.map((row) => issueOf(row, names, seen)), leftOut: 0 };
}

function issueOf(row: CsvRow, names: readonly string[], seen: Map<string, number>): ImportedIssue {
  if (row.cells.slice(names.length).some((cell) => cell.trim() !== ""))
    throw badLine(row.line, `it has ${row.cells.length} cells, the first line ${names.length}.`);
  const known = new Map<string, string>();
  const unknown: [string, string][] = [];
  for (const [index, cell] of row.cells.entries()) {
    const name = names[index] ?? "";
    const column = COLUMNS[name.toLowerCase()];
    if (cell.trim() === "") continue;
    if (column === undefined || known.has(column)) unknown.push([name, cell]);
    else known.set(column, cell);
  }
  const of = (column: keyof ImportedIssue) => known.get(column)?.trim() ?? null;
  const items = known.get("accept") ?? "";
  return importedIssue({
    ...{ line: row.line, unit: "Line" },
    sourceId: of("sourceId") ?? contentId(row, seen),
    title: of("title") ?? "",
    description: known.get("body") ?? "",
    sections: unknown,
    queue: of("queue"),
    priority: importedPriority(of("priority"), row.line),
    labels: listed(of("labels")),
    blockedBy: listed(of("blockedBy")),
    state: importedState(of("state") ?? ""),
    assignees: listed(of("assignees")),
    reason: of("reason"),
    accept: checkListIn(items) ?? lines(items).map((text) => ({ text, done: false })),
  });
}

function lines(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

/** A row without an id is known again by what it says, and by how many rows before it said the same. */
function contentId({ cells }: CsvRow, seen: Map<string, number>): string {
  const content = JSON.stringify(cells);
  const count = (seen.get(content) ?? 0) + 1;
  seen.set(content, count);
  return `row ${count} of ${content}`;
}
