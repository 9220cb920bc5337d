import { type Config, queueOwner } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { IssueHeader } from "./issue.ts";
import { isUnassigned } from "./unassigned.ts";

/** What an operator can be to an issue. */
export type Role = "root" | "queue_owner" | "creator" | "handler" | "agent";

const ANY_AGENT: readonly Role[] = ["root", "queue_owner", "creator", "handler", "agent"];
const INVOLVED: readonly Role[] = ["root", "queue_owner", "creator", "handler"];
const ACCEPTING: readonly Role[] = ["root", "queue_owner", "creator"];

/** Who may do what; one role that allows is enough. */
export const ROLE_MATRIX = {
  new: ANY_AGENT,
  amend: ANY_AGENT,
  claim: ANY_AGENT,
  block: INVOLVED,
  unblock: INVOLVED,
  depend: INVOLVED,
  transfer: INVOLVED,
  escalate: INVOLVED,
  label: INVOLVED,
  check: INVOLVED,
  complete: ACCEPTING,
  confirm: ACCEPTING,
  reject: ACCEPTING,
  reopen: ACCEPTING,
  edit: ACCEPTING,
  discard: ACCEPTING,
} as const satisfies Record<string, readonly Role[]>;

/** Operations on issues that roles decide. */
export type OperationName = keyof typeof ROLE_MATRIX;

/** Who the team is, as far as roles need it. */
export interface Team {
  readonly config: Config;
  readonly roots: ReadonlySet<string>;
}

/** Returns every role that `operator` has for an issue (or, with null, for a new issue in `queue`). */
export function rolesFor(
  operator: string,
  team: Team,
  place: { issue: IssueHeader | null; queue: string },
): ReadonlySet<Role> {
  const roles = new Set<Role>();
  if (team.roots.has(operator)) roles.add("root");
  if (queueOwner(team.config, place.queue) === operator) roles.add("queue_owner");
  if (place.issue?.creator === operator) roles.add("creator");
  if (place.issue?.handler === operator) roles.add("handler");
  if (team.config.agents.has(operator)) roles.add("agent");
  return roles;
}

/** Tells whether one of the operator's roles allows an operation. */
export function mayDo(
  operation: OperationName,
  operator: string,
  team: Team,
  place: { issue: IssueHeader | null; queue: string },
): boolean {
  const allowed: readonly Role[] = ROLE_MATRIX[operation];
  const roles = rolesFor(operator, team, place);
  return allowed.some((role) => roles.has(role));
}

/**
 * Refuses an operation that none of the operator's roles allows.
 * @param place.instead what to do instead, where the caller knows better
 * @throws PERMISSION_DENIED naming who may, and the command that hands the issue over
 */
export function requireRole(
  operation: OperationName,
  operator: string,
  team: Team,
  place: { issue: IssueHeader | null; queue: string; instead?: string },
): void {
  const allowed: readonly Role[] = ROLE_MATRIX[operation];
  const roles = rolesFor(operator, team, place);
  if (allowed.some((role) => roles.has(role))) return;
  const { issue, queue } = place;
  const what = issue === null ? `make issues in ${queue}` : deedOn(issue.id, operation);
  throw new MaiError(
    "PERMISSION_DENIED",
    `@${operator} may not ${what}: that takes ${whoMay(allowed, team, place)}.`,
    {
      hint: place.instead ?? nextStep({ operation, operator, roles }, team, issue),
      fields: { operator, allowed },
    },
  );
}

/** Says what somebody would do, for operations whose name is no verb that takes an issue. */
function deedOn(id: string, operation: OperationName): string {
  if (operation === "depend") return `change what ${id} waits for`;
  if (operation === "check") return `tick the check list of ${id}`;
  return operation === "amend" ? `add to ${id}` : `${operation} ${id}`;
}

/** Returns everybody that an issue can be handed to: registered agents, queue owners, roots. */
export function possibleHandlers(team: Team): ReadonlySet<string> {
  const owners = [...team.config.queues.values()].map((queue) => queue.owner);
  return new Set([...team.config.agents.keys(), ...owners, ...team.roots]);
}

/** Names the roots for a refusal. */
export function whoAreRoots(team: Team): string {
  return `a root (${[...team.roots].map((name) => `@${name}`).join(", ")})`;
}

function whoMay(
  allowed: readonly Role[],
  team: Team,
  place: { issue: IssueHeader | null; queue: string },
): string {
  const owner = queueOwner(team.config, place.queue);
  const handler = place.issue?.handler ?? null;
  const names = {
    root: whoAreRoots(team),
    queue_owner: isUnassigned(owner) ? null : `the owner of ${place.queue} (@${owner})`,
    creator: place.issue?.creator ? `its creator (@${place.issue.creator})` : null,
    handler: handler === null || isUnassigned(handler) ? null : `its handler (@${handler})`,
    agent: "a registered agent",
  } as const satisfies Record<Role, string | null>;
  const parts = allowed.map((role) => names[role]).filter((part) => part !== null);
  return parts.length === 1 ? `${parts[0]}` : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

function nextStep(
  refused: { operation: OperationName; operator: string; roles: ReadonlySet<Role> },
  team: Team,
  issue: IssueHeader | null,
): string {
  const { operation, operator, roles } = refused;
  const allowed: readonly Role[] = ROLE_MATRIX[operation];
  const accepts = operation === "complete" || operation === "confirm";
  if (issue !== null && accepts && roles.has("handler")) {
    return `Hand it over: mai issue transfer ${issue.id} ${reviewerOf(issue, team)} "done, please review" -o ${operator}`;
  }
  if (allowed.includes("agent") || issue === null)
    return `Register the agent first: mai agent add ${operator}`;
  if (!roles.has("agent")) return "Ask one of them.";
  return `Ask one of them, or add a remark: mai issue amend ${issue.id} "…" -o ${operator}`;
}

/** Returns the creator, or the owner of the queue or a root where the issue cannot be handed to the creator. */
function reviewerOf(issue: IssueHeader, team: Team): string {
  const { creator } = issue;
  if (creator !== null && possibleHandlers(team).has(creator)) return creator;
  const owner = queueOwner(team.config, issue.queue);
  return isUnassigned(owner) ? ([...team.roots][0] ?? owner) : owner;
}
