import { parseDuration } from "../domain/duration.ts";
import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import type { Argument, ValueKind } from "./arguments.ts";

/** How each kind of value is read (null when it is none), and what it is called. */
const KINDS = {
  count: { expected: "a whole number", read: shaped(/^\d{1,15}$/, Number) },
  number: { expected: "a number", read: shaped(/^(?:\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})$/, Number) },
  sla: {
    expected: "hours such as 0.5, or none",
    read: shaped(/^(?:none|\d{1,5}(?:\.\d{1,6})?|\.\d{1,6})$/i, (text) =>
      text.toLowerCase() === "none" ? "none" : Number(text),
    ),
  },
  limit: {
    expected: "a whole number, or none",
    read: shaped(/^(?:none|\d{1,7})$/i, (text) => (text.toLowerCase() === "none" ? "none" : Number(text))),
  },
  date: {
    expected: "a date such as 2026-04-30",
    read: shaped(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, String),
  },
  duration: { expected: "a duration such as 90s, 10m or 1h30m", read: parseDuration },
} as const satisfies Record<ValueKind, { expected: string; read: (text: string) => string | number | null }>;

function shaped<Value>(shape: RegExp, read: (text: string) => Value): (text: string) => Value | null {
  return (text) => (shape.test(text) ? read(text) : null);
}

/**
 * Reads one value by its declaration.
 * @param spelling how the command line names it, for messages
 * @throws USAGE when it is of the wrong kind
 */
export function readValue(value: string, spec: Argument, spelling: string, words: string): unknown {
  const options = "options" in spec ? spec.options : undefined;
  if (options !== undefined) return oneOf(value, options, spelling);
  if (spec.kind === undefined) return value;
  const kind = KINDS[spec.kind];
  const read = kind.read(value);
  if (read !== null) return read;
  throw new MaiError("USAGE", `${spelling} takes ${kind.expected}, not ${JSON.stringify(value)}.`, {
    hint: `See: mai ${words} --help`,
    fields: { argument: spelling, value },
  });
}

/** Choices are taken in any case. */
function oneOf(value: string, options: readonly string[], spelling: string): string {
  const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  throw new MaiError("USAGE", `${spelling} takes ${options.join(", ")}; not ${JSON.stringify(value)}.`, {
    hint: didYouMean(value, options, null),
    fields: { argument: spelling, value, options },
  });
}
