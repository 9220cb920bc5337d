import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import type { Argument, ValueKind } from "./arguments.ts";

/** What each kind of value looks like, and how it is read. */
const KINDS = {
  count: { shape: /^\d{1,15}$/, expected: "a whole number", read: Number },
  number: { shape: /^(?:\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})$/, expected: "a number", read: Number },
  sla: {
    shape: /^(?:none|\d{1,5}(?:\.\d{1,6})?|\.\d{1,6})$/i,
    expected: "hours such as 0.5, or none",
    read: (text: string) => (text.toLowerCase() === "none" ? "none" : Number(text)),
  },
  date: {
    shape: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
    expected: "a date such as 2026-04-30",
    read: String,
  },
} as const satisfies Record<
  ValueKind,
  { shape: RegExp; expected: string; read: (text: string) => string | number }
>;

/**
 * Reads one value by its declaration.
 * @param spelling how the command line names it, for messages
 * @throws USAGE when it is of the wrong kind
 */
export function readValue(value: string, spec: Argument, spelling: string, words: string): unknown {
  const options = "options" in spec ? spec.options : undefined;
  if (options !== undefined) return oneOf(value, options, spelling, words);
  if (spec.kind === undefined) return value;
  const kind = KINDS[spec.kind];
  if (kind.shape.test(value)) return kind.read(value);
  throw new MaiError("USAGE", `${spelling} takes ${kind.expected}, not ${JSON.stringify(value)}.`, {
    hint: `See: mai ${words} --help`,
    fields: { argument: spelling, value },
  });
}

/** Choices are taken in any case. */
function oneOf(value: string, options: readonly string[], spelling: string, words: string): string {
  const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  throw new MaiError("USAGE", `${spelling} takes ${options.join(", ")}; not ${JSON.stringify(value)}.`, {
    hint: didYouMean(value, options, `mai ${words} --help`),
    fields: { argument: spelling, value, options },
  });
}
