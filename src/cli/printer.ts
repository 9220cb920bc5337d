import type { MaiError } from "../domain/errors.ts";
import { visibleText } from "../domain/text.ts";
import { formatJson } from "../output/json.ts";
import type { Context } from "./context.ts";
import type { Answer, StreamLine } from "./define-command.ts";

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
  #streaming = false;

  constructor(context: Context, json: boolean) {
    this.#context = context;
    this.json = json;
  }

  /** Takes what the user should know beside the answer. */
  readonly warn = (message: string): void => {
    if (!this.#warnings.includes(message)) this.#warnings.push(message);
  };

  /** @returns the exit status */
  async answer(command: string | null, answer: Answer): Promise<number> {
    const exitCode = answer.exitCode ?? 0;
    const marks = { ...(this.dryRun ? { dry_run: true } : {}), ...(answer.pending ? { pending: true } : {}) };
    if (this.json) {
      this.#printJson({ ok: exitCode === 0, command, ...answer.fields, ...marks, warnings: this.#warnings });
      return exitCode;
    }
    const text = visibleText(answer.text);
    if (text !== "") this.#print(`${this.dryRun ? "[dry-run] " : ""}${text}\n`, answer.changed ?? false);
    if (this.#warnings.length > 0) await this.#talk((messages) => this.#warnings.forEach(messages.warning));
    return exitCode;
  }

  /**
   * Prints lines as they come, until there are no more or the reader went away.
   * @returns the exit status
   */
  async stream(lines: AsyncIterable<StreamLine>): Promise<number> {
    this.#streaming = true;
    const { stdout } = this.#context;
    for await (const { fields, text } of lines) {
      stdout.write(`${this.json ? formatJson(fields, "compact") : visibleText(text)}\n`);
      if (stdout.isClosed?.() === true) return 0;
    }
    if (this.#warnings.length > 0) {
      if (this.json) this.#printJson({ warnings: this.#warnings });
      else await this.#talk((messages) => this.#warnings.forEach(messages.warning));
    }
    return 0;
  }

  /** @returns the exit status */
  async refuse(error: MaiError): Promise<number> {
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
      return error.exitCode;
    }
    await this.#talk((messages) => {
      this.#warnings.forEach(messages.warning);
      messages.error(error.message);
      if (error.hint !== null) messages.hint(error.hint);
    });
    return error.exitCode;
  }

  #printJson(document: Record<string, unknown>): void {
    const { stdout } = this.#context;
    const layout = stdout.isTerminal && !this.#streaming ? "indented" : "compact";
    stdout.write(`${formatJson(document, layout)}\n`);
  }

  #print(text: string, changed: boolean): void {
    try {
      this.#context.stdout.write(text);
    } catch (error) {
      // The change is committed: that its answer cannot be printed does not undo it.
      if (!changed) throw error;
      this.warn(`The answer could not be printed: ${error instanceof Error ? error.message : error}`);
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

/** Colour only on a terminal; `NO_COLOR` and `FORCE_COLOR` decide otherwise. */
function isColoured(env: Context["env"], isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return isTerminal;
}
