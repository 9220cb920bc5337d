import { MaiError } from "../../domain/errors.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import {
  archivedDecisionPath,
  archivedIssuePath,
  decisionMirrorPath,
  decisionPath,
} from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** Where an archived issue lies. */
export interface ArchivedPlace {
  readonly queue: string;
  readonly id: string;
}

/**
 * Returns what takes an issue out of the archive and brings its decisions back; the issue file itself is for the
 * caller to write.
 * @throws ALREADY_EXISTS where decisions of that id were written anew meanwhile
 */
export function restoringEdits(view: ProjectView, { queue, id }: ArchivedPlace): readonly FileEdit[] {
  const out: FileEdit = { path: archivedIssuePath(queue, id), text: null };
  const decisions = view.read(archivedDecisionPath(id));
  if (decisions === null) return [out];
  if (view.exists(decisionPath(id))) throw twoDecisions(id);
  return [
    out,
    { path: decisionPath(id), text: decisions, mirror: decisionMirrorPath(queue, id) },
    { path: archivedDecisionPath(id), text: null },
  ];
}

function twoDecisions(id: string): MaiError {
  const paths = [decisionPath(id), archivedDecisionPath(id)];
  return new MaiError("ALREADY_EXISTS", `${id} has decisions in two places: ${paths.join(", ")}`, {
    hint: "Join them into one by hand, and remove the other.",
    fields: { issue_id: id, paths },
  });
}
