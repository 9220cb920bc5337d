import { graphAround, graphOf, type IssueGraph } from "../../domain/issue-graph.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { locateForReading } from "../issue/locate-issue.ts";
import { blockerOf, surroundingsOf } from "../issue/surroundings.ts";
import { readTeam } from "../team.ts";
import { readUnfinished } from "./unfinished-issues.ts";

/**
 * Reads which unfinished issues wait for which, or what one issue has to do with.
 * @param id null for all that wait
 * @throws NOT_FOUND, INVALID_NAME
 */
export function readGraph(call: Call, id: string | null): IssueGraph {
  return readProject(call.workspace, (view) => {
    const { config } = readTeam(view, call);
    const start = id === null ? null : locateForReading(view, config, id, call).id;
    const unfinished = readUnfinished(view, call, config, null).map(({ issue }) => blockerOf(issue));
    const { blocker } = surroundingsOf(view, config);
    return start === null ? graphOf(unfinished, blocker) : graphAround(start, unfinished, blocker);
  });
}
