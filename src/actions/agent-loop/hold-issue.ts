import { formatLease } from "../../codec/lease-file.ts";
import { decideClaim } from "../../domain/decide-claim.ts";
import { MaiError } from "../../domain/errors.ts";
import type { IssueVerdict, Situation } from "../../domain/issue-change.ts";
import type { Lease } from "../../domain/lease.ts";
import { leaseTaker } from "../../domain/lease-end.ts";
import { requireFence } from "../../domain/lease-gate.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import { type Hold, takeHold } from "../../store/lock/hold-file.ts";
import { eventsInRange, lastCommittedSeq } from "../../store/logs/event-stream.ts";
import { holdPath, leasePath } from "../../store/project-paths.ts";
import { readLease } from "../../store/reading/issue-files.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { type Call, requireClaimant } from "../call.ts";
import { changedAnswer, type IssueAnswer, settledAnswer } from "../issue/issue-answer.ts";
import { changeSetOf } from "../issue/issue-change-set.ts";
import { type IssueTarget, type OpenedIssue, openIssue } from "../issue/open-issue.ts";
import { readTeam, readTeamForChange } from "../team.ts";
import {
  HELD,
  type HeldIssue,
  type HoldState,
  heldByProcess,
  heldIssue,
  isLeaseOf,
  lostText,
  nameOf,
  withHold,
} from "./held-issue.ts";

/** Wait for the mutex when the hold is looked after; a busy project is asked again soon. */
const CARE_TIMEOUT_MS = 200;
/**
 * Claims an issue if need be, and holds it until this process lets go or dies. The lock on the hold file is taken
 * inside the change that writes the lease: nobody ever reads a lease that says `hold` before it is so.
 * @param check refuses what could not be done when the command has ended
 * @throws LOCK_HELD also when another process of the same name holds it, and what a claim throws
 */
export function holdIssue(
  call: Call,
  target: IssueTarget,
  check: (situation: Situation) => void,
): { readonly outcome: Outcome<IssueAnswer>; readonly keeper: HoldKeeper } {
  const claimant = requireClaimant(call);
  const keeper = new HoldKeeper(call);
  try {
    const outcome = changeProject(call.workspace, "issue run", (view) => {
      const team = readTeamForChange(view, call);
      const opened = openIssue(view, call, { team, claimant, target });
      const verdict = decideClaim(opened.situation);
      check(opened.situation);
      return keeper.take(view, opened, verdict);
    });
    return { outcome, keeper };
  } catch (error) {
    keeper.letGo();
    throw error;
  }
}

/** Keeps the hold of one issue while a command runs. */
export class HoldKeeper {
  readonly #call: Call;
  #hold: Hold | null = null;
  #held: HeldIssue | null = null;
  #state: HoldState = HELD;
  #sinceSeq = 0;
  #renewedMs = performance.now();

  constructor(call: Call) {
    this.#call = call;
  }

  /** Plans the lease that says `hold`, and takes the lock that makes it true. @throws LOCK_HELD */
  take(view: ProjectView, opened: OpenedIssue, verdict: IssueVerdict): Plan<IssueAnswer> {
    const { situation } = opened;
    const { issue, lease, claimant, team } = situation;
    this.#lock(view, situation);
    this.#sinceSeq = currentSequence(view).seq;
    if (verdict.kind === "settled" && lease !== null) {
      this.#held = heldIssue(team, { issueId: issue.id, fence: issue.fence, ...nameOf(lease) });
      const durable = team.config.durability === "full";
      const text = formatLease({ ...lease, hold: true });
      const answer = { ...settledAnswer(situation, true), ttlMinutes: null };
      return { answer, changes: null, rewrite: { path: leasePath(issue.id), text, durable } };
    }
    if (verdict.kind === "settled")
      throw new MaiError("INTERNAL_ERROR", "A claim was settled without a lease.");
    const change = withHold(verdict.change);
    const { after, changes } = changeSetOf(view, opened, change);
    const { operator: holder, session } = claimant;
    this.#held = heldIssue(team, { issueId: issue.id, fence: after.fence, holder, session });
    return { answer: changedAnswer(situation, after, change), changes };
  }

