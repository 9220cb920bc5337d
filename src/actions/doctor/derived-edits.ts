import { formatProcessing, parseLease } from "../../codec/lease-file.ts";
import { idOfFileName } from "../../domain/ids.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { findRepository } from "../../store/places/find-project.ts";
import { leasePath, PROCESSING_DIRECTORY, processingPath } from "../../store/project-paths.ts";
import { GITIGNORE_PATH, missingIgnores } from "./check-surroundings.ts";
import type { Survey } from "./survey.ts";

/** Returns what makes `processing/` hold exactly the leased issues. */
export function processingEdits({ reader, view, issues }: Survey): readonly FileEdit[] {
  const leased = new Set(issues.map(({ id }) => id).filter((id) => view.exists(leasePath(id))));
  const orphans = reader.list(PROCESSING_DIRECTORY).filter((name) => {
    const id = idOfFileName(name);
    return id !== null && !leased.has(id);
  });
  const missing = [...leased].filter((id) => !view.exists(processingPath(id)));
  return [
    ...orphans.map((name) => ({ path: `${PROCESSING_DIRECTORY}/${name}`, text: null })),
    ...missing.flatMap((id) => {
      const lease = reader.text(leasePath(id));
      return lease === null
        ? []
        : [{ path: processingPath(id), text: formatProcessing(id, parseLease(lease)) }];
    }),
  ];
}

/** Returns what adds the missing lines to `.mai/.gitignore` of a project in a repository; lines that are there stay. */
export function gitignoreEdits({ call, reader, view }: Survey): readonly FileEdit[] {
  const { system, root } = call.workspace;
  if (findRepository({ system, cwd: root, home: null }) === null) return [];
  const text = reader.text(GITIGNORE_PATH);
  const missing = missingIgnores(text);
  const unreadable = text === null && view.exists(GITIGNORE_PATH);
  if (missing.length === 0 || unreadable) return [];
  const start = text === null || text === "" || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
  return [{ path: GITIGNORE_PATH, text: `${start}${missing.join("\n")}\n` }];
}
