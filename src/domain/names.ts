import { MaiError } from "./errors.ts";
import { hasControlCharacter } from "./text.ts";

/** Longest agent name, in characters. */
const MAX_AGENT_NAME = 32;
/** Longest operator, session, queue or project name, in characters. */
const MAX_NAME = 64;
/** Keys that mean something to JavaScript objects; they are no names. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** What nearly every name is made of: nothing in it needs a second look. */
const SIMPLE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Taken by the mirror itself: `async/config.json`, `async/history/` and so on. */
const RESERVED_QUEUES = /^(?:config\.json|history|daily-summary|daily-.*-summary\.md)$/;

/** Tells whether `name` can stand as a file name of its own: no separator, no leading dot, no control character. */
export function isPlainName(name: string): boolean {
  if (name.length <= MAX_NAME && SIMPLE_NAME.test(name)) return !UNSAFE_KEYS.has(name);
  return (
    name !== "" &&
    (name.length <= MAX_NAME || [...name].length <= MAX_NAME) &&
    !/[/\\\t\n]/.test(name) &&
    !name.startsWith(".") &&
    name === name.trim() &&
    !UNSAFE_KEYS.has(name) &&
    !hasControlCharacter(name)
  );
}

/** Tells whether `name` can sign: a plain name without the characters that records and leases are built of. */
export function isOperatorName(name: string): boolean {
  return isPlainName(name) && !/[|:@[\]]/.test(name);
}

/**
 * Returns the operator or session that `text` names; a leading `@` is dropped.
 * @throws INVALID_NAME
 */
export function operatorName(text: string, what = "operator"): string {
  const name = text.startsWith("@") ? text.slice(1) : text;
  if (isOperatorName(name)) return name;
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} is no ${what} name.`, {
    hint: "1 to 64 characters, none of / \\ | : @ [ ], no leading dot, no spaces at the ends.",
  });
}

/**
 * Returns the agent name that `text` stands for: trimmed, lower-cased, spaces to `-`.
 * @throws INVALID_NAME
 */
export function agentName(text: string): string {
  const name = text.trim().toLowerCase().replaceAll(" ", "-");
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= MAX_AGENT_NAME && !UNSAFE_KEYS.has(name))
    return name;
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} is no agent name.`, {
    hint: "A letter or digit, then a–z, 0–9 and -, at most 32.",
  });
}

/**
 * Checks the name of a queue that is about to be made.
 * @throws INVALID_NAME
 */
export function newQueueName(text: string): string {
  if (isPlainName(text) && !RESERVED_QUEUES.test(text) && !text.startsWith("-")) return text;
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} cannot be a queue name.`, {
    hint: "1 to 64 characters without / or \\, not starting with a dot or dash; config.json, history and daily-summary are taken.",
  });
}
