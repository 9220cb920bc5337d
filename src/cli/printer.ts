import type { MaiError } from "../domain/errors.ts";
import { visibleText } from "../domain/text.ts";
import { formatJson } from "../output/json.ts";
import type { Context } from "./context.ts";
import type { Answer, StreamLine } from "./define-command.ts";
import { answerDocument, answerText, refusalDocument, type Telling } from "./documents.ts";
import { toMaiError } from "./errors.ts";

/** Tells whether a command line asks for JSON, before it is known to be a sound one. */
export function wantsJson(argv: readonly string[], env: Context["env"]): boolean {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  const format = options.lastIndexOf("--format");
  if (format !== -1 && options[format + 1] === "json") return true;
  return options.includes("--json") || options.includes("--format=json") || env.MAI_FORMAT === "json";
}

/** The printer of one run: it gathers warnings, and prints the answer or the refusal once, as text or as one JSON document. */
export class Printer {
  json: boolean;
  dryRun = false;
  /** Words of the command as far as they are known. */
  command: string | null = null;
  readonly #context: Context;
  readonly #warnings: string[] = [];
  /** Warnings that standard error has seen: a stream does not repeat them. */
  readonly #told = new Set<string>();
  /** Answers of a stream stand one a line. */
  #streams = false;

  constructor(context: Context, json: boolean) {
    this.#context = context;
    this.json = json;
  }

  /** Takes what the user should know beside the answer. */
  readonly warn = (message: string): void => {
    if (!this.#warnings.includes(message)) this.#warnings.push(message);
  };

  /** The same, told to people before there is an answer. */
  readonly warnAtOnce = (message: string): void => {
    this.warn(message);
    if (!this.json) void this.#talk(null);
  };

  /** Prints one answer of a stream; a warning is told once in text, and with each answer in JSON. */
  async emit(answer: Answer): Promise<void> {
    this.#streams = true;
    await this.answer(this.command, answer);
    if (this.json) this.#warnings.length = 0;
  }

  /**
   * Prints lines as they come, until there are no more or the reader went away.
   * @returns the exit status
   */
  async stream(lines: AsyncIterable<StreamLine>): Promise<number> {
    this.#streams = true;
    const { stdout } = this.#context;
    for await (const { fields, text } of lines) {
      const printed = this.#print(this.json ? this.#documentText(fields) : `${visibleText(text)}\n`);
      if (printed !== null) throw printed;
      if (stdout.isClosed()) return 0;
    }
    if (this.#warnings.length === 0) return 0;
    if (this.json) this.#print(this.#documentText({ warnings: this.#warnings }));
    else await this.#talk(null);
    return 0;
  }

  /** @returns the exit status */
  async answer(command: string | null, answer: Answer): Promise<number> {
    const exitCode = answer.exitCode ?? 0;
    const printed = this.#print(this.#answerText(command, answer));
    // The change is committed: that its answer cannot be printed does not undo it.
    if (printed !== null && answer.changed !== true) throw printed;
    if (printed !== null) this.warn(`The answer could not be printed: ${toMaiError(printed).message}`);
    if (this.#warnings.length > 0 && (!this.json || printed !== null)) await this.#talk(null);
    return exitCode;
  }

  /** @returns the exit status */
  async refuse(error: MaiError): Promise<number> {
    const printed = this.json
      ? this.#print(this.#documentText(refusalDocument(error, this.#telling())))
      : null;
    if (!this.json || printed !== null) await this.#talk(error);
    return error.exitCode;
  }

  #answerText(command: string | null, answer: Answer): string {
    if (this.json) return this.#documentText(answerDocument(answer, { ...this.#telling(), command }));
    const text = answerText(answer, this.dryRun);
    return text === "" ? "" : `${text}\n`;
  }

  #telling(): Telling {
    return { command: this.command, dryRun: this.dryRun, warnings: this.#warnings };
  }

  #documentText(document: Readonly<Record<string, unknown>>): string {
    const indented = this.#context.stdout.isTerminal && !this.#streams;
    return `${formatJson(document, indented ? "indented" : "compact")}\n`;
  }

  /** @returns the fault when the output takes nothing, such as a full disk */
  #print(text: string): Error | null {
    try {
      if (text !== "") this.#context.stdout.write(text);
      return null;
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  }

  /** Says the warnings, and the refusal where there is one, on standard error. */
  async #talk(error: MaiError | null): Promise<void> {
    const { openMessages } = await import("../output/messages.ts");
    const { env, stderr } = this.#context;
    const messages = openMessages(stderr.write, isColoured(env, stderr.isTerminal) ? "coloured" : "plain");
    for (const warning of this.#warnings) {
      if (!this.#told.has(warning)) messages.warning(warning);
      this.#told.add(warning);
    }
    if (error === null) return;
    messages.error(error.message);
    if (error.hint !== null) messages.hint(error.hint);
  }
}

/** Colour only on a terminal; `NO_COLOR` and `FORCE_COLOR` decide otherwise. */
function isColoured(env: Context["env"], isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return isTerminal;
}
