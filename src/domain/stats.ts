import type { EventDraft } from "./events.ts";
import { emptySum, type FlowStats, finishedSums, type Sum } from "./flow-sums.ts";
import type { State } from "./issue.ts";

/** An event with its time in milliseconds since 1970. */
export type TimedEvent = EventDraft & { readonly atMs: number };

/** What numbers are worked out for. */
export interface StatsRequest {
  /** Both in milliseconds since 1970; what happened between them counts. */
  readonly sinceMs: number;
  readonly nowMs: number;
  /** SLA of each queue in minutes; null for none. */
  readonly slaMinutes: ReadonlyMap<string, number | null>;
  /** Registered agents. */
  readonly agents: readonly string[];
}

/** What one agent did. */
export interface AgentStats {
  readonly name: string;
  readonly claimed: number;
  /** Completions that stand, of issues that it was the last to claim. */
  readonly completed: number;
  readonly events: number;
  /** In milliseconds since 1970; null for never. */
  readonly lastSeenMs: number | null;
  /** It is registered and did nothing in this time. */
  readonly silent: boolean;
}

/** The numbers of a project. */
export interface Stats {
  readonly total: FlowStats;
  readonly queues: ReadonlyMap<string, FlowStats>;
  readonly agents: readonly AgentStats[];
}

/** What is known of one issue while its events go by. */
interface Track {
  queue: string;
  createdMs: number | null;
  state: State | null;
  sinceMs: number;
  /** Since when nobody has it; null while somebody does. */
  openMs: number | null;
  worker: string | null;
  missed: boolean;
  /** Its latest completion; null before the first. */
  completion: Completion | null;
}

/** A completion: it stands until the issue is unfinished again, because it was undone, reopened or rejected. */
interface Completion {
  readonly queue: string;
  readonly worker: string | null;
  /** Whether it lies in the time that counts. */
  readonly counts: boolean;
  readonly stands: boolean;
}

interface AgentSum {
  claimed: number;
  completed: number;
  events: number;
  lastSeenMs: number | null;
}

/**
 * Works throughput, waiting times and misses out from all events of a project, oldest first. Issues that are older
 * than the stream count from their first event on.
 */
export function projectStats(events: Iterable<TimedEvent>, request: StatsRequest): Stats {
  const tally = new Tally(request);
  for (const event of events) tally.take(event);
  return tally.result();
}

class Tally {
  readonly #request: StatsRequest;
  readonly #tracks = new Map<string, Track>();
  readonly #queues = new Map<string, Sum>();
  readonly #agents = new Map<string, AgentSum>();

  constructor(request: StatsRequest) {
    this.#request = request;
    for (const name of request.agents) this.#agent(name);
  }

  take(event: TimedEvent): void {
    this.#takeActor(event);
    if (event.issue === undefined || !event.type.startsWith("issue.")) {
      if (event.type !== "lease.expired" && event.type !== "lease.released") return;
    }
    const track = this.#trackOf(event);
    if (track === null) return;
    if (event.queue !== undefined) track.queue = event.queue;
    this.#takeKind(event, track);
    this.#takeCompletion(event, track);
    if (event.to !== undefined && event.to !== track.state) this.#move(track, event.to, event.atMs);
  }

