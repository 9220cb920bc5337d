import type { Config } from "./config.ts";
import { MaiError } from "./errors.ts";
import type { LiveLease, Surroundings } from "./surroundings.ts";

/** Held issues named in a refusal; JSON has them all. */
const NAMED_ISSUES = 5;

/** A limit that is reached: one more lease would pass it. */
export interface ReachedLimit {
  readonly of: "agent" | "queue";
  readonly name: string;
  readonly max: number;
  readonly held: readonly LiveLease[];
}

/** Who would take which issue; null for nobody in particular, whom only limits of queues hold back. */
export interface LimitedClaim {
  readonly operator: string | null;
  readonly issue: { readonly id: string; readonly queue: string };
}

/**
 * Returns the limit that one more lease would pass, null for none. What counts are live leases, whatever the state of
 * their issues says: a BLOCKED issue is still in somebody's hands. The issue itself does not count. Leases are read
 * only where a limit is set.
 */
export function reachedLimit(
  config: Config,
  { operator, issue }: LimitedClaim,
  around: Surroundings,
): ReachedLimit | null {
  const others = () => around.liveLeases().filter(({ id }) => id !== issue.id);
  const agentMax = operator === null ? null : (config.agents.get(operator)?.maxInProgress ?? null);
  if (operator !== null && agentMax !== null) {
    const held = others().filter(({ holder }) => holder === operator);
    if (held.length >= agentMax) return { of: "agent", name: operator, max: agentMax, held };
  }
  const queueMax = config.queues.get(issue.queue)?.maxInProgress ?? null;
  if (queueMax === null) return null;
  const held = others().filter(({ id }) => around.isIn(issue.queue, id));
  return held.length < queueMax ? null : { of: "queue", name: issue.queue, max: queueMax, held };
}

/**
 * Refuses one more lease where a limit is reached.
 * @throws LIMIT_REACHED naming what is held
 */
export function requireRoom(config: Config, claim: LimitedClaim, around: Surroundings): void {
  const limit = reachedLimit(config, claim, around);
  if (limit !== null) throw refuseLimit(limit);
}

/** Returns the refusal that names what is held. */
export function refuseLimit({ of, name, max, held }: ReachedLimit): MaiError {
  const isAgent = of === "agent";
  const named = held.slice(0, NAMED_ISSUES).map(({ id, holder }) => (isAgent ? id : `${id} (@${holder})`));
  const more = held.length > NAMED_ISSUES ? ` and ${held.length - NAMED_ISSUES} more` : "";
  const what = held.length === 0 ? "nothing" : `${named.join(", ")}${more}`;
  const who = isAgent ? `@${name} holds` : `In ${name} there is held`;
  const hint =
    held.length === 0
      ? `Nothing may be taken while it is 0. A root changes it: mai config set ${of}s.${name}.max_in_progress N`
      : isAgent
        ? `Finish or hand over one of them, or give it back: mai lock release ${held[0]?.id} -o ${name}`
        : "Take an issue of another queue, or wait until one of these is finished or handed over.";
  return new MaiError("LIMIT_REACHED", `${who} ${what}; its limit max_in_progress is ${max}.`, {
    hint,
    fields: { limit: { of, name, max_in_progress: max }, held: held.map(({ id }) => id) },
  });
}
