import { sequentialNumber } from "../ids.ts";

/** Last numbers given out, as far as a project shows them. */
export interface Numbers {
  readonly seq: number;
  readonly ids: Readonly<Record<string, number>>;
}

/** What a project shows of the numbers that it gave out. */
export interface NumbersSeen {
  readonly lastSeq: number;
  /** Ids of issue files. */
  readonly fileIds: readonly string[];
  /** Ids that events tell of, files or not. */
  readonly eventIds: readonly string[];
}

/**
 * Returns where the counted numbers must at least stand: null where they stand there already.
 * A prefix without a count of its own starts after its files, so only events can show more than that.
 */
export function numbersToMoveTo(counted: Numbers, seen: NumbersSeen): Numbers | null {
  const files = highestByPrefix(seen.fileIds);
  const known = highestByPrefix([...seen.fileIds, ...seen.eventIds]);
  const ids: Record<string, number> = {};
  for (const [prefix, highest] of known) {
    const start = Object.hasOwn(counted.ids, prefix) ? counted.ids[prefix] : files.get(prefix);
    if (highest > (start ?? 0)) ids[prefix] = highest;
  }
  if (seen.lastSeq <= counted.seq && Object.keys(ids).length === 0) return null;
  return { seq: Math.max(counted.seq, seen.lastSeq), ids };
}

function highestByPrefix(ids: readonly string[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const id of ids) {
    const prefix = id.slice(0, id.indexOf("-"));
    const number = sequentialNumber(id, prefix);
    if (number !== null) highest.set(prefix, Math.max(number, highest.get(prefix) ?? 0));
  }
  return highest;
}
