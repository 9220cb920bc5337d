import type { MaiError } from "../domain/errors.ts";
import { visibleText } from "../domain/text.ts";
import type { Answer } from "./define-command.ts";

/** What stands beside an answer or a refusal, whichever way it goes out. */
export interface Telling {
  /** Words of the command as far as they are known. */
  readonly command: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly string[];
}

/** Returns the document that tells an answer. */
export function answerDocument(answer: Answer, telling: Telling): Record<string, unknown> {
  const { command, warnings } = telling;
  const marks = { ...dryRunMark(telling), ...(answer.pending ? { pending: true } : {}) };
  return { ok: (answer.exitCode ?? 0) === 0, command, ...answer.fields, ...marks, warnings };
}

/** Returns the document that tells a refusal. */
export function refusalDocument(error: MaiError, telling: Telling): Record<string, unknown> {
  const { code, message, hint, retryable, exitCode, fields } = error;
  const { command, warnings } = telling;
  return {
    ok: false,
    command,
    ...{ error: code, message, hint, retryable, exit_code: exitCode },
    ...fields,
    ...dryRunMark(telling),
    warnings,
  };
}

/** Returns the text that tells an answer, without a line feed at its end. */
export function answerText({ text }: Answer, dryRun: boolean): string {
  return text === "" ? "" : `${dryRun ? "[dry-run] " : ""}${visibleText(text)}`;
}

function dryRunMark({ dryRun }: Telling): { dry_run?: true } {
  return dryRun ? { dry_run: true } : {};
}
