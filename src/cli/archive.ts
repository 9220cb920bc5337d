import { type ArchiveAnswer, archiveBefore, restoreArchive } from "../actions/archive/archive.ts";
import { MaiError } from "../domain/errors.ts";
import type { Outcome } from "../domain/outcome.ts";
import { OPERATOR } from "./arguments.ts";
import { answerTo, defineCommand } from "./define-command.ts";

/** Ids that an answer names; the number of all stands beside them. */
const NAMED = 50;

/** `mai archive` */
export const command = defineCommand({
  words: "archive",
  summary:
    "Moves issues that were finished, and last changed, before a date to .mai/archive/ and out of async/, and " +
    "compresses the logs of those days. They still show ('issue show', 'issue list --archived', 'log history', " +
    "'events') and 'issue reopen' brings one back, --restore all, or those named. Takes a root.",
  args: {
    id: {
      type: "positional",
      rest: "list",
      required: false,
      description: "With --restore: only these issues",
    },
    before: {
      type: "string",
      kind: "date",
      valueHint: "DATE",
      description: "Local date, not itself archived",
    },
    restore: { type: "boolean", description: "Bring archived issues and logs back" },
    limit: { type: "string", kind: "count", valueHint: "N", description: "Name at most N issues (50)" },
    ...OPERATOR,
  },
  errors: ["PERMISSION_DENIED", "NOT_FOUND", "ALREADY_EXISTS"],
  examples: ["mai --dry-run archive --before 2026-01-01 -o admin", "mai archive --restore REQ-001 -o admin"],
  run(cli, values) {
    const { before, restore, id, limit } = values;
    if (restore === (before !== null) || (!restore && id.length > 0)) throw usage();
    const call = cli.call(values);
    const outcome = before === null ? restoreArchive(call, id) : archiveBefore(call, before);
    return answerTo(outcome, {
      fields: { before, restore, ...fieldsOf(outcome, limit ?? NAMED) },
      text: told(outcome.answer, { word: restore ? "back in place" : "archived", limit: limit ?? NAMED }),
    });
  },
});

function usage(): MaiError {
  return new MaiError("USAGE", "archive takes --before DATE, or --restore and perhaps ids.", {
    hint: "mai archive --before 2026-01-01; mai archive --restore REQ-001",
  });
}

function fieldsOf({ answer, changed }: Outcome<ArchiveAnswer>, limit: number) {
  const { issues, logs, kept, remaining } = answer;
  return {
    issues: issues.slice(0, limit),
    shown: Math.min(limit, issues.length),
    total: issues.length,
    logs,
    kept: kept.map(({ queue, id, reason }) => ({ issue_id: id, queue, reason })),
    remaining,
    idempotent: !changed,
  };
}

function told(
  { issues, logs, remaining }: ArchiveAnswer,
  { word, limit }: { readonly word: string; readonly limit: number },
): string {
  if (issues.length === 0 && logs.length === 0) return "Nothing to do.";
  const named = issues.slice(0, limit).join(" ");
  const more = issues.length > limit ? ` and ${issues.length - limit} more` : "";
  return [
    ...(issues.length === 0 ? [] : [`${counted(issues.length, "issue")} ${word}: ${named}${more}`]),
    ...(logs.length === 0 ? [] : [`${counted(logs.length, "log")} ${word}`]),
    ...(remaining === 0 ? [] : [`${remaining} left: run it again`]),
  ].join("\n");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
