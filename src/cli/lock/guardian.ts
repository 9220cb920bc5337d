import type { Call } from "../../actions/call.ts";
import { type GuardianRound, releaseStaleLeases } from "../../actions/leases/release-stale-leases.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { OPERATOR } from "../arguments.ts";
import {
  type Answer,
  answerTo,
  type CommandContext,
  defineCommand,
  type StreamAnswer,
  type StreamLine,
} from "../define-command.ts";

const DEFAULT_INTERVAL_SECONDS = 60;
const LONGEST_INTERVAL_SECONDS = 86_400;

/** `mai lock guardian` */
export const command = defineCommand({
  words: "lock guardian",
  summary:
    "Releases every stale lease: IN_PROGRESS becomes OPEN, BLOCKED stays, handlers stay. Anybody may. " +
    "--watch repeats until a signal stops it (SIGTERM: exit status 0); with --json each round is one line.",
  args: {
    watch: { type: "boolean", description: "Repeat until interrupted" },
    interval: {
      type: "string",
      kind: "number",
      valueHint: "SECONDS",
      description: `Between two rounds of --watch (${DEFAULT_INTERVAL_SECONDS})`,
    },
    ...OPERATOR,
  },
  errors: ["INTERRUPTED"],
  examples: ["mai lock guardian", "mai --json lock guardian --watch --interval 30 -o guardian"],
  run(cli, values) {
    const intervalMs = intervalOf(values) * 1000;
    const call = cli.call(values);
    if (!values.watch) return roundAnswer(releaseStaleLeases(call));
    return watch(cli, call, intervalMs);
  },
});

function intervalOf(values: { readonly watch: boolean; readonly interval: number | null }): number {
  const { watch: watches, interval } = values;
  if (interval === null) return DEFAULT_INTERVAL_SECONDS;
  if (!watches)
    throw new MaiError("USAGE", "--interval goes with --watch.", { hint: "See: mai lock guardian --help" });
  if (interval > 0 && interval <= LONGEST_INTERVAL_SECONDS) return interval;
  throw new MaiError(
    "USAGE",
    `--interval takes more than 0 and at most ${LONGEST_INTERVAL_SECONDS} seconds.`,
    {
      hint: "See: mai lock guardian --help",
      fields: { argument: "--interval", value: interval },
    },
  );
}

/**
 * Repeats rounds until a signal, or until nobody reads them. SIGTERM is how services are stopped, and no error.
 * @throws INTERRUPTED for SIGINT
 */
async function watch(cli: CommandContext, call: Call, intervalMs: number): Promise<Answer | StreamAnswer> {
  // Nobody waits before the first round; but from this first pause on, no signal ends a round in the middle.
  for (let waitMs = 0; ; waitMs = intervalMs) {
    const signal = await cli.context.pause(waitMs);
    if (signal === "SIGTERM") return { stream: nothing() };
    if (signal !== null)
      throw new MaiError("INTERRUPTED", `The guardian was stopped by ${signal}.`, { fields: { signal } });
    const answer = roundOrFault(call);
    // People want to hear of releases, not of every quiet minute.
    const quiet = answer.changed !== true && answer.exitCode === undefined;
    await cli.emit(quiet ? { ...answer, text: "" } : answer);
    if (cli.context.stdout.isClosed()) return { fields: {}, text: "" };
  }
}

/** Each round has been printed already. */
async function* nothing(): AsyncGenerator<StreamLine> {}

/** A project that is busy now will not be so for ever: a guardian outlives that. */
function roundOrFault(call: Call): Answer {
  try {
    return roundAnswer(releaseStaleLeases(call));
  } catch (error) {
    if (!(error instanceof MaiError) || !error.retryable) throw error;
    const { code, message, exitCode } = error;
    return { fields: { error: code, message, retryable: true }, text: message, exitCode };
  }
}

function roundAnswer(outcome: Outcome<GuardianRound>): Answer {
  const { totalLocks, released } = outcome.answer;
  const lines = released.map(
    ({ issueId, holder, status }) =>
      `${issueId} released from @${holder}${status === null ? ": the issue is gone" : `: ${status}`}`,
  );
  const summary = `leases: ${totalLocks}, stale ones released: ${released.length}`;
  return answerTo(outcome, {
    fields: {
      total_locks: totalLocks,
      stale_released: released.length,
      idempotent: released.length === 0,
      released: released.map(({ issueId, holder, status }) => ({ issue_id: issueId, holder, status })),
    },
    text: [...lines, summary].join("\n"),
  });
}