  result(): Stats {
    for (const track of this.#tracks.values()) this.#closeSpan(track, this.#request.nowMs);
    const queues = new Map([...this.#queues].map(([name, sum]) => [name, finishedSums([sum])]));
    const agents = [...this.#agents].map(([name, sum]) => ({
      name,
      ...sum,
      silent: sum.events === 0 && this.#request.agents.includes(name),
    }));
    return { total: finishedSums([...this.#queues.values()]), queues, agents };
  }

  #takeActor({ actor, atMs }: TimedEvent): void {
    const sum = this.#agents.get(actor);
    // The operating-system user and the guardian are no agents; whoever works on issues is added when they claim.
    if (sum === undefined) return;
    sum.lastSeenMs = Math.max(sum.lastSeenMs ?? atMs, atMs);
    if (this.#counts(atMs)) sum.events += 1;
  }

  #takeKind({ type, actor, atMs }: TimedEvent, track: Track): void {
    const counts = this.#counts(atMs);
    const sum = this.#sum(track.queue);
    if (type === "issue.created" && counts) sum.created += 1;
    if (type === "issue.claimed") this.#claim(track, actor, atMs);
    if (type === "issue.discarded" && counts) sum.discarded += 1;
  }

  #takeCompletion({ type, to, atMs }: TimedEvent, track: Track): void {
    const { queue, worker, completion } = track;
    if (to === undefined || to === track.state) return;
    if (type === "issue.completed") {
      track.completion = { queue, worker, counts: this.#counts(atMs), stands: false };
      this.#letStand(track, true);
    } else if (completion !== null && to !== "DISCARDED") this.#letStand(track, to === "COMPLETED");
  }

  #letStand(track: Track, stands: boolean): void {
    const { completion } = track;
    if (completion === null || completion.stands === stands) return;
    track.completion = { ...completion, stands };
    if (!completion.counts) return;
    const change = stands ? 1 : -1;
    this.#sum(completion.queue).completed += change;
    if (completion.worker !== null) this.#agent(completion.worker).completed += change;
  }

  #claim(track: Track, actor: string, atMs: number): void {
    track.worker = actor;
    const agent = this.#agent(actor);
    agent.lastSeenMs ??= atMs;
    if (this.#counts(atMs)) {
      const sum = this.#sum(track.queue);
      sum.claimed += 1;
      agent.claimed += 1;
      if (track.openMs !== null) sum.toClaimMs.push(Math.max(0, atMs - track.openMs));
    }
    track.openMs = null;
  }

  #move(track: Track, to: State, atMs: number): void {
    this.#closeSpan(track, atMs);
    track.state = to;
    track.sinceMs = atMs;
    track.openMs = to === "OPEN" ? atMs : track.openMs;
  }

  /** Adds the time since the last change of state, as far as it lies in the time that counts. */
  #closeSpan(track: Track, untilMs: number): void {
    const { state } = track;
    if (state === null || state === "COMPLETED" || state === "DISCARDED") return;
    const { sinceMs } = this.#request;
    this.#sum(track.queue).stateMs[state] += Math.max(0, untilMs - Math.max(track.sinceMs, sinceMs));
    this.#countMiss(track, untilMs);
  }

  #countMiss(track: Track, untilMs: number): void {
    const minutes = this.#request.slaMinutes.get(track.queue) ?? null;
    if (track.missed || track.createdMs === null || minutes === null) return;
    const deadlineMs = track.createdMs + minutes * 60_000;
    if (untilMs <= deadlineMs) return;
    track.missed = true;
    if (this.#counts(deadlineMs)) this.#sum(track.queue).slaMisses += 1;
  }

  #trackOf({ issue, queue, from, type, atMs }: TimedEvent): Track | null {
    if (issue === undefined) return null;
    const known = this.#tracks.get(issue);
    if (known !== undefined) return known;
    const createdMs = type === "issue.created" ? atMs : null;
    const track: Track = {
      queue: queue ?? "",
      createdMs,
      state: createdMs === null ? (from ?? null) : "OPEN",
      sinceMs: atMs,
      openMs: createdMs,
      worker: null,
      missed: false,
      completion: null,
    };
    this.#tracks.set(issue, track);
    return track;
  }

  #counts(atMs: number): boolean {
    return atMs >= this.#request.sinceMs && atMs <= this.#request.nowMs;
  }

  #sum(queue: string): Sum {
    const known = this.#queues.get(queue);
    if (known !== undefined) return known;
    const sum = emptySum();
    this.#queues.set(queue, sum);
    return sum;
  }

  #agent(name: string): AgentSum {
    const known = this.#agents.get(name);
    if (known !== undefined) return known;
    const sum: AgentSum = { claimed: 0, completed: 0, events: 0, lastSeenMs: null };
    this.#agents.set(name, sum);
    return sum;
  }
}
