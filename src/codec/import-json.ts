import { badLine, type ImportUnit } from "../domain/imported-issue.ts";
import { isEmpty } from "./import-text.ts";

/** An object of another tool's file. */
export type Entry = Readonly<Record<string, unknown>>;

/** One object, and where it stands: what the refusals of its fields name. */
export class EntryReader {
  readonly fields: Entry;
  readonly line: number;
  readonly unit: ImportUnit;

  constructor(fields: Entry, place: { readonly line: number; readonly unit: ImportUnit }) {
    this.fields = fields;
    this.line = place.line;
    this.unit = place.unit;
  }

  /** Returns a text; null where it is absent or empty. @throws INVALID_TEXT */
  text(name: string): string | null {
    const value = this.fields[name] ?? "";
    if (typeof value !== "string") throw this.fault(`${name} is no text.`);
    return value.trim() === "" ? null : value;
  }

  /** Returns a list, empty where it is absent. @throws INVALID_TEXT */
  list(name: string): readonly unknown[] {
    const value = this.fields[name] ?? [];
    if (!Array.isArray(value)) throw this.fault(`${name} is no list.`);
    return value;
  }

  /** Returns an id that is a text or a number. @throws INVALID_TEXT where there is none */
  id(name: string): string {
    const value = this.fields[name];
    if (isId(value)) return String(value);
    throw this.fault(`it has no ${name}.`);
  }

  /** Returns what is left beside the fields named. */
  others(placed: ReadonlySet<string>): readonly (readonly [string, unknown])[] {
    return Object.entries(this.fields).filter(([name, value]) => !(placed.has(name) || isEmpty(value)));
  }

  /** Returns a refusal that names the entry. */
  fault(message: string): Error {
    return badLine(this.line, message, this.unit);
  }
}

/** Tells whether a value can name an issue. */
export function isId(value: unknown): value is string | number {
  return (typeof value === "string" && value.trim() !== "") || Number.isSafeInteger(value);
}

/** Tells whether a value is an object, as against a list or a text. */
export function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a JSON list of objects, or one object a line, with or without commas between them.
 * @throws INVALID_TEXT
 */
export function readEntries(text: string): readonly EntryReader[] {
  const whole = parsedJson(text);
  const values = Array.isArray(whole) ? whole : isEntry(whole) ? [whole] : null;
  if (values !== null) return values.map((value, index) => readerOf(value, index + 1, "Entry"));
  return text
    .split("\n")
    .map((line, index) => ({ line: line.trim().replace(/,$/, ""), number: index + 1 }))
    .filter(({ line }) => !/^[[\]\ufeff]*$/.test(line))
    .map(({ line, number }) => readerOf(parsedJson(line), number, "Line"));
}

/** Returns the value of a JSON text, with or without a byte order mark; undefined for what is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function readerOf(value: unknown, line: number, unit: ImportUnit): EntryReader {
  if (!isEntry(value)) throw badLine(line, "it is no JSON object.", unit);
  return new EntryReader(value, { line, unit });
}
