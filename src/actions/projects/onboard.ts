import { MaiError } from "../../domain/errors.ts";
import { resolvePath } from "../../store/places/paths.ts";
import {
  kindOfUserFile,
  readUserText,
  removeUserFile,
  replaceUserFile,
  type UserDirectory,
} from "../../store/user-file.ts";
import type { Call } from "../call.ts";

/** Files that agents read when they start; the first is made where it is missing. */
const FILES = ["AGENTS.md", "CLAUDE.md"] as const;

/** What one file has become, or would. */
export interface OnboardedFile {
  readonly path: string;
  readonly change: "created" | "updated" | "removed" | "none";
}

/** How a file's text changes; an empty one goes. @throws CORRUPT_FILE */
export type TextEdit = (text: string, path: string) => string;

/**
 * Edits the files of the project's root that agents read when they start. What is no regular file, such as a
 * symbolic link, is named in a warning and left alone.
 * @throws CORRUPT_FILE for a file that is no UTF-8, or when there is nothing that may be edited
 */
export function editAgentFiles(
  call: Call,
  edit: TextEdit,
  options: { readonly write: boolean },
): readonly OnboardedFile[] {
  const { root, system } = call.workspace;
  const directory = { root, system };
  const usable = FILES.filter((name) => isUsable(call, directory, name));
  if (usable.length === 0) {
    throw new MaiError("CORRUPT_FILE", `${root}/AGENTS.md is no regular file.`, {
      hint: "mai follows no symbolic links; put the file itself there, or print the text: mai onboard --print",
      fields: { path: "AGENTS.md" },
    });
  }
  // All are worked out before the first is written: a refusal changes nothing.
  const edits = usable.map((name) => {
    const before = readUserText(directory, name);
    return { name, before, after: edit(before ?? "", name) };
  });
  for (const { name, before, after } of edits) {
    if (options.write && !call.workspace.dryRun) writeEdit({ call, directory }, { name, before, after });
  }
  return edits.map(({ name, before, after }) => ({ path: name, change: changeOf(before, after) }));
}

/** Writes the skill file below a directory, relative to the current one. */
export function writeSkill(
  call: Call,
  place: { readonly cwd: string; readonly directory: string },
  text: string,
): OnboardedFile {
  const { system, dryRun } = call.workspace;
  const root = resolvePath(place.cwd, place.directory);
  const name = "mai/SKILL.md";
  const directory = { root, system };
  const before = readUserText(directory, name);
  if (before !== text && !dryRun) replaceUserFile(call.workspace, directory, { name, text });
  return { path: `${root}/${name}`, change: changeOf(before, text) };
}

function isUsable(call: Call, directory: UserDirectory, name: (typeof FILES)[number]): boolean {
  const kind = kindOfUserFile(directory, name);
  if (kind === "other") call.workspace.warn(`${name} is no regular file and was left alone.`);
  return kind === "file" || (kind === "none" && name === FILES[0]);
}

function writeEdit(
  { call, directory }: { readonly call: Call; readonly directory: UserDirectory },
  { name, before, after }: { readonly name: string; readonly before: string | null; readonly after: string },
): void {
  if (after === (before ?? "")) return;
  if (after === "") removeUserFile(directory, name);
  else replaceUserFile(call.workspace, directory, { name, text: after });
}

function changeOf(before: string | null, after: string): OnboardedFile["change"] {
  if (after === (before ?? "")) return "none";
  if (after === "") return "removed";
  return before === null ? "created" : "updated";
}
