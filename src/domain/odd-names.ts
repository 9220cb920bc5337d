import { visibleLine } from "./text.ts";

/** Odd names that one warning lists; the others are counted. */
const SHOWN = 5;
/** Letters, digits, `_` and `-`: copies such as `questions.orig` and `questions (2)` have something else in them. */
const QUEUE = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;

/** Tells whether a directory that the settings do not name may be a queue, and not a copy that some tool left. */
export function couldBeQueue(name: string): boolean {
  return QUEUE.test(name);
}

/**
 * Returns the warning about names in the queue directories that mai leaves out.
 * @param names paths from `.mai/queues`, at least one
 */
export function oddNamesWarning(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(visibleLine).join(", ");
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `Not issues, left out: ${shown}${more} in .mai/queues. What to do about each: mai doctor`;
}
