import { findExecutable } from "../../store/find-executable.ts";
import { faultText, isSystemError } from "../../store/io-error.ts";
import { type ChildEnd, type ChildOutput, runChild } from "../../store/run-child.ts";
import type { Call } from "../call.ts";
import type { IssueAnswer } from "../issue/issue-answer.ts";
import type { IssueTarget } from "../issue/open-issue.ts";
import { releaseLease } from "../leases/release-lease.ts";
import { lostText } from "./held-issue.ts";
import { type HoldKeeper, holdIssue } from "./hold-issue.ts";
import { KeptOutput } from "./kept-output.ts";
import { checkFollowUps, type FollowedUp, type FollowUps, followUp } from "./run-follow-up.ts";

/** How often the hold is looked after, in milliseconds. */
const CARE_MS = 1000;

/** A command that is run while its issue is held. */
export interface RunRequest extends FollowUps {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  /** Take the bytes of the command's standard output and error, where those are wanted. */
  readonly writeOut: (bytes: Uint8Array) => void;
  readonly writeError: (bytes: Uint8Array) => void;
  /** Standard output belongs to mai's own answer. */
  readonly outputToError: boolean;
  /** Takes what should be known while the command runs. */
  readonly warnAtOnce: (message: string) => void;
}

/** What came of it. */
export interface RunAnswer {
  /** As claimed; null for a dry run of nothing. */
  readonly claimed: IssueAnswer;
  /** Null in a dry run. */
  readonly end: ChildEnd | null;
  /** What was done then, null for nothing. */
  readonly moved: FollowedUp | null;
  readonly pending: boolean;
}

/**
 * Holds an issue while a command runs, claimed first if need be. When the command has ended the lease stays as an
 * ordinary fresh one; when this process dies, the lease is stale at once.
 * @throws COMMAND_NOT_FOUND and COMMAND_NOT_EXECUTABLE, with no lease left behind; what a claim throws; what the
 * follow-up of a success throws
 */
export async function runCommand(call: Call, target: IssueTarget, request: RunRequest): Promise<RunAnswer> {
  const [name = ""] = request.argv;
  const place = { system: call.workspace.system, cwd: request.cwd, path: request.env.PATH };
  const executable = findExecutable(name, place);
  const { outcome, keeper } = holdIssue(call, target, (situation) => checkFollowUps(situation, request));
  const { answer: claimed, pending } = outcome;
  if (call.workspace.dryRun) return { claimed, end: null, moved: null, pending };
  const output = new KeptOutput();
  const startMs = performance.now();
  const end = await runHeld(call, keeper, { request, executable, claimed, output });
  const durationMs = Math.round(performance.now() - startMs);
  try {
    // What became of the lease since the last look is told too.
    caretaker(keeper, request, claimed)();
    const moved = followUp(call, {
      plan: request,
      keeper,
      argv: request.argv,
      claimed,
      end,
      tail: output.text(),
      durationMs,
    });
    return { claimed, end, moved, pending };
  } finally {
    endHold(call, keeper, claimed);
  }
}

/** Ends the hold. What the command came to, and what followed, stands whatever is in the way of that. */
function endHold(call: Call, keeper: HoldKeeper, { issueId }: IssueAnswer): void {
  try {
    keeper.end();
  } catch (error) {
    const next = `It may be claimed by others now: mai lock check ${issueId}`;
    call.workspace.warn(`The hold of ${issueId} could not be ended properly: ${messageOf(error)} ${next}`);
  }
}

interface HeldRun {
  readonly request: RunRequest;
  readonly executable: string;
  readonly claimed: IssueAnswer;
  readonly output: KeptOutput;
}

async function runHeld(call: Call, keeper: HoldKeeper, run: HeldRun): Promise<ChildEnd> {
  const { request, executable, claimed } = run;
  const care = setInterval(caretaker(keeper, request, claimed), CARE_MS);
  try {
    const { argv, cwd, stdinIsTerminal } = request;
    const env = { ...request.env, ...environmentOf(call, claimed) };
    const outputs = outputsOf(run);
    return await runChild(call.workspace.system, { argv, executable, cwd, env, stdinIsTerminal, ...outputs });
  } catch (error) {
    endHold(call, keeper, claimed);
    // What never ran leaves no lease behind, unless it was there before.
    if (!claimed.idempotent) giveBack(call, claimed);
    throw error;
  } finally {
    clearInterval(care);
  }
}

/** Why the command did not run is the error to tell, not why its lease could not be given back. */
function giveBack(call: Call, { issueId, holder }: IssueAnswer): void {
  try {
    releaseLease(call, { id: issueId, force: false, sure: false });
  } catch (error) {
    const next = `Give it back: mai lock release ${issueId} -o ${holder}`;
    call.workspace.warn(`${issueId} still is claimed by @${holder}: ${messageOf(error)} ${next}`);
  }
}

/** What the command learns of its issue; the fence is the one that its own calls of mai are checked by. */
function environmentOf(call: Call, claimed: IssueAnswer): Record<string, string> {
  return {
    MAI_ISSUE: claimed.issueId,
    MAI_FENCE: String(claimed.fence),
    MAI_OPERATOR: claimed.holder ?? "",
    MAI_PROJECT: call.workspace.root,
    ...(call.session === null ? {} : { MAI_SESSION: call.session }),
  };
}

function outputsOf({ request, output }: HeldRun): { stdout: ChildOutput; stderr: ChildOutput } {
  const { writeOut, writeError, outputToError } = request;
  if (request.onSuccess === null && request.onFailure === null) {
    return { stdout: outputToError ? "stderr" : "inherit", stderr: "inherit" };
  }
  return {
    stdout: tee(request, { kept: output.stdout, write: outputToError ? writeError : writeOut }),
    stderr: tee(request, { kept: output.stderr, write: writeError }),
  };
}

/** Passes output on. Where nobody takes it the command goes on all the same, and what it comes to counts. */
function tee(
  { warnAtOnce }: RunRequest,
  { kept, write }: { readonly kept: KeptOutput["stdout"]; readonly write: RunRequest["writeOut"] },
) {
  return (bytes: Uint8Array) => {
    kept.add(bytes);
    try {
      write(bytes);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      warnAtOnce(`What the command says could not be passed on: ${faultText(error)}`);
    }
  };
}

function caretaker(keeper: HoldKeeper, { warnAtOnce }: RunRequest, { issueId }: IssueAnswer): () => void {
  return () => {
    try {
      const state = keeper.care();
      if (state.kind === "taken") warnAtOnce(`${lostText(issueId, state)} Look: mai issue show ${issueId}`);
    } catch (error) {
      // The command goes on, and so does the hold: the next round tries again.
      warnAtOnce(`The lease of ${issueId} could not be looked after: ${messageOf(error)}`);
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? faultText(error) : String(error);
}
