import { MaiError } from "../domain/errors.ts";
import { operatorName } from "../domain/names.ts";
import { osUserName } from "../store/os-user.ts";
import { type ForeignDirectory, foreignDirectories } from "../store/places/directory-owners.ts";
import { type FoundProject, findProject, searchUpwards } from "../store/places/find-project.ts";
import { findHome, type Home } from "../store/places/home.ts";
import { resolvePath } from "../store/places/paths.ts";
import type { TrustQuestion } from "../store/places/trust.ts";
import type { System } from "../store/system.ts";
import type { Call } from "./call.ts";

/** Longest wait for the mutex where the environment names none, in seconds. */
const DEFAULT_LOCK_TIMEOUT_SECONDS = 30;

/** What a call is made from: the machine, the environment, and what the command line says. */
export interface CallFacts {
  readonly system: System;
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dryRun: boolean;
  readonly warn: (message: string) => void;
  /** Options of the command line; null where not given, then the environment counts. */
  readonly operator: string | null;
  readonly session: string | null;
  readonly project: string | null;
  /** Ends a wait, in place of the signals of the process. */
  readonly stop?: AbortSignal;
}

/**
 * Opens the project at hand: the option, else the environment, else the nearest one upwards.
 * @throws PROJECT_NOT_FOUND, INVALID_NAME, PERMISSION_DENIED for a project of other people, USAGE for an odd environment
 */
export function openCall(facts: CallFacts): Call {
  const { system, cwd, env } = facts;
  const home = findHome(system, env, { cwd, lockTimeoutMs: lockTimeoutMs(env) });
  return callOn(facts, findProject({ system, cwd, home }, projectNamed(facts)), home);
}

/**
 * Opens the project at hand; null where none was named and none lies upwards.
 * @throws PROJECT_NOT_FOUND for a project that was named, beside what {@link openCall} throws
 */
export function openCallIfHere(facts: CallFacts): Call | null {
  const { system, cwd, env } = facts;
  if (projectNamed(facts) !== null) return openCall(facts);
  const found = searchUpwards({ system, cwd, home: null });
  return found === null
    ? null
    : callOn(facts, found, findHome(system, env, { cwd, lockTimeoutMs: lockTimeoutMs(env) }));
}

/** What deciding about trust looks at. */
type TrustFacts = Pick<CallFacts, "system" | "cwd" | "env">;

/** Opens a directory that need not be a project; null stands for the current one. */
export function openCallAt(facts: CallFacts, path: string | null): Call {
  return callAt(facts, resolvePath(facts.cwd, path ?? "."));
}

/**
 * Returns the same call, signed by whom a part of it names; who is not named stays.
 * @throws INVALID_NAME
 */
export function signedBy(
  call: Call,
  signer: { readonly operator?: string | null; readonly session?: string | null },
): Call {
  const { operator = null, session = null } = signer;
  return {
    ...call,
    operator: operator === null ? call.operator : operatorName(operator),
    session: session === null ? call.session : operatorName(session, "session"),
  };
}

/** Nothing of a project of other people is read, and nothing finished there, before it is trusted. */
function callOn(facts: CallFacts, found: FoundProject, home: Home | null): Call {
  const call = callAt(facts, found.root);
  if (found.warning !== null) facts.warn(found.warning);
  const foreign = foreignDirectories(facts.system, { ...found, found: true });
  if (foreign.length > 0) trustFirst(facts, { root: found.root, home, named: found.from === null, foreign });
  return call;
}

/** Loaded late: most projects are their user's own. */
function trustFirst(
  { system, cwd, env }: TrustFacts,
  {
    foreign,
    ...asked
  }: Pick<TrustQuestion, "root" | "home" | "named"> & {
    readonly foreign: readonly ForeignDirectory[];
  },
): void {
  const { requireTrust }: typeof import("../store/places/trust.ts") = require("../store/places/trust.ts");
  requireTrust({ system, cwd, environment: env.MAI_TRUST, ...asked }, foreign);
}

function projectNamed({ project, env }: CallFacts): string | null {
  return project ?? (env.MAI_PROJECT || env.AGENTS_PROJECT || null);
}

function callAt(facts: CallFacts, root: string): Call {
  const { system, env, dryRun, warn } = facts;
  const timeoutMs = lockTimeoutMs(env);
  const operator = facts.operator ?? (env.MAI_OPERATOR || env.MAI_AGENT || env.AGENT_NAME || null);
  const session = facts.session ?? (env.MAI_SESSION || null);
  const home = findHome(system, env, { cwd: facts.cwd, lockTimeoutMs: timeoutMs });
  const call: Call = {
    workspace: {
      ...{ root, system, lockTimeoutMs: timeoutMs, dryRun, warn },
      ...(facts.stop === undefined ? {} : { stop: facts.stop }),
      alongWith: (view, changes) => loadGuardian()(view, call, changes),
    },
    home,
    requireOwn(place) {
      const foreign = foreignDirectories(system, { root: place, from: null, upTo: place, via: place });
      if (foreign.length > 0) trustFirst(facts, { root: place, home, named: true, foreign });
    },
    operator: operator === null ? null : operatorName(operator),
    session: session === null ? null : operatorName(session, "session"),
    environmentFence: environmentFence(env),
    osUser: () => osUserName(system),
  };
  return call;
}

/** Loaded late: what only reads changes no lease. */
function loadGuardian() {
  const { withStaleReleases }: typeof import("./leases/embedded-guardian.ts") =
    require("./leases/embedded-guardian.ts");
  return withStaleReleases;
}

function lockTimeoutMs(env: CallFacts["env"]): number {
  const text = env.MAI_LOCK_TIMEOUT;
  if (text === undefined || text === "") return DEFAULT_LOCK_TIMEOUT_SECONDS * 1000;
  if (/^\d{1,6}(?:\.\d{1,3})?$/.test(text)) return Number(text) * 1000;
  throw new MaiError("USAGE", `MAI_LOCK_TIMEOUT is no number of seconds: ${JSON.stringify(text)}`, {
    hint: `Set it to a number such as ${DEFAULT_LOCK_TIMEOUT_SECONDS}, or unset it.`,
  });
}

function environmentFence(env: CallFacts["env"]): Call["environmentFence"] {
  const { MAI_ISSUE: issueId, MAI_FENCE: fence } = env;
  if (!issueId || !fence) return null;
  if (/^\d{1,15}$/.test(fence)) return { issueId, fence: Number(fence) };
  throw new MaiError("USAGE", `MAI_FENCE is no whole number: ${JSON.stringify(fence)}`, {
    hint: "Unset it: 'mai issue run' sets it for the command that it runs.",
  });
}
