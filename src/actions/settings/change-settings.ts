import { parseConfigFile } from "../../codec/config-file.ts";
import { changedConfigText, settingsOf } from "../../codec/settings.ts";
import { rootsOf } from "../../domain/config.ts";
import { MaiError } from "../../domain/errors.ts";
import { mayDecide } from "../../domain/escalation.ts";
import type { EventDraft, HistoryDraft } from "../../domain/events.ts";
import { requireHandler } from "../../domain/handlers.ts";
import { agentName, newQueueName } from "../../domain/names.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Team } from "../../domain/roles.ts";
import {
  dottedKey,
  isFixedSetting,
  settingKind,
  strangeSetting,
  unknownSetting,
  unknownSettings,
} from "../../domain/setting-keys.ts";
import {
  canonicalSettings,
  isTable,
  type SettingChange,
  type Settings,
  settingChanges,
  valueAt,
} from "../../domain/settings.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet } from "../../store/change/change-set.ts";
import { globalRoots } from "../../store/places/home.ts";
import { CONFIG_PATH } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { readTeamForChange, requireAdministrator, type TeamOnFile } from "../team.ts";

/** A value that a change of settings sets, by its dotted key. */
export interface ShownChange {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What a change of settings answers. */
export interface SettingsAnswer {
  readonly changes: readonly ShownChange[];
  readonly idempotent: boolean;
}

/**
 * Merges settings into the project's, in one change: tables by key, lists whole, nothing goes by absence.
 * @param wanted from what holds now, so that a command can name what it changes
 * @param source.operation names the change in the journal
 * @param source.name says in errors where the settings come from
 * @throws CONFIG_INVALID, PERMISSION_DENIED, NOT_FOUND for a key that there is not
 */
export function mergeSettings(
  call: Call,
  source: { readonly operation: string; readonly name: string },
  wanted: (current: Settings) => Settings,
): Outcome<SettingsAnswer> {
  return changeProject(call.workspace, source.operation, (view) => {
    const team = readTeamForChange(view, call);
    const actor = requireAdministrator(call, team);
    const current = settingsOf(team.config, team.file);
    const said = canonicalSettings(wanted(current), current);
    const [unknown] = unknownSettings(said, current);
    if (unknown !== undefined) throw strangeSetting(unknown, source.name);
    const changes = settingChanges(current, said);
    for (const change of changes) checkChange(change);
    const answer = { changes: changes.map(shownChange), idempotent: changes.length === 0 };
    if (answer.idempotent) return { answer, changes: null };
    const told = { history: [historyOf(actor, answer.changes)], events: eventsOf(actor, changes) };
    return { answer, changes: settingsChangeSet({ view, call, team, actor }, changes, told) };
  });
}

/** Where a change of settings happens. */
export interface SettingsPlace {
  readonly view: ProjectView;
  readonly call: Call;
  readonly team: TeamOnFile;
  readonly actor: string;
}

/** Returns the change that writes these settings; what it would break refuses, what it would surprise with is a warning. */
export function settingsChangeSet(
  place: SettingsPlace,
  changes: readonly SettingChange[],
  told: { readonly history: readonly HistoryDraft[]; readonly events: readonly EventDraft[] },
): ChangeSet {
  const { view, team } = place;
  const before = view.read(CONFIG_PATH) ?? "{}";
  const text = changedConfigText(before, settingsOf(team.config, team.file), changes);
  checkResult(place, text, changes);
  return {
    atMs: view.clock.nowMs(),
    durable: team.config.durability === "full",
    files: [{ path: CONFIG_PATH, text }],
    ...told,
  };
}

function shownChange({ path, from, to }: SettingChange): ShownChange {
  return { key: dottedKey(path), from, to };
}

function historyOf(actor: string, changes: readonly ShownChange[]): HistoryDraft {
  const parts = changes.map(({ key, from, to }) => `${key} ${JSON.stringify(from)} → ${JSON.stringify(to)}`);
  return { actor, event: "config_change", summary: `Settings changed: ${parts.join(", ")}` };
}

function eventsOf(actor: string, changes: readonly SettingChange[]): readonly EventDraft[] {
  const made = changes.flatMap((change): readonly EventDraft[] => {
    const [section, name = "", field] = change.path;
    if (field !== undefined || change.from !== null || !isTable(change.to)) return [];
    if (section === "queues") return [{ type: "queue.created", actor, queue: name, data: change.to }];
    return section === "agents" ? [{ type: "agent.added", actor, data: { agent: name, ...change.to } }] : [];
  });
  return [...made, { type: "config.changed", actor, data: { changes: changes.map(shownChange) } }];
}

/** What only mai writes stays, and new names are such as the commands that make them take. */
function checkChange({ path, from }: SettingChange): void {
  if (isFixedSetting(path)) {
    throw new MaiError("CONFIG_INVALID", `${dottedKey(path)} is written by mai alone.`, {
      hint: "Leave it out.",
      fields: { key: dottedKey(path) },
    });
  }
  const [section, name = "", field] = path;
  if (field !== undefined || from !== null) return;
  if (section === "queues") newQueueName(name);
  if (section === "agents" && agentName(name) !== name) {
    throw new MaiError("INVALID_NAME", `${JSON.stringify(name)} is no agent name.`, {
      hint: `Write it as ${agentName(name)}.`,
    });
  }
}

function checkResult(
  { call, team, actor }: SettingsPlace,
  text: string,
  changes: readonly SettingChange[],
): void {
  const { config } = parseConfigFile(text, CONFIG_PATH, "Nothing was changed. Give another value.");
  for (const { path, to } of changes) {
    const isQueueName = path[0] === "blockers_queue" || path[0] === "escalation_queue";
    if (isQueueName && !config.queues.has(String(to))) {
      throw unknownSetting(["queues", String(to)], { queues: Object.fromEntries(config.queues) });
    }
  }
  const roots = rootsOf(config, globalRoots(call.home), call.osUser);
  if (changes.some(({ path }) => path[0] === "escalation_handler")) checkDecider(call, { config, roots });
  if (call.operator !== null && team.roots.has(actor) && !roots.has(actor)) {
    call.workspace.warn(
      `@${actor} is no root any more; from now on only ${[...roots].map((name) => `@${name}`).join(", ")} may administer ` +
        "this project (or, without an operator, whoever owns .mai on disk).",
    );
  }
  const strangers = config.dailySummaryOrder.filter((name) => !config.agents.has(name));
  if (strangers.length > 0 && changes.some(({ path }) => path[0] === "daily_summary_order")) {
    call.workspace.warn(`daily_summary_order names no agent of this project: ${strangers.join(", ")}`);
  }
}

/** @throws INVALID_AGENT for a name that nobody has */
function checkDecider({ workspace }: Call, team: Team): void {
  const name = team.config.escalationHandler;
  if (name === null) return;
  requireHandler(team, name);
  if (mayDecide(name, team)) return;
  workspace.warn(
    `@${name} is neither a root nor the owner of ${team.config.escalationQueue}: escalations will be assigned to @${name}, who may not complete them.`,
  );
}

/** Returns the value that holds at a key. @throws NOT_FOUND, INVALID_QUEUE, INVALID_AGENT with the nearest name */
export function requireSetting(current: Settings, path: readonly string[]): unknown {
  const value = valueAt(current, path);
  const isUnsaidLimit = settingKind(path) === "limit" && isTable(valueAt(current, path.slice(0, -1)));
  if (value === undefined && isUnsaidLimit) return null;
  if (value === undefined) throw unknownSetting(path, current);
  return value;
}
