import type { QueueAnswer, QueueRequest } from "../../actions/settings/queues.ts";
import { roundedMinutes } from "../../domain/settings.ts";
import { handlerText, isUnassigned } from "../../domain/unassigned.ts";
import { type Arguments, OPERATOR, type Values } from "../arguments.ts";

/** What `queue create` and `queue set` say about a queue. */
export const QUEUE_SETTINGS = {
  owner: {
    type: "string",
    valueHint: "NAME",
    description: "Who answers for it and gets new issues; none: any agent",
  },
  sla: {
    type: "string",
    kind: "sla",
    valueHint: "HOURS",
    description: "Deadline in hours, such as 0.5; none: no deadline",
  },
  "max-in-progress": {
    type: "string",
    kind: "limit",
    valueHint: "N",
    description: "Most of its issues held at once; none: no limit",
  },
  prefix: { type: "string", valueHint: "P", description: "Of new ids: letters and digits" },
  "require-evidence": { type: "enum", options: ["yes", "no"], description: "Completions need --evidence" },
  "confirmer-differs": {
    type: "enum",
    options: ["yes", "no"],
    description: "Nobody accepts what they claimed",
  },
  ...OPERATOR,
} as const satisfies Arguments;

/** Reads what is asked for; an option that is not given leaves things as they are. */
export function queueRequest(name: string, values: Values<typeof QUEUE_SETTINGS>): QueueRequest {
  const { owner, sla, prefix, "max-in-progress": max } = values;
  return {
    name,
    owner: owner ?? undefined,
    slaMinutes: sla === null ? undefined : sla === "none" ? null : roundedMinutes(sla),
    idPrefix: prefix ?? undefined,
    maxInProgress: max === null ? undefined : max === "none" ? null : max,
    requireEvidence: toggled(values["require-evidence"]),
    confirmerDiffers: toggled(values["confirmer-differs"]),
  };
}

function toggled(value: "yes" | "no" | null): boolean | undefined {
  return value === null ? undefined : value === "yes";
}

/** Tells a queue as JSON. */
export function queueFields(queue: QueueAnswer): Readonly<Record<string, unknown>> {
  const { name, owner, slaMinutes, idPrefix, maxInProgress, idempotent } = queue;
  const slaHours = slaMinutes === null ? null : slaMinutes / 60;
  return {
    queue: name,
    owner,
    sla_hours: slaHours,
    sla_minutes: slaMinutes,
    id_prefix: idPrefix,
    max_in_progress: maxInProgress ?? null,
    new_issues: newIssuesText(owner),
    require_evidence: queue.requireEvidence === true,
    confirmer_differs: queue.confirmerDiffers === true,
    idempotent,
  };
}

/** Says who gets the new issues of a queue, and how to change that. */
export function newIssuesText(owner: string): string {
  return isUnassigned(owner)
    ? "New issues are unassigned: any agent can take them."
    : `New issues go to @${owner}; --owner none lets any agent take them.`;
}

/** Tells a queue's settings in a few words. */
export function queueText({ owner, slaMinutes, idPrefix, maxInProgress, ...rules }: QueueAnswer): string {
  return [
    `owner ${handlerText(owner)}`,
    slaMinutes === null ? "no SLA" : `SLA ${shortHours(slaMinutes)}h`,
    `ids ${idPrefix}-…`,
    ...(typeof maxInProgress === "number" ? [`at most ${maxInProgress} held`] : []),
    ...(rules.requireEvidence === true ? ["evidence required"] : []),
    ...(rules.confirmerDiffers === true ? ["nobody accepts what they claimed"] : []),
  ].join(", ");
}

/** At most four decimals: enough to know it again. */
function shortHours(minutes: number): number {
  return Number((minutes / 60).toFixed(4));
}
