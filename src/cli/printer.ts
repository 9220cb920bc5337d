import type { MaiError } from "../domain/errors.ts";
import { visibleText } from "../domain/text.ts";
import { formatJson } from "../output/json.ts";
import type { Context } from "./context.ts";
import type { Answer } from "./define-command.ts";

/** Tells whether a command line asks for JSON, before it is known to be a sound one. */
export function wantsJson(argv: readonly string[], env: Context["env"]): boolean {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  const format = options.lastIndexOf("--format");
  if (
    options.includes("--json") ||
    options.includes("--format=json") ||
    (options[format + 1] === "json" && format !== -1)
  )
    return true;
  return env.MAI_FORMAT === "json";
}

/** Opens the printer of one run: it gathers warnings, and prints the answer or the refusal once. */
export function openPrinter(context: Context, json: boolean): Printer {
  return new Printer(context, json);
}

/** Prints one answer as text or as one JSON document. */
export class Printer {
  json: boolean;
  dryRun = false;
  /** Words of the command as far as they are known. */
  command: string | null = null;
  readonly #context: Context;
  readonly #warnings: string[] = [];

  constructor(context: Context, json: boolean) {
    this.#context = context;
    this.json = json;
  }

  /** Takes what the user should know beside the answer. */
  readonly warn = (message: string): void => {
    if (!this.#warnings.includes(message)) this.#warnings.push(message);
  };

  /**
   * Prints an answer. What is committed is done even when that cannot be printed, a full disk behind a pipe for
   * instance: the exit status says so, and standard error where it can.
   * @returns the exit status
   */
  async answer(command: string | null, answer: Answer): Promise<number> {
    try {
      await this.#show(command, answer);
    } catch (error) {
      if (!answer.changed || this.dryRun) throw error;
      this.warn(`The answer could not be printed: ${error instanceof Error ? error.message : error}`);
      await this.#unlessBroken(() => this.#talk((messages) => this.#warnings.forEach(messages.warning)));
    }
    return answer.exitCode ?? 0;
  }

  async #show(command: string | null, answer: Answer): Promise<void> {
    const marks = { ...(this.dryRun ? { dry_run: true } : {}), ...(answer.pending ? { pending: true } : {}) };
    if (this.json) {
      const ok = (answer.exitCode ?? 0) === 0;
      this.#printJson({ ok, command, ...answer.fields, ...marks, warnings: this.#warnings });
      return;
    }
    const text = visibleText(answer.text);
    if (text !== "") this.#context.stdout.write(`${this.dryRun ? "[dry-run] " : ""}${text}\n`);
    if (this.#warnings.length > 0) await this.#talk((messages) => this.#warnings.forEach(messages.warning));
  }

  /** Prints a refusal; where that is not possible, the exit status is all that is left. @returns the exit status */
  async refuse(error: MaiError): Promise<number> {
    await this.#unlessBroken(() => this.#explain(error));
    return error.exitCode;
  }

  async #explain(error: MaiError): Promise<void> {
    if (this.json) {
      const { code, message, hint, retryable, exitCode, fields } = error;
      this.#printJson({
        ok: false,
        command: this.command,
        ...{ error: code, message, hint, retryable, exit_code: exitCode },
        ...fields,
        ...(this.dryRun ? { dry_run: true } : {}),
        warnings: this.#warnings,
      });
      return;
    }
    await this.#talk((messages) => {
      this.#warnings.forEach(messages.warning);
      messages.error(error.message);
      if (error.hint !== null) messages.hint(error.hint);
    });
  }

  #printJson(document: Record<string, unknown>): void {
    const { stdout } = this.#context;
    stdout.write(`${formatJson(document, stdout.isTerminal ? "indented" : "compact")}\n`);
  }

  /** Prints unless the stream is broken: there is nowhere left to say that. */
  async #unlessBroken(print: () => Promise<void>): Promise<void> {
    try {
      await print();
    } catch (error) {
      if (!isStreamError(error)) throw error;
    }
  }

  async #talk(
    say: (messages: { error(m: string): void; hint(m: string): void; warning(m: string): void }) => void,
  ) {
    const { openMessages } = await import("../output/messages.ts");
    const { env, stderr } = this.#context;
    say(openMessages(stderr.write, isColoured(env, stderr.isTerminal) ? "coloured" : "plain"));
  }
}

function isStreamError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** Colour only on a terminal; `NO_COLOR` and `FORCE_COLOR` decide otherwise. */
function isColoured(env: Context["env"], isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return isTerminal;
}
