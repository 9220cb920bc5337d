import { isOperatorName } from "./names.ts";
import { hasControlCharacter } from "./text.ts";

/** Longest emoji of a state, in characters: some are made of many code points. */
const MAX_EMOJI_LENGTH = 32;

/** Tells whether a setting names a person. Version 1.5 wrote names with an `@`, which reading drops. */
export function isPerson(value: string): boolean {
  return isOperatorName(value.startsWith("@") ? value.slice(1) : value);
}

/** Tells whether a setting can stand before a state: one line that cannot be taken for structure of the file. */
export function isEmoji(value: string): boolean {
  return value.length <= MAX_EMOJI_LENGTH && !/[\n\t*#]/.test(value) && !hasControlCharacter(value);
}