  /**
   * Looks whether the lease still is this one, renews it in time, and locks the hold file anew where somebody
   * deleted it. A lease that somebody took, or that the command itself gave back, is let go, and stays that.
   */
  care(): HoldState {
    const { workspace } = this.#call;
    const held = this.#held;
    if (this.#hold === null || held === null) return this.#state;
    const isOurs = readProject(workspace, (view) => isLeaseOf(this.#lease(view), held));
    const isDue = performance.now() - this.#renewedMs >= held.renewalMs;
    if (isOurs && this.#hold.isInPlace() && !isDue) return HELD;
    const patient = { ...workspace, lockTimeoutMs: CARE_TIMEOUT_MS };
    const { answer } = changeProject(patient, "issue run", (view) => this.#caredFor(view, held));
    this.#renewedMs = performance.now();
    if (answer === "held") return HELD;
    // Until the stream has said by whom: it may be that it cannot be read.
    this.#state = { kind: "taken", by: null };
    this.#state = this.#howItEnded(held);
    return this.#state;
  }

  /**
   * Refuses what was to follow the command when the lease is not this one any more, unless the command gave it back.
   * @throws STALE_FENCE
   */
  requireHeld(situation: Situation): void {
    const held = this.#held;
    if (held === null || this.#state.kind === "given back") return;
    requireFence(situation);
    if (isLeaseOf(situation.lease, held)) return;
    const { issueId: issue_id, fence } = held;
    throw new MaiError("STALE_FENCE", lostText(issue_id, this.#state), {
      hint: `Somebody decided so. Look first: mai issue show ${issue_id}`,
      fields: { issue_id, fence: situation.issue.fence, given_fence: fence },
    });
  }

  /** Ends the hold: the lease stays as an ordinary one, fresh from now. */
  end(): void {
    const held = this.#held;
    if (held === null || this.#hold === null) return;
    try {
      changeProject(this.#call.workspace, "issue run", (view) => {
        const lease = this.#lease(view);
        this.#hold?.remove();
        if (lease === null || !isLeaseOf(lease, held)) return { answer: null, changes: null };
        const { config } = readTeam(view, this.#call);
        const text = formatLease({ ...lease, hold: false });
        const durable = config.durability === "full";
        return { answer: null, changes: null, rewrite: { path: leasePath(held.issueId), text, durable } };
      });
    } finally {
      // Last, so that the lease is live at every moment.
      this.letGo();
    }
  }

  /** Lets go of the lock, whatever the lease says. */
  letGo(): void {
    this.#hold?.release();
    this.#hold = null;
  }

  #lock(view: ProjectView, situation: Situation): void {
    const { id } = situation.issue;
    const { workspace } = this.#call;
    if (workspace.dryRun) {
      if (view.isFlocked(holdPath(id))) throw heldByProcess(situation);
      return;
    }
    this.#hold = takeHold(workspace, id);
    if (this.#hold === null) throw heldByProcess(situation);
  }

  #caredFor(view: ProjectView, held: HeldIssue): Plan<"held" | "gone"> {
    const lease = this.#lease(view);
    if (!isLeaseOf(lease, held)) {
      this.#hold?.remove();
      this.letGo();
      return { answer: "gone", changes: null };
    }
    const id = held.issueId;
    if (this.#hold?.isInPlace() === false) {
      // Whoever deleted the file has set the lease free: it is taken back before anybody else can.
      const again = takeHold(this.#call.workspace, id);
      if (again !== null) {
        this.letGo();
        this.#hold = again;
      }
    }
    return { answer: "held", changes: null, renew: [leasePath(id)] };
  }

  /** The file tells that a lease ended, only the stream by whom: a release leaves no other trace of it. */
  #howItEnded(held: HeldIssue): HoldState {
    const { workspace } = this.#call;
    const range = { after: this.#sinceSeq, upTo: lastCommittedSeq(workspace) };
    const events = [...eventsInRange(workspace, range)].filter(({ issue }) => issue === held.issueId);
    const taker = leaseTaker(events, held);
    return taker === null ? { kind: "given back" } : { kind: "taken", by: taker.by };
  }

  #lease(view: ProjectView): Lease | null {
    return this.#held === null
      ? null
      : readLease(view, readTeam(view, this.#call).config, this.#held.issueId);
  }
}
