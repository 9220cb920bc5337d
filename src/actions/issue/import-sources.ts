import { type BacklogFile, parseBacklog } from "../../codec/import-backlog.ts";
import { parseBeads } from "../../codec/import-beads.ts";
import { parseCsvIssues } from "../../codec/import-csv.ts";
import { parseGithub } from "../../codec/import-github.ts";
import { parseTaskMaster } from "../../codec/import-task-master.ts";
import { parseTaskwarrior } from "../../codec/import-taskwarrior.ts";
import { MaiError } from "../../domain/errors.ts";
import type { ImportedFile } from "../../domain/imported-issue.ts";
import { namesIn } from "../../store/directories.ts";
import type { Call } from "../call.ts";
import { fromUserFile, readUserFile } from "../projects/user-file.ts";

/** Formats of one text, and how they are read. */
const OF_TEXT = {
  beads: parseBeads,
  taskwarrior: parseTaskwarrior,
  "task-master": parseTaskMaster,
  github: parseGithub,
  csv: parseCsvIssues,
} as const;

/** Format of another tool. */
export type ImportFormat = keyof typeof OF_TEXT | "backlog";

/** Every format by the name that is typed. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [
  ...(["beads", "backlog", "taskwarrior", "task-master", "github", "csv"] as const),
];

/** Most characters of a file: it is held in memory whole. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

/** Directories in which Backlog.md keeps its tasks, below the one that is named. */
const BACKLOG_PLACES = [
  ["backlog/tasks", "backlog/completed"],
  [".backlog/tasks", ".backlog/completed"],
  ["tasks", "completed"],
  [""],
];

/** Tells whether a word names a format. */
export function isImportFormat(word: string): word is ImportFormat {
  return IMPORT_FORMATS.some((format) => format === word);
}

/**
 * Reads what another tool wrote: a text, a file, or for Backlog.md a directory.
 * @throws NOT_FOUND, INVALID_TEXT with the line, LIMIT_REACHED
 */
export function readImport(
  call: Call,
  format: ImportFormat,
  source: { readonly text: string } | { readonly cwd: string; readonly path: string },
): ImportedFile {
  if (format === "backlog")
    return parseBacklog("text" in source ? [{ path: "-", text: source.text }] : backlogFiles(call, source));
  const text = "text" in source ? source.text : readUserFile(call, source.cwd, source.path);
  if (text.length <= MOST_CHARACTERS) return OF_TEXT[format](text);
  throw new MaiError(
    "LIMIT_REACHED",
    `The file has ${text.length} characters; ${MOST_CHARACTERS} go at once.`,
    {
      hint: "Split it: issues that wait for each other belong into one part.",
    },
  );
}

function backlogFiles(call: Call, { cwd, path }: { cwd: string; path: string }): readonly BacklogFile[] {
  if (path.endsWith(".md")) return [{ path, text: readUserFile(call, cwd, path) }];
  const { system } = call.workspace;
  for (const places of BACKLOG_PLACES) {
    const paths = places.flatMap((place) =>
      fromUserFile(cwd, `${path}/${place}`, (root) => namesIn({ root, system }, "."))
        .filter((name) => name.endsWith(".md"))
        .map((name) => `${path}/${place}/${name}`),
    );
    if (paths.length > 0)
      return paths.toSorted().map((file) => ({ path: file, text: readUserFile(call, cwd, file) }));
  }
  throw new MaiError("NOT_FOUND", `There are no tasks of Backlog.md in ${path}.`, {
    hint: "Name the directory that has tasks/, such as backlog.",
    fields: { path },
  });
}
