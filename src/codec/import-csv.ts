import { badLine, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { type CsvRow, parseCsv } from "./csv.ts";
import { importedBody, importedPriority, listed } from "./import-text.ts";

/** Columns that mai has a place for, by their names in lower case. */
const COLUMNS: Readonly<Record<string, keyof ImportedIssue>> = {
  ...{ id: "sourceId", title: "title", queue: "queue", body: "body", description: "body" },
  ...{ priority: "priority", status: "state", state: "state", assignee: "assignee", handler: "assignee" },
  ...{ labels: "labels", tags: "labels", blocked_by: "blockedBy", depends_on: "blockedBy", reason: "reason" },
};

/**
 * Reads issues from comma-separated values with a row of column names, of which `title` is needed.
 * @throws INVALID_TEXT with the line
 */
export function parseCsvIssues(text: string): readonly ImportedIssue[] {
  const [header, ...rows] = parseCsv(text);
  const names = (header?.cells ?? []).map((name) => name.trim());
  if (!names.some((name) => COLUMNS[name.toLowerCase()] === "title"))
    throw badLine(1, "there is no column 'title'.");
  const seen = new Map<string, number>();
  return rows.map((row) => issueOf(row, names, seen));
}

function issueOf(row: CsvRow, names: readonly string[], seen: Map<string, number>): ImportedIssue {
  if (row.cells.length > names.length)
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
  return {
    line: row.line,
    sourceId: of("sourceId") ?? contentId(row, seen),
    title: of("title") ?? "",
    body: importedBody({ body: known.get("body") ?? "", title: of("title") ?? "", sections: unknown }),
    queue: of("queue"),
    priority: importedPriority(of("priority"), row.line),
    labels: listed(of("labels")),
    blockedBy: listed(of("blockedBy")),
    state: importedState(of("state") ?? ""),
    assignee: of("assignee"),
    reason: of("reason"),
  };
}

/** A row without an id is known again by what it says, and by how many rows before it said the same. */
function contentId({ cells }: CsvRow, seen: Map<string, number>): string {
  const content = JSON.stringify(cells);
  const count = (seen.get(content) ?? 0) + 1;
  seen.set(content, count);
  return `row ${count} of ${content}`;
}
