import { DEFAULT_EMOJI, DEFAULT_QUEUES, type QueueSettings } from "../../src/domain/config.ts";
import { MaiError } from "../../src/domain/errors.ts";
import type { Issue, IssueRecord } from "../../src/domain/issue.ts";
import type { IssueChange, IssueVerdict, Situation } from "../../src/domain/issue-change.ts";
import { type LeaseStatus, leaseStatus } from "../../src/domain/lease.ts";
import type { Team } from "../../src/domain/roles.ts";
import type { Surroundings } from "../../src/domain/surroundings.ts";

const MINUTE_MS = 60_000;

/**
 * A team in which every role is somebody else: `root` is root, `quinn` owns the queue questions, `carol` created the
 * issue, `hanna` handles it, `alice` and `bob` are registered and nothing more, `stranger` is nobody.
 */
export const TEAM: Team = {
  config: {
    format: 1,
    name: "team",
    roots: ["root"],
    queues: new Map<string, QueueSettings>([
      ...Object.entries(DEFAULT_QUEUES),
      ["questions", { owner: "quinn", slaMinutes: 120, idPrefix: "REQ" }],
    ]),
    agents: new Map([
      ["alice", { heartbeatMinutes: 30 }],
      ["bob", { heartbeatMinutes: 30 }],
      ["code-reviewer", { heartbeatMinutes: 30 }],
    ]),
    dailySummaryOrder: [],
    emoji: DEFAULT_EMOJI,
    blockersQueue: "blockers",
    escalationQueue: "decisions",
    escalationHandler: null,
    idStyle: "sequential",
    language: "zh",
    durability: "full",
    safeCheck: { deny: [], allow: [] },
  },
  roots: new Set(["root"]),
};

/** No other issues, no leases. */
export const NOTHING_AROUND: Surroundings = {
  blocker: (id) => ({ id, status: "MISSING", handler: null, title: null, blockedBy: [] }),
  dependents: () => [],
  liveLeases: () => [],
  isIn: () => false,
};

/** The operator that has just the role. */
export const OPERATOR_OF = {
  root: "root",
  queue_owner: "quinn",
  creator: "carol",
  handler: "hanna",
  agent: "alice",
  other: "stranger",
} as const;

/** Makes an issue of the team. */
export function issueWith(parts: Partial<Issue> = {}): Issue {
  return {
    id: "REQ-001",
    queue: "questions",
    title: "One",
    status: "OPEN",
    priority: "P2",
    handler: "hanna",
    creator: "carol",
    ref: null,
    blockedBy: [],
    labels: [],
    keptRules: [],
    created: "2026-04-30T19:23:47.120+08:00",
    slaDeadline: "2026-04-30T21:23:47.120+08:00",
    body: "One",
    context: "",
    acceptance: [],
    handover: null,
    records: [record("carol", "CREATED")],
    fence: 1,
    ...parts,
  };
}

/** Makes a record. */
export function record(actor: string, word: IssueRecord["word"], text = ""): IssueRecord {
  return { ts: "2026-04-30T19:24:10.000+08:00", actor, word, text };
}

/** Makes a lease of this age; a holder that is registered has 30 minutes of heartbeat here. */
export function leaseOf(
  holder: string,
  parts: {
    ageMs?: number;
    heartbeatMinutes?: number | null;
    session?: string;
    from?: string;
    hold?: boolean;
    flocked?: boolean;
  } = {},
): LeaseStatus {
  const {
    ageMs = MINUTE_MS,
    heartbeatMinutes = 30,
    session = null,
    from = null,
    hold = false,
    flocked = false,
  } = parts;
  const lease = { holder, claimedAt: "2026-04-30T19:24:10.000+08:00", fence: 1, session, from, hold };
  return leaseStatus(lease, { ageMs, heartbeatMinutes, flocked });
}

/** Makes a situation: who asks, and what differs from the plain one. */
export function situation(operator: string, parts: Partial<Situation> = {}): Situation {
  return {
    team: TEAM,
    claimant: { operator, session: null },
    issue: issueWith(),
    lease: null,
    force: false,
    fence: null,
    around: NOTHING_AROUND,
    origin: () => null,
    ...parts,
  };
}

/** Returns the change of a verdict, and insists that there is one. */
export function changeIn(verdict: IssueVerdict): IssueChange {
  if (verdict.kind !== "change") throw new Error("nothing was decided to change");
  return verdict.change;
}

/** Returns the refusal that a decision throws, and insists on one. */
export function refusalOf(decide: () => unknown): MaiError {
  try {
    decide();
  } catch (error) {
    if (error instanceof MaiError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
