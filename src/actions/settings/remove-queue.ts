import { configTextWithout, settingsOf } from "../../codec/settings.ts";
import { MaiError } from "../../domain/errors.ts";
import type { EventDraft } from "../../domain/events.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { type Settings, valueAt } from "../../domain/settings.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { removeEmptyDirectory } from "../../store/directories.ts";
import { withPinned } from "../../store/pinned/pinned-file-system.ts";
import { CONFIG_PATH, QUEUES_DIRECTORY } from "../../store/project-paths.ts";
import { issueIds } from "../../store/reading/issue-files.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { hasEvent } from "../agent-loop/past-events.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator, requireQueue, type TeamOnFile } from "../team.ts";

/** Issues named in a refusal; the rest is counted. */
const NAMED_ISSUES = 5;

/** What `queue remove` answers. */
export interface RemovedQueue {
  readonly name: string;
  readonly idempotent: boolean;
}

/**
 * Removes a queue that holds no issue. One that was removed before is gone already.
 * @throws INVALID_STATE while it holds issues, INVALID_QUEUE, PERMISSION_DENIED
 */
export function removeQueue(call: Call, name: string): Outcome<RemovedQueue> {
  const outcome = changeProject<RemovedQueue>(call.workspace, "queue remove", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    if (!team.config.queues.has(name) && wasRemoved(view, name))
      return { answer: { name, idempotent: true }, changes: null };
    requireQueue(view, team.config, name);
    refuseFullQueue(view, name);
    warnOfUse(call, team, name);
    const settings = settingsOf(team.config, team.file);
    return {
      answer: { name, idempotent: false },
      changes: {
        atMs: view.clock.nowMs(),
        durable: team.config.durability === "full",
        files: [{ path: CONFIG_PATH, text: withoutQueue(view, settings, name) }],
        history: [{ actor, event: "config_change", summary: `Queue ${name} removed` }],
        events: [{ type: "queue.removed" as const, actor, queue: name }],
      },
    };
  });
  // An empty directory is no queue; it goes so that nobody takes it for one.
  if (outcome.changed && !call.workspace.dryRun) {
    withPinned(call.workspace, (pinned) => {
      for (const parent of [QUEUES_DIRECTORY, "async"]) removeEmptyDirectory(pinned, `${parent}/${name}`);
    });
  }
  return outcome;
}

function refuseFullQueue(view: ProjectView, name: string): void {
  const ids = issueIds(view, name);
  const [first] = ids;
  if (first === undefined) return;
  const more = ids.length > NAMED_ISSUES ? " and more" : "";
  throw new MaiError(
    "INVALID_STATE",
    `Queue ${name} holds ${ids.length} issue${ids.length === 1 ? "" : "s"}: ${ids.slice(0, NAMED_ISSUES).join(", ")}${more}.`,
    {
      hint: `Move each first: mai issue edit ${first} --queue OTHER`,
      fields: { queue: name, issues: ids.slice(0, NAMED_ISSUES), total: ids.length },
    },
  );
}

function warnOfUse(call: Call, { config }: TeamOnFile, name: string): void {
  for (const [key, queue] of [
    ["escalation_queue", config.escalationQueue],
    ["blockers_queue", config.blockersQueue],
  ]) {
    if (queue === name)
      call.workspace.warn(`${key} still names ${name}; change it: mai config set ${key} QUEUE`);
  }
}

function withoutQueue(view: ProjectView, settings: Settings, name: string): string {
  const text = view.read(CONFIG_PATH) ?? "{}";
  // A directory that the settings do not know is nobody's setting to take out.
  return valueAt(settings, ["queues", name]) === undefined
    ? text
    : configTextWithout(text, settings, ["queues", name]);
}

function wasRemoved(view: ProjectView, name: string): boolean {
  return hasEvent(view, (event: EventDraft) => event.type === "queue.removed" && event.queue === name);
}
