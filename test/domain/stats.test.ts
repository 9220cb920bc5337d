import { describe, expect, test } from "bun:test";
import { projectStats, type TimedEvent } from "../../src/domain/stats.ts";

const MINUTE_MS = 60_000;
const REQUEST = {
  sinceMs: 0,
  nowMs: 100 * MINUTE_MS,
  slaMinutes: new Map([["questions", 30]]),
  agents: ["alice", "bob"],
};

/** An issue that is claimed after 10 minutes, blocked from 20 to 25, and completed after `minutes`. */
function life(minutes: number, issue = "REQ-001"): readonly TimedEvent[] {
  const about = { issue, queue: "questions" };
  const at = (minute: number) => ({ ...about, atMs: minute * MINUTE_MS });
  return [
    { ...at(0), type: "issue.created", actor: "admin", to: "OPEN" },
    { ...at(10), type: "issue.claimed", actor: "alice", from: "OPEN", to: "IN_PROGRESS" },
    { ...at(20), type: "issue.blocked", actor: "alice", from: "IN_PROGRESS", to: "BLOCKED" },
    { ...at(25), type: "issue.unblocked", actor: "alice", from: "BLOCKED", to: "IN_PROGRESS" },
    { ...at(minutes), type: "issue.completed", actor: "admin", from: "IN_PROGRESS", to: "COMPLETED" },
  ];
}

describe("projectStats()", () => {
  test("adds up time in each state, time to claim, and gives the completion to whoever worked on it", () => {
    const { total, queues, agents } = projectStats(life(30), REQUEST);
    expect(total).toEqual({
      created: 1,
      claimed: 1,
      completed: 1,
      discarded: 0,
      medianToClaimMs: 10 * MINUTE_MS,
      stateMs: { OPEN: 10 * MINUTE_MS, IN_PROGRESS: 15 * MINUTE_MS, BLOCKED: 5 * MINUTE_MS },
      slaMisses: 0,
    });
    expect(queues.get("questions")).toEqual(total);
    expect(agents.map(({ name, completed, silent }) => [name, completed, silent])).toEqual([
      ["alice", 1, false],
      ["bob", 0, true],
    ]);
  });

  test("a completion counts as long as it stands: not once it was undone, reopened or rejected", () => {
    const at = (minute: number) => ({ issue: "REQ-001", queue: "questions", atMs: minute * MINUTE_MS });
    const back = { from: "COMPLETED", to: "OPEN", actor: "admin" } as const;
    const again = { from: "OPEN", to: "COMPLETED", actor: "admin" } as const;
    const undone = { ...at(31), ...back, type: "issue.undone" } as const;
    const reopened = { ...at(31), ...back, type: "issue.reopened" } as const;
    const rejected = { ...at(31), ...back, type: "issue.rejected" } as const;
    const counted = (...rest: readonly TimedEvent[]) => {
      const { total, agents } = projectStats([...life(30), ...rest], REQUEST);
      return [total.completed, agents[0]?.completed];
    };
    expect(counted(undone)).toEqual([0, 0]);
    expect(counted(reopened)).toEqual([0, 0]);
    expect(counted(rejected)).toEqual([0, 0]);
    expect(counted(reopened, { ...at(32), ...again, type: "issue.completed" })).toEqual([1, 1]);
    // The reopening was undone: the completion stands as before.
    expect(counted(reopened, { ...at(32), ...again, type: "issue.undone" })).toEqual([1, 1]);
  });

  test("a completion stands when the issue is discarded, and counts once when that is undone", () => {
    const at = { issue: "REQ-001", queue: "questions", atMs: 31 * MINUTE_MS, actor: "admin" };
    const discarded: TimedEvent = { ...at, type: "issue.discarded", from: "COMPLETED", to: "DISCARDED" };
    const undone: TimedEvent = { ...at, type: "issue.undone", from: "DISCARDED", to: "COMPLETED" };
    for (const rest of [[discarded], [discarded, undone]]) {
      expect(projectStats([...life(30), ...rest], REQUEST).total.completed).toBe(1);
    }
  });

  test("an issue finished at its deadline is no miss; one millisecond later it is", () => {
    expect(projectStats(life(30), REQUEST).total.slaMisses).toBe(0);
    const late = life(30).map((event) =>
      event.type === "issue.completed" ? { ...event, atMs: event.atMs + 1 } : event,
    );
    expect(projectStats(late, REQUEST).total.slaMisses).toBe(1);
  });

  test("an issue that is still unfinished after its deadline is one miss, however often it changed since", () => {
    const { total } = projectStats([...life(90).slice(0, 4)], REQUEST);
    expect([total.slaMisses, total.stateMs.IN_PROGRESS]).toEqual([1, 85 * MINUTE_MS]);
  });

  test("only what lies in the time asked for counts, of a span only its part", () => {
    const { total, agents } = projectStats(life(30), { ...REQUEST, sinceMs: 22 * MINUTE_MS });
    expect(total).toMatchObject({
      created: 0,
      claimed: 0,
      completed: 1,
      medianToClaimMs: null,
      stateMs: { OPEN: 0, IN_PROGRESS: 5 * MINUTE_MS, BLOCKED: 3 * MINUTE_MS },
    });
    expect(projectStats(life(30), { ...REQUEST, sinceMs: 26 * MINUTE_MS }).agents[0]).toMatchObject({
      name: "alice",
      silent: true,
      lastSeenMs: 25 * MINUTE_MS,
    });
    expect(agents[0]).toMatchObject({ events: 1, silent: false });
  });

  test("issues older than the stream count from their first event on", () => {
    const { total } = projectStats(life(30).slice(2), REQUEST);
    expect(total).toMatchObject({ created: 0, completed: 1, slaMisses: 0, medianToClaimMs: null });
    expect(total.stateMs).toEqual({ OPEN: 0, IN_PROGRESS: 5 * MINUTE_MS, BLOCKED: 5 * MINUTE_MS });
  });

  test("without events there is nothing, and every agent is silent", () => {
    const { total, queues, agents } = projectStats([], REQUEST);
    expect([total.created, queues.size, agents.every(({ silent }) => silent)]).toEqual([0, 0, true]);
  });
});
