import { DEFAULT_AGENT } from "./config.ts";

/** Words that a command line takes for "nobody" where nobody is called so. */
const NOBODY: ReadonlySet<string> = new Set(["none", "unassigned", DEFAULT_AGENT]);

/** Tells whether a handler or owner is nobody: `default` on disk, or empty in older files. */
export function isUnassigned(handler: string): boolean {
  return handler === "" || handler === DEFAULT_AGENT;
}

/** Tells whether a name on a command line means nobody. */
export function meansNobody(name: string): boolean {
  return NOBODY.has(name.toLowerCase());
}

/** Names a handler or owner in a sentence: `@alice`, or `unassigned`. */
export function handlerText(handler: string): string {
  return isUnassigned(handler) ? "unassigned" : `@${handler}`;
}
