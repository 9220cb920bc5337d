import { type RunAnswer, runCommand } from "../../actions/agent-loop/run-command.ts";
import { endText, type FollowUp } from "../../actions/agent-loop/run-follow-up.ts";
import { MaiError } from "../../domain/errors.ts";
import { isUnassigned } from "../../domain/unassigned.ts";
import { FORCE, ISSUE_WRITE } from "../arguments.ts";
import { type Answer, type CommandContext, defineCommand } from "../define-command.ts";
import { targetOf } from "./issue-answer.ts";

/** `mai issue run` */
export const command = defineCommand({
  words: "issue run",
  summary:
    "Runs a command while holding an issue, claimed first if need be: the lease lives as long as the command, and is " +
    "free at once if mai dies. Gives the command MAI_ISSUE, MAI_FENCE, MAI_OPERATOR and MAI_PROJECT, and exits as it does.",
  args: {
    id: { type: "positional", description: "Issue, such as REQ-001" },
    command: { type: "positional", rest: "command", description: "Program and its arguments, after --" },
    "on-success": {
      type: "string",
      valueHint: "complete|transfer:NAME",
      description: "Then do this, with the last lines of output",
    },
    "on-failure": {
      type: "enum",
      options: ["block"],
      description: "Else do this, with the last lines of output",
    },
    ...ISSUE_WRITE,
    ...FORCE,
  },
  errors: [
    "NOT_FOUND",
    "ISSUE_BLOCKED",
    "LIMIT_REACHED",
    "LOCK_HELD",
    "PERMISSION_DENIED",
    "STALE_FENCE",
    "COMMAND_NOT_EXECUTABLE",
    "COMMAND_NOT_FOUND",
  ],
  examples: [
    "mai issue run REQ-001 -o alice -- make test",
    "mai issue run REQ-001 -o alice --on-success transfer:bob --on-failure block -- make test",
  ],
  async run(cli, values) {
    const { cwd, env, stdin, stdout, stderr } = cli.context;
    const onSuccess = values["on-success"] === null ? null : successStep(values["on-success"]);
    const run = await runCommand(cli.call(values), targetOf(values.id, values), {
      argv: values.command,
      cwd,
      env,
      stdinIsTerminal: stdin.isTerminal,
      onSuccess,
      onFailure: values["on-failure"] === null ? null : { name: "block" },
      writeOut: stdout.write,
      writeError: stderr.write,
      outputToError: cli.json,
      warnAtOnce: cli.warnAtOnce,
    });
    return runAnswer(cli, values.command, run);
  },
});

function successStep(text: string): FollowUp {
  if (text === "complete") return { name: "complete" };
  const handler = /^transfer:(.+)$/s.exec(text)?.[1];
  if (handler !== undefined) return { name: "transfer", handler };
  throw new MaiError("USAGE", `--on-success takes complete or transfer:NAME, not ${JSON.stringify(text)}.`, {
    hint: "See: mai issue run --help",
    fields: { argument: "--on-success", value: text },
  });
}

function runAnswer(cli: CommandContext, argv: readonly string[], run: RunAnswer): Answer {
  const { claimed, end, moved } = run;
  const exitCode = end?.exitCode ?? 0;
  const failure = exitCode === 0 || end === null ? {} : failureFields(argv, endText(end), exitCode);
  return {
    fields: {
      issue_id: claimed.issueId,
      queue: claimed.queue,
      title: claimed.title,
      status: moved?.answer.status ?? claimed.status,
      owner: moved?.answer.handler ?? claimed.handler,
      fence: claimed.fence === 0 ? null : claimed.fence,
      exit_code: end === null ? null : exitCode,
      signal: end?.signal ?? null,
      follow_up: moved?.name ?? null,
      ...failure,
    },
    text: textOf(cli, argv, run),
    exitCode,
    changed: true,
    pending: run.pending,
  };
}

function failureFields(argv: readonly string[], how: string, exitCode: number): Record<string, unknown> {
  const message = `${argv.join(" ")}: ${how}`;
  return { error: "COMMAND_FAILED", message, hint: null, retryable: false, exit_code: exitCode };
}

/** What the command says is its own; mai adds a line only where it did something. */
function textOf(cli: CommandContext, argv: readonly string[], { claimed, moved }: RunAnswer): string {
  if (cli.dryRun)
    return `${claimed.issueId} would be held by @${claimed.holder} while ${argv.join(" ")} runs`;
  if (moved === null) return "";
  const { issueId, status, handler } = moved.answer;
  return `${issueId} is ${status}${moved.name === "transfer" ? `, ${isUnassigned(handler) ? "unassigned now" : `handed to @${handler}`}` : ""}`;
}
