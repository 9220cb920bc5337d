import { badLine, type ImportedFile, type ImportedIssue, importedState } from "../domain/imported-issue.ts";
import { EntryReader, isEntry, isId } from "./import-json.ts";
import { checkListIn, importedIssue, importedLabels, importedPriority } from "./import-text.ts";

/** Fields that have a place of their own, and what the tool keeps for itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["id", "title", "status", "assignee", "labels", "dependencies", "priority"],
  ...["updated_date", "ordinal", "onStatusChange", "subtasks"],
]);

/** One file of a Backlog.md project. */
export interface BacklogFile {
  /** Its name, with the directory that it is in: `tasks/back-1 - Title.md`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads issues from the task files of Backlog.md, each a Markdown file with a header in YAML. Files without the header of a
 * task are left out and counted.
 * @throws INVALID_TEXT with the number of the file, in the order of their paths
 */
export function parseBacklog(files: readonly BacklogFile[]): ImportedFile {
  const issues = files.flatMap((file, index) => issueOf(file, index + 1));
  return { issues, leftOut: files.length - issues.length };
}

function issueOf({ path, text }: BacklogFile, line: number): readonly ImportedIssue[] {
  const match = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  const header = match === null ? null : parsedYaml(match[1] ?? "", path, line);
  if (match === null || !isEntry(header) || !isId(header.id)) return [];
  const task = new EntryReader(header, { line, unit: "File" });
  const sections = sectionsIn(text.slice(match[0].length).replaceAll("\r\n", "\n"));
  const status = task.text("status") ?? "";
  const isDone = /(?:^|\/)completed\//.test(path);
  return [
    importedIssue({
      ...{ line, unit: "File", sourceId: task.id("id").toLowerCase(), title: titleOf(header) },
      description: sections.rest,
      sections: [["status", /^(?:to do|done)$/i.test(status) ? "" : status], ...task.others(KNOWN)],
      priority: importedPriority(task.text("priority"), line),
      labels: importedLabels(textsOf(header.labels)),
      blockedBy: textsOf(header.dependencies).map((id) => id.toLowerCase()),
      state: isDone ? "finished" : importedState(status),
      assignees: textsOf(header.assignee).map((name) => name.replace(/^@/, "")),
      reason: null,
      accept: sections.accept,
    }),
  ];
}

function parsedYaml(text: string, path: string, line: number): unknown {
  try {
    // Unquoted names with @ are not YAML, and people write them.
    return Bun.YAML.parse(text.replace(/(^\s*(?:-|\w+:)\s+|[[,]\s*)(@[\w.-]+)/gm, '$1"$2"'));
  } catch (error) {
    if (error instanceof SyntaxError) throw badLine(line, `the header of ${path} is no YAML.`, "File");
    throw error;
  }
}

function titleOf({ title }: Readonly<Record<string, unknown>>): string {
  return isId(title) ? String(title) : "";
}

/** A list, or one text. */
function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter(isId).map(String);
}

/** Takes the check lists out of a body, and the marks that the tool puts around its sections. */
function sectionsIn(text: string): { readonly rest: string; readonly accept: ImportedIssue["accept"] } {
  const accept: ImportedIssue["accept"][number][] = [];
  const parts = text.replace(/^<!--[^\n]*:(?:BEGIN|END) *-->\n?/gm, "").split(/^(?=## )/m);
  const rest = parts.filter((part) => {
    const list = /^## (?:Acceptance Criteria|Definition of Done)[^\n]*\n([\s\S]*)$/i.exec(part)?.[1];
    const items = list === undefined ? null : checkListIn(list);
    accept.push(...(items ?? []));
    return items === null;
  });
  const body = rest.join("").replace(/^\s*## Description *\n+/i, "");
  return { rest: body.trim(), accept };
}
