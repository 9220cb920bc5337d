import { settingsOf } from "../../codec/settings.ts";
import { DEFAULT_AGENT, type QueueSettings } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { newQueueName, operatorName } from "../../domain/names.ts";
import type { Outcome } from "../../domain/outcome.ts";
import {
  isTable,
  queueEntry,
  type SettingChange,
  type Settings,
  settingChanges,
  unsaidQueue,
} from "../../domain/settings.ts";
import { handlerText, meansNobody } from "../../domain/unassigned.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator, requireQueue } from "../team.ts";
import { settingsChangeSet } from "./change-settings.ts";

/** What a queue is to be; undefined leaves it as it is. */
export interface QueueRequest {
  readonly name: string;
  readonly owner?: string | undefined;
  /** null for no deadline. */
  readonly slaMinutes?: number | null | undefined;
  readonly idPrefix?: string | undefined;
  /** null for no limit. */
  readonly maxInProgress?: number | null | undefined;
  readonly requireEvidence?: boolean | undefined;
  readonly confirmerDiffers?: boolean | undefined;
}

/** What the commands on queues answer. */
export interface QueueAnswer extends QueueSettings {
  readonly name: string;
  readonly idempotent: boolean;
}

/**
 * Makes a queue.
 * @throws INVALID_NAME, ALREADY_EXISTS when it is there with other settings, PERMISSION_DENIED
 */
export function createQueue(call: Call, request: QueueRequest): Outcome<QueueAnswer> {
  const name = newQueueName(request.name);
  const said = checkedRequest(request);
  return changeProject(call.workspace, "queue create", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const known = team.config.queues.get(name);
    if (known !== undefined) return { answer: existing(name, known, said), changes: null };
    const queue = { ...unsaidQueue(name), ...said };
    const { owner } = queue;
    const told = {
      history: [{ actor, event: "queue_create", summary: `Queue ${name} created, owner ${owner}` }],
      events: [{ type: "queue.created" as const, actor, queue: name, data: queueEntry(queue) }],
    };
    const change = { path: ["queues", name], from: null, to: queueEntry(queue) };
    return {
      answer: { name, ...queue, idempotent: false },
      changes: settingsChangeSet({ view, call, team, actor }, [change], told),
    };
  });
}

/**
 * Changes a queue; issues that exist keep their ids and deadlines.
 * @throws INVALID_QUEUE, INVALID_NAME, PERMISSION_DENIED
 */
export function setQueue(call: Call, request: QueueRequest): Outcome<QueueAnswer> {
  const said = checkedRequest(request);
  return changeProject(call.workspace, "queue set", (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const name = requireQueue(view, team.config, request.name);
    const known = team.config.queues.get(name) ?? unsaidQueue(name);
    const queue = { ...known, ...withoutNeedlessNo(said, known) };
    const wanted = { queues: { [name]: queueEntry(queue) } };
    const changes = settingChanges(settingsOf(team.config, team.file), wanted);
    const answer = { name, ...queue, idempotent: changes.length === 0 };
    if (answer.idempotent) return { answer, changes: null };
    const told = {
      history: [{ actor, event: "config_change", summary: `Queue ${name} changed: ${toldChanges(changes)}` }],
      events: [{ type: "queue.changed" as const, actor, queue: name, data: changedFields(changes) }],
    };
    return { answer, changes: settingsChangeSet({ view, call, team, actor }, changes, told) };
  });
}

function checkedRequest(request: QueueRequest): Partial<QueueSettings> {
  const { owner, slaMinutes, idPrefix, maxInProgress, requireEvidence, confirmerDiffers } = request;
  return {
    ...(owner === undefined ? {} : { owner: ownerName(owner) }),
    ...(slaMinutes === undefined ? {} : { slaMinutes }),
    ...(idPrefix === undefined ? {} : { idPrefix: checkedPrefix(idPrefix) }),
    ...(maxInProgress === undefined ? {} : { maxInProgress }),
    ...(requireEvidence === undefined ? {} : { requireEvidence }),
    ...(confirmerDiffers === undefined ? {} : { confirmerDiffers }),
  };
}

function ownerName(text: string): string {
  const name = operatorName(text, "owner");
  return meansNobody(name) ? DEFAULT_AGENT : name;
}

/** A rule that a queue does not have need not be switched off. */
function withoutNeedlessNo(said: Partial<QueueSettings>, known: QueueSettings): Partial<QueueSettings> {
  const kept = Object.entries(said).filter(
    ([key, value]) => value !== false || known[key as keyof QueueSettings] === true,
  );
  return Object.fromEntries(kept);
}

function checkedPrefix(text: string): string {
  if (/^[A-Za-z0-9]{1,32}$/.test(text)) return text.toUpperCase();
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} is no id prefix.`, {
    hint: "1 to 32 letters or digits, such as REQ.",
    fields: { prefix: text },
  });
}

/** What was not asked for agrees with whatever is there. */
function existing(name: string, known: QueueSettings, said: Partial<QueueSettings>): QueueAnswer {
  const differs = settingChanges(
    { ...known, maxInProgress: known.maxInProgress ?? null },
    { ...withoutNeedlessNo(said, known) },
  );
  if (differs.length === 0) return { name, ...known, idempotent: true };
  const options = differs.map(
    ({ path, to }) => `${OPTIONS[path[0] as keyof QueueSettings]} ${optionValue(path[0], to)}`,
  );
  throw new MaiError("ALREADY_EXISTS", `Queue ${name} exists with other settings: ${described(known)}.`, {
    hint: `Change it: mai queue set ${name} ${options.join(" ")}`,
    fields: { queue: name, ...queueEntry(known) },
  });
}

const OPTIONS = {
  owner: "--owner",
  slaMinutes: "--sla",
  idPrefix: "--prefix",
  maxInProgress: "--max-in-progress",
  requireEvidence: "--require-evidence",
  confirmerDiffers: "--confirmer-differs",
} as const satisfies Record<keyof QueueSettings, string>;

function optionValue(name: string | undefined, value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const isHours = name === "slaMinutes" && typeof value === "number";
  return isHours ? String(value / 60) : String(value ?? "none");
}

function described({ owner, slaMinutes, idPrefix, maxInProgress }: QueueSettings): string {
  const limit = typeof maxInProgress === "number" ? `, at most ${maxInProgress} held` : "";
  return `owner ${handlerText(owner)}, ${slaMinutes === null ? "no SLA" : `SLA ${slaMinutes / 60}h`}, prefix ${idPrefix}${limit}`;
}

function changedFields(changes: readonly SettingChange[]): Settings {
  return Object.fromEntries(
    changes.flatMap(({ path, to }) =>
      path.length === 2 && isTable(to) ? Object.entries(to) : [[path.at(-1), to]],
    ),
  );
}

function toldChanges(changes: readonly SettingChange[]): string {
  return changes
    .map(({ path, from, to }) => `${path.at(-1)} ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
    .join(", ");
}
