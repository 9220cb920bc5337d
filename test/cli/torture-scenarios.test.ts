import { expect, test } from "bun:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { CHANGING } from "../support/every-command.ts";
import { OTHERS, SHAPES, WITH_HOUSEKEEPING, WITHOUT_SCENARIO } from "../torture/scenarios.ts";

const SCENARIOS = [...SHAPES, ...OTHERS, ...WITH_HOUSEKEEPING];

/** Words of the command that a line runs, options before it left out. */
function wordsOf(line: readonly string[]): string {
  const words = line.filter((word) => !word.startsWith("--"));
  return [words.slice(0, 2).join(" "), words[0] ?? ""].find((name) => name in COMMANDS) ?? "";
}

const DISTURBED = new Set(SCENARIOS.map(({ command }) => wordsOf(command)));

test.each(Object.keys(CHANGING))(
  "%s is killed and refused by the disk in a line of test/torture/scenarios.ts, or WITHOUT_SCENARIO says why not",
  (words) => {
    expect([words, DISTURBED.has(words) || WITHOUT_SCENARIO[words] !== undefined]).toEqual([words, true]);
  },
);

test("WITHOUT_SCENARIO names only commands that are there, and none that has a scenario", () => {
  expect(
    Object.keys(WITHOUT_SCENARIO).filter((words) => !(words in CHANGING) || DISTURBED.has(words)),
  ).toEqual([]);
});

test("every scenario has a name of its own", () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
});
