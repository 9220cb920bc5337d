import type { EventLine } from "../../codec/event-line.ts";
import { MaiError } from "../../domain/errors.ts";
import { type EventFilter, matchesEvent } from "../../domain/event-filter.ts";
import { eventsInRange, lastCommittedSeq } from "../../store/logs/event-stream.ts";
import { ProjectWatch } from "../../store/places/watch-project.ts";
import { readProject } from "../../store/reading/read-project.ts";
import type { Call } from "../call.ts";
import { readTeam, requireQueue } from "../team.ts";

export type { EventLine } from "../../codec/event-line.ts";

/** Which events a consumer asks for. */
export interface EventRequest {
  readonly filter: EventFilter;
  /** Number of the last event that the consumer has; null for none given. */
  readonly since: number | null;
  /** With `since` the first so many after it, without it the newest; null for all. */
  readonly limit: number | null;
  /** Go on with events as they are committed. */
  readonly follow: boolean;
}

/**
 * Yields committed events in the order of their numbers: none is left out, none comes twice.
 * @throws NOT_FOUND for a number from the future, INVALID_QUEUE, and while following INTERRUPTED, PROJECT_NOT_FOUND
 */
export async function* readEvents(call: Call, request: EventRequest): AsyncGenerator<EventLine> {
  const { workspace } = call;
  const { queue } = request.filter;
  if (queue !== null)
    readProject(workspace, (view) => requireQueue(view, readTeam(view, call).config, queue));
  const watch = request.follow ? new ProjectWatch(workspace, null) : null;
  try {
    yield* eventsSince(call, request, watch);
  } finally {
    watch?.close();
  }
}

async function* eventsSince(
  call: Call,
  request: EventRequest,
  watch: ProjectWatch | null,
): AsyncGenerator<EventLine> {
  const left = { count: request.since === null || request.limit === null ? Infinity : request.limit };
  let mark = watch?.mark() ?? null;
  let after = request.since ?? 0;
  let upTo = lastSeqFrom(call, after);
  if (request.since === null && request.limit !== null) {
    yield* newestEvents(call, request, upTo);
    after = upTo;
  }
  for (;;) {
    for (const event of eventsInRange(call.workspace, { after, upTo })) {
      if (left.count === 0) return;
      if (!matchesEvent(event, request.filter)) continue;
      left.count -= 1;
      yield event;
    }
    if (watch === null || left.count === 0) return;
    await watch.changed(mark, { atMs: null, isRaised: () => false });
    mark = watch.mark();
    after = upTo;
    upTo = lastSeqFrom(call, after);
  }
}

function newestEvents(call: Call, request: EventRequest, upTo: number): readonly EventLine[] {
  const { filter, limit } = request;
  const count = limit ?? 0;
  const everything = filter.type === null && filter.issue === null && filter.queue === null;
  const after = everything ? Math.max(0, upTo - count) : 0;
  const newest: EventLine[] = [];
  for (const event of eventsInRange(call.workspace, { after, upTo })) {
    if (!matchesEvent(event, filter)) continue;
    newest.push(event);
    if (newest.length > count) newest.shift();
  }
  return newest;
}

/** Returns the number of the last event, which a consumer cannot be ahead of. */
function lastSeqFrom(call: Call, since: number): number {
  const last = lastCommittedSeq(call.workspace);
  if (since <= last) return last;
  // Numbers go back when the project goes away: then that is what there is to say.
  readProject(call.workspace, (view) => readTeam(view, call));
  throw new MaiError("NOT_FOUND", `There is no event ${since} yet: the last one is ${last}.`, {
    hint: `Follow what comes: mai events --since ${last} --follow`,
    fields: { since, last_seq: last },
  });
}
