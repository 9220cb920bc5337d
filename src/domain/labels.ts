import { MaiError } from "./errors.ts";

/** Longest label, in characters. */
const MAX_LABEL = 32;
const LABEL = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._:/-]*$/u;

/** Labels that go onto an issue and labels that come off it. */
export interface LabelChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * Returns the label that `text` stands for: lower-cased, in the composed form of Unicode.
 * @throws INVALID_NAME
 */
export function labelName(text: string): string {
  const name = text.trim().toLowerCase().normalize("NFC");
  if (LABEL.test(name) && [...name].length <= MAX_LABEL) return name;
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} is no label.`, {
    hint: `A letter or digit, then letters, digits and . _ : / -, at most ${MAX_LABEL}.`,
    fields: { label: text },
  });
}

/** Returns labels in their order, each once. */
export function sortedLabels(labels: readonly string[]): readonly string[] {
  return [...new Set(labels)].toSorted();
}

/**
 * Reads `+x` and `-y` as labels to add and to take away.
 * @throws INVALID_NAME, USAGE for a word without a sign or a label with both
 */
export function labelChange(words: readonly string[]): LabelChange {
  const unsigned = words.find((word) => !/^[+-]/.test(word));
  if (unsigned !== undefined) throw usage(`${JSON.stringify(unsigned)} says neither + nor -.`);
  const named = (sign: string) =>
    sortedLabels(words.filter((word) => word.startsWith(sign)).map((word) => labelName(word.slice(1))));
  const [add, remove] = [named("+"), named("-")];
  const both = add.find((name) => remove.includes(name));
  if (both !== undefined) throw usage(`${both} is to be added and taken away.`);
  return { add, remove };
}

/** Returns what of a change is still to be done on an issue that has these labels. */
export function remainingChange(labels: readonly string[], change: LabelChange): LabelChange {
  return {
    add: change.add.filter((name) => !labels.includes(name)),
    remove: change.remove.filter((name) => labels.includes(name)),
  };
}

/** Writes a change as it is typed: `+x -y`. */
export function labelChangeText({ add, remove }: LabelChange): string {
  return [...add.map((name) => `+${name}`), ...remove.map((name) => `-${name}`)].join(" ");
}

function usage(message: string): MaiError {
  return new MaiError("USAGE", message, { hint: "+x adds the label x, -x takes it away." });
}
