import { moveIssue } from "../../actions/issue/change-issue.ts";
import type { IssueAnswer } from "../../actions/issue/issue-answer.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { TRANSITIONS, type Transition, type TransitionName } from "../../domain/operations.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { type Arguments, FORCE, ISSUE_WRITE, type Values } from "../arguments.ts";
import type { Answer, AnyCommand, CommandContext } from "../define-command.ts";
import { EVIDENCE, FORCE_ACCEPTING, runAccepting } from "./accept.ts";
import { issueAnswer, targetOf } from "./issue-answer.ts";

/** What the command of a transition says of itself; its arguments follow from the transition table. */
interface Telling {
  readonly summary: string;
  /** What its text is, where it takes one. */
  readonly text?: string;
  readonly errors: readonly ErrorCode[];
  readonly examples: readonly [string, string];
  readonly done: (answer: IssueAnswer) => string;
}

const TAKES_INVOLVED = "Takes the handler, the creator, the queue's owner or a root.";
const TAKES_ACCEPTING = "Takes the creator, the queue's owner or a root.";

const TELLINGS = {
  block: {
    summary: `Says that you cannot go on: BLOCKED, with the reason in the records; your lease stays. ${TAKES_INVOLVED}`,
    text: "What is in the way; - reads standard input",
    errors: ["ALREADY_COMPLETED", "ISSUE_DISCARDED"],
    examples: [
      'mai issue block REQ-001 "waiting for the CA" -o alice',
      'mai issue block REQ-001 "no access to staging" -o alice --fence 2',
    ],
    done: ({ issueId }) => `${issueId} blocked`,
  },
  unblock: {
    summary: `Says that the obstacle is gone: IN_PROGRESS while a lease is live, else OPEN. ${TAKES_INVOLVED}`,
    errors: ["INVALID_STATE"],
    examples: ["mai issue unblock REQ-001 -o alice", "mai issue unblock REQ-001 -o admin --force"],
    done: ({ issueId, status }) => `${issueId} unblocked: ${status}`,
  },
  transfer: {
    summary: `Hands an issue to somebody else: OPEN, the lease ends, the queue stays. A note of what is done and left is shown first to them. ${TAKES_INVOLVED}`,
    text: "What they should know; - reads standard input",
    errors: ["INVALID_AGENT", "INVALID_TEXT", "ALREADY_COMPLETED", "ISSUE_DISCARDED"],
    examples: [
      'mai issue transfer REQ-001 bob "done, please review" -o alice',
      'mai issue transfer REQ-001 bob --done "parser" --remaining "tests" --uncertain "Windows" -o alice',
    ],
    done: ({ issueId, handler }) =>
      `${issueId} ${isUnassigned(handler) ? "is unassigned now" : `transferred to @${handler}`}`,
  },
  complete: {
    summary: `Accepts the work: COMPLETED, the lease ends, the conclusion goes into decisions/. Refuses while items of the check list are open. ${TAKES_ACCEPTING}`,
    text: "What came out; - reads standard input",
    errors: ["INVALID_STATE", "ISSUE_DISCARDED", "EVIDENCE_REQUIRED", "EVIDENCE_FAILED"],
    examples: [
      'mai issue complete REQ-001 "Approved for implementation" -o alice',
      "mai issue complete REQ-001 - -o alice --evidence cmd:'make test' < report.md",
    ],
    done: ({ issueId }) => `${issueId} completed`,
  },
  confirm: {
    summary: `Accepts the work without a word of your own: as complete does. ${TAKES_ACCEPTING}`,
    errors: ["INVALID_STATE", "ISSUE_DISCARDED", "EVIDENCE_REQUIRED", "EVIDENCE_FAILED"],
    examples: ["mai issue confirm REQ-001 -o alice", "mai --json issue confirm REQ-001 -o alice"],
    done: ({ issueId }) => `${issueId} completed`,
  },
  reject: {
    summary: `Sends the work back to whom it came from: OPEN, the lease ends. ${TAKES_ACCEPTING}`,
    text: "What is missing; - reads standard input",
    errors: ["ALREADY_COMPLETED", "ISSUE_DISCARDED"],
    examples: [
      'mai issue reject REQ-001 "tests are missing" -o bob',
      "mai issue reject REQ-001 - -o bob < review.md",
    ],
    done: ({ issueId, handler }) =>
      `${issueId} ${isUnassigned(handler) ? "sent back, unassigned now" : `sent back to @${handler}`}`,
  },
  reopen: {
    summary: `Opens a completed issue again; its handler stays. ${TAKES_ACCEPTING}`,
    text: "Why it is not done; - reads standard input",
    errors: ["INVALID_STATE", "ISSUE_DISCARDED"],
    examples: [
      'mai issue reopen REQ-001 "fails on Windows" -o alice',
      "mai issue reopen REQ-001 - -o alice < report.md",
    ],
    done: ({ issueId }) => `${issueId} is open again`,
  },
  discard: {
    summary: `Drops an issue for good: DISCARDED, the lease ends. ${TAKES_ACCEPTING}`,
    text: "Why it is dropped; - reads standard input",
    errors: [],
    examples: [
      'mai issue discard REQ-001 "same as REQ-000" -o alice',
      "mai issue discard REQ-001 duplicate -o admin --force",
    ],
    done: ({ issueId }) => `${issueId} discarded`,
  },
} as const satisfies Record<TransitionName, Telling>;

