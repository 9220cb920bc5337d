import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import { type Argument, type Arguments, GLOBAL_ARGUMENTS, type RestKind, type Values } from "./arguments.ts";
import { readValue } from "./read-value.ts";

/** Values of a command line: the command's own, and the global ones. */
export interface SplitLine<A extends Arguments> {
  readonly values: Values<A>;
  readonly globals: Values<typeof GLOBAL_ARGUMENTS>;
}

/** Tells whether an argument is an option: `-` and a letter, or `--` and a letter. All else is a value. */
export function isOption(argument: string): boolean {
  return /^--?[A-Za-z]/.test(argument);
}

/**
 * Splits what follows the words of a command by its declaration, strictly: nothing unknown, repeated, missing or
 * left over. An option that takes a value takes the next argument, whatever it begins with; `--` ends options.
 * @param command its words, for messages
 * @throws USAGE
 */
export function splitArguments<A extends Arguments>(
  argv: readonly string[],
  command: { readonly words: string; readonly args: A },
): SplitLine<A> {
  const reader = new LineReader(command.words, { ...command.args, ...GLOBAL_ARGUMENTS });
  reader.read(argv);
  const values = reader.values;
  if (values.help !== true) reader.requirePositionals();
  return { values: values as Values<A>, globals: values as Values<typeof GLOBAL_ARGUMENTS> };
}

/** Reads one command line from left to right. */
class LineReader {
  readonly values: Record<string, unknown> = Object.create(null);
  readonly #words: string;
  readonly #args: Arguments;
  readonly #positionals: readonly string[];
  readonly #given = new Set<string>();
  #next = 0;

  constructor(words: string, args: Arguments) {
    this.#words = words;
    this.#args = args;
    this.#positionals = Object.keys(args).filter((name) => args[name]?.type === "positional");
    for (const [name, spec] of Object.entries(args)) this.values[name] = emptyValue(spec);
  }

  read(argv: readonly string[]): void {
    for (let index = 0; index < argv.length; index += 1) {
      const argument = argv[index] ?? "";
      if (this.#endsOptions(argument)) {
        this.#takeAll(argv.slice(argument === "--" ? index + 1 : index));
        return;
      }
      if (!isOption(argument) || this.#isSignedWord(argument)) this.#takePositional(argument);
      else if (this.#takeOption(argument, argv[index + 1])) index += 1;
    }
  }

  /** `--` ends options, and so does the first word of a command to run. */
  #endsOptions(argument: string): boolean {
    return argument === "--" || (this.#restKind() === "command" && !isOption(argument));
  }

  /** `-x` where words with a sign are taken, and the command has no such option. */
  #isSignedWord(argument: string): boolean {
    return this.#restKind() === "signed" && !argument.startsWith("--") && this.#nameOf(argument) === null;
  }

  requirePositionals(): void {
    for (const name of this.#positionals.slice(this.#next)) {
      const spec = this.#args[name];
      const empty = spec?.rest === undefined || (this.values[name] as string[]).length === 0;
      if (spec?.required !== false && empty)
        throw this.#usage(`${upper(name)} is missing.`, { argument: name });
    }
  }

  #takeAll(rest: readonly string[]): void {
    for (const argument of rest) this.#takePositional(argument);
  }

  #takePositional(value: string): void {
    const name = this.#positionals[this.#next];
    const spec = name === undefined ? undefined : this.#args[name];
    if (name === undefined || spec === undefined) {
      throw this.#usage(
        `${JSON.stringify(value)} is one argument too many.`,
        { argument: value },
        "Quote a text of several words.",
      );
    }
    if (spec.rest !== undefined) {
      (this.values[name] as string[]).push(value);
      return;
    }
    this.values[name] = readValue(value, spec, upper(name), this.#words);
    this.#next += 1;
  }

  /** @returns whether the next argument was taken as the value */
  #takeOption(argument: string, next: string | undefined): boolean {
    const equals = argument.startsWith("--") ? argument.indexOf("=") : -1;
    const spelling = equals === -1 ? argument : argument.slice(0, equals);
    const name = this.#optionNamed(spelling);
    const spec = this.#args[name];
    if (spec === undefined) return false;
    if (this.#restKind() === "words" && this.#restStarted() && Object.hasOwn(GLOBAL_ARGUMENTS, name)) {
      throw this.#usage(
        `${spelling} must stand before the text.`,
        { option: spelling },
        "Or quote it with the text.",
      );
    }
    if (this.#given.has(name) && spec.repeat === undefined) {
      throw this.#usage(`${spelling} is given twice.`, { option: spelling });
    }
    this.#given.add(name);
    if (spec.type === "boolean") return this.#setFlag(name, spelling, equals !== -1);
    const value = equals === -1 ? next : argument.slice(equals + 1);
    if (value === undefined) throw this.#usage(`${spelling} needs a value.`, { option: spelling });
    this.#setValue(name, spec, value, spelling);
    return equals === -1;
  }

  #setFlag(name: string, spelling: string, hasValue: boolean): boolean {
    if (hasValue) throw this.#usage(`${spelling} takes no value.`, { option: spelling });
    this.values[name] = true;
    return false;
  }

  #setValue(name: string, spec: Argument, value: string, spelling: string): void {
    if (spec.repeat === "whole") (this.values[name] as string[]).push(value);
    else if (spec.repeat === true)
      (this.values[name] as string[]).push(...value.split(",").filter((part) => part !== ""));
    else this.values[name] = readValue(value, spec, spelling, this.#words);
  }

  #nameOf(spelling: string): string | null {
    for (const [name, spec] of Object.entries(this.#args)) {
      if (spec.type === "positional") continue;
      if (spelling === `--${name}` || ("alias" in spec && spelling === `-${spec.alias}`)) return name;
    }
    return null;
  }

  #optionNamed(spelling: string): string {
    const name = this.#nameOf(spelling);
    if (name !== null) return name;
    const known = Object.keys(this.#args).filter((name) => this.#args[name]?.type !== "positional");
    throw this.#usage(
      `${this.#words === "" ? "mai" : `mai ${this.#words}`} has no option ${spelling}.`,
      { option: spelling },
      didYouMean(
        spelling,
        known.map((name) => `--${name}`),
        `mai ${this.#words} --help`.replace("  ", " "),
      ),
    );
  }

  #restKind(): RestKind | undefined {
    const name = this.#positionals[this.#next];
    return name === undefined ? undefined : this.#args[name]?.rest;
  }

  #restStarted(): boolean {
    const name = this.#positionals[this.#next];
    return name !== undefined && this.#restKind() !== undefined && (this.values[name] as string[]).length > 0;
  }

  #usage(message: string, fields: Record<string, unknown>, hint?: string): MaiError {
    const help = `See: mai ${this.#words} --help`.replace("  ", " ");
    return new MaiError("USAGE", message, { hint: hint ?? help, fields });
  }
}

function emptyValue(spec: Argument): unknown {
  if (spec.repeat !== undefined || spec.rest !== undefined) return [];
  return spec.type === "boolean" ? false : null;
}

function upper(name: string): string {
  return name.toUpperCase();
}
