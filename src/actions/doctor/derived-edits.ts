import { formatProcessing, parseLease } from "../../codec/lease-file.ts";
import { idOfFileName } from "../../domain/ids.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { findRepository } from "../../store/places/find-project.ts";
import { leasePath, PROCESSING_DIRECTORY, processingPath } from "../../store/project-paths.ts";
import { incompleteGitFiles } from "./check-surroundings.ts";
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

/** Returns what adds the missing lines to the files for git of a project in a repository; lines that are there stay. */
export function gitFileEdits(survey: Survey): readonly FileEdit[] {
  const { system, root } = survey.call.workspace;
  if (findRepository({ system, cwd: root, home: null }) === null) return [];
  return incompleteGitFiles(survey).map(({ file, text, missing }) => {
    const start = text === null || text === "" || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
    return { path: file.path, text: `${start}${missing.join("\n")}\n` };
  });
}
