import { readFileSync, writeFileSync } from "node:fs";

/**
 * Variables by which the runtime runs other code than mai, or becomes Bun itself. Each also stands for the variables
 * whose names begin with it, such as BUN_INSPECT_PRELOAD. The number says how often the pinned version looks it up, on every
 * platform.
 */
const CLOSED = { BUN_OPTIONS: 2, BUN_BE_BUN: 1, BUN_INSPECT: 7 };

/** Before a name that the runtime looks up stands no text: these are in messages and in JavaScript. */
const IN_TEXT = new Set([" ", "."].map((character) => character.charCodeAt(0)));

/**
 * Writes a copy of Bun's executable that does not obey {@link CLOSED}: the names that it looks up begin with NUL,
 * which no variable of an environment can.
 * @throws Error when a name is there more or less often: another version of Bun may look it up in another way
 */
export function closeRuntime(executable: string, outFile: string): void {
  const bytes = readFileSync(executable);
  for (const [name, expected] of Object.entries(CLOSED)) {
    const found = blank(bytes, name);
    if (found === expected) continue;
    const page = "docs/decisions/0168-variables-of-the-runtime.md";
    throw new Error(`${executable} has ${name} ${found} times, not ${expected}: see ${page}`);
  }
  writeFileSync(outFile, bytes, { mode: 0o755 });
}

/** @returns how many were blanked */
function blank(bytes: Buffer, name: string): number {
  let count = 0;
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
    if (IN_TEXT.has(bytes[at - 1] ?? 0)) continue;
    bytes[at] = 0;
    count += 1;
  }
  return count;
}
