import { MaiError } from "../../domain/errors.ts";
import type { Argument } from "../arguments.ts";
import { readValue } from "../read-value.ts";

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, "1": true },
  ...{ false: false, no: false, "0": false },
};

/**
 * Tells whether a client left an argument out: many send `null` for that, and an empty text for what may be absent.
 */
export function isAbsent(value: unknown, spec: Argument): boolean {
  return value === undefined || value === null || (value === "" && !isRequired(spec));
}

/** Tells whether a call needs the argument. */
export function isRequired(spec: Argument): boolean {
  return spec.type === "positional" && spec.required !== false;
}

/** Tells whether a command takes the argument as a list of values. */
export function isList(spec: Argument): boolean {
  return spec.repeat !== undefined || spec.rest !== undefined;
}

/**
 * Reads one value in the forms in which clients send it: numbers and truth values as text and the other way round, a
 * list as the text of a JSON list, one text for a list. A text that is meant to be read by people is kept as it is.
 * @returns what the command takes: a duration in milliseconds, a list for what may repeat
 * @throws USAGE
 */
export function readGiven(value: unknown, spec: Argument, key: string): unknown {
  if (spec.type === "boolean") return readBoolean(value, key);
  if (spec.repeat !== undefined || spec.rest === "list") return readList(value, spec, key);
  const text = scalarText(value);
  if (text === null) throw wrong(key, "a text", value);
  const isBareNumber = spec.kind === "duration" && /^\d+$/.test(text);
  const read = readValue(isBareNumber ? `${text}s` : text, spec, key, "mcp");
  return isList(spec) ? [read] : read;
}

function readBoolean(value: unknown, key: string): boolean {
  const word = scalarText(value)?.toLowerCase() ?? "";
  const read = Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
  if (read === undefined) throw wrong(key, "true or false", value);
  return read;
}

function readList(value: unknown, spec: Argument, key: string): readonly string[] {
  const list = Array.isArray(value) ? value : listInText(value, spec);
  return list
    .filter((entry) => entry !== null)
    .map((entry) => {
      const text = scalarText(entry);
      if (text === null) throw wrong(key, "a list of texts", value);
      return text;
    });
}

function listInText(value: unknown, spec: Argument): readonly unknown[] {
  if (typeof value !== "string") return [value];
  const parsed = value.trimStart().startsWith("[") ? parsedList(value) : null;
  if (parsed !== null) return parsed;
  if (spec.repeat === "whole") return [value];
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function parsedList(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch (error) {
    // `[x] done` is a text of its own.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function scalarText(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : null;
}

function wrong(key: string, expected: string, value: unknown): MaiError {
  const shown = JSON.stringify(value)?.slice(0, 60);
  return new MaiError("USAGE", `${key} takes ${expected}, not ${shown}.`, { fields: { argument: key } });
}
