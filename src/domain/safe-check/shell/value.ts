/**
 * Where a piece of text came from, as far as that matters: a network download, a decoder, a
 * credential, a shell that takes commands, a list of all files below a directory, or of all
 * processes.
 */
export type Origin = "download" | "decoded" | "secret" | "shell" | "tree" | "processes";

/** A text that a command would see, with where it came from; `UNSET` and `UNKNOWN` stand for what only a run would tell. */
export interface Value {
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Stands in a text for the value of a variable that nothing on the line sets: perhaps empty, perhaps anything. */
export const UNSET = "\uFFFC";

/** Stands in a text for output that only a run would tell and that is not empty. */
export const UNKNOWN = "\uFFFD";

/** No text from nowhere. */
export const NOTHING: Value = { text: "", origins: [] };

/** Longest text that is followed, in UTF-16 units; longer ones count as unknown. */
export const LONGEST_VALUE = 65_536;

/** Makes a value of a text that stands on the line itself. */
export function literal(text: string): Value {
  return { text, origins: [] };
}

/** Makes a value that only a run would tell. */
export function unknown(origins: readonly Origin[] = []): Value {
  return { text: UNKNOWN, origins };
}

/** Joins values into one, keeping every origin. */
export function concat(values: readonly Value[], separator = ""): Value {
  const origins = originsOf(values);
  const length = values.reduce((sum, value) => sum + value.text.length + separator.length, 0);
  if (length > LONGEST_VALUE) return unknown(origins);
  return { text: values.map((value) => value.text).join(separator), origins };
}

/** Lists the origins of several values, each once. */
export function originsOf(values: readonly Value[]): readonly Origin[] {
  if (values.every((value) => value.origins.length === 0)) return [];
  return [...new Set(values.flatMap((value) => value.origins))];
}

/** Tells whether the whole text is known without a run. */
export function isKnown(text: string): boolean {
  return !text.includes(UNSET) && !text.includes(UNKNOWN);
}

/** Drops what is not known, which leaves what a text is when every unset variable in it is empty. */
export function withoutUnknown(text: string): string {
  return text.replaceAll(UNSET, "").replaceAll(UNKNOWN, "");
}