const HANDLER = {
  handler: { type: "positional", description: "Registered agent, queue owner or root" },
} as const satisfies Arguments;

const NOTE = {
  done: note("What is done (repeatable)"),
  remaining: note("What is left (repeatable)"),
  decision: note("What was decided (repeatable)"),
  uncertain: note("What nobody knows yet (repeatable)"),
} as const satisfies Arguments;

/** Makes the command `mai issue NAME` of one row of the transition table. */
export function transitionCommand(name: TransitionName): AnyCommand {
  const telling: Telling = TELLINGS[name];
  const { text, lease }: Transition = TRANSITIONS[name];
  const words = `issue ${name}`;
  return {
    words,
    summary: telling.summary,
    args: {
      id: { type: "positional", description: "Issue, such as REQ-001" },
      ...(name === "transfer" ? HANDLER : {}),
      ...(text === null ? {} : textArgument(text, telling.text ?? "")),
      ...(isAccepting(name) ? EVIDENCE : {}),
      ...(name === "transfer" ? NOTE : {}),
      ...ISSUE_WRITE,
      ...(lease === "none" ? {} : isAccepting(name) ? FORCE_ACCEPTING : FORCE),
    },
    errors: ["NOT_FOUND", ...telling.errors, "STALE_FENCE", ...leaseErrors(lease), "PERMISSION_DENIED"],
    examples: telling.examples,
    run: (cli, values) => runTransition(cli, { name, values: values as unknown as TransitionValues }),
  };
}

type TransitionValues = Values<typeof ISSUE_WRITE & typeof FORCE> &
  Partial<Values<typeof EVIDENCE & typeof NOTE>> &
  Readonly<Record<"id", string>> &
  Readonly<Partial<Record<"handler" | "reason" | "conclusion" | "message", string | null>>>;

function runTransition(
  cli: CommandContext,
  { name, values }: { readonly name: TransitionName; readonly values: TransitionValues },
) {
  const given = values.reason ?? values.conclusion ?? values.message ?? null;
  const text = given === null ? null : cli.text(given);
  if (name === "complete" || name === "confirm") return runAccepting(cli, { name, values, text }, tell);
  const { done = [], remaining = [], decision: decisions = [], uncertain = [] } = values;
  const note = { done, remaining, decisions, uncertain };
  const request = { name, text, handler: values.handler ?? null, note };
  return tell(moveIssue(cli.call(values), targetOf(values.id, values), request));

  function tell(outcome: Outcome<IssueAnswer>): Answer {
    const told = issueAnswer(outcome, (answer) => `${TELLINGS[name].done(answer)}${othersText(answer)}`);
    return { ...told, fields: { ...told.fields, ...fieldsOf(name, outcome.answer) } };
  }
}

/** What only some transitions have to tell. */
function fieldsOf(name: TransitionName, { handler, freed, blocks }: IssueAnswer): Record<string, unknown> {
  if (name === "transfer" || name === "reject") return { next_handler: handler };
  if (name === "reopen") return { blocks };
  return TRANSITIONS[name].lease === "release" ? { freed } : {};
}

function othersText({ freed, blocks }: IssueAnswer): string {
  if (freed.length > 0) return `; it frees ${freed.join(", ")}`;
  return blocks.length > 0
    ? `; ${blocks.join(", ")} ${blocks.length === 1 ? "waits" : "wait"} for it again`
    : "";
}

function note(description: string) {
  return { type: "string", repeat: "whole", valueHint: "TEXT", description } as const;
}

function isAccepting(name: TransitionName): boolean {
  return name === "complete" || name === "confirm";
}

function textArgument(kind: "reason" | "conclusion" | "message", description: string): Arguments {
  const required = kind !== "message";
  return { [kind]: { type: "positional", text: true, description, required } };
}

function leaseErrors(lease: Transition["lease"]): readonly ErrorCode[] {
  return lease === "none" ? [] : ["LOCK_HELD"];
}
