import { beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Argument, Arguments } from "../../../src/cli/arguments.ts";
import { batchArguments, batchVerbs, lineValues } from "../../../src/cli/batch/batch-line.ts";
import { COMMAND_TREE } from "../../../src/cli/commands.ts";
import { MaiError } from "../../../src/domain/errors.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { readerOf } from "../../support/schema-reader.ts";

let read: (line: unknown) => string | null;
beforeAll(async () => {
  const box = new Sandbox();
  read = readerOf((await box.ok("schema", "batch")).json.schema);
  box.remove();
});

describe("the schema of a line of a batch", () => {
  test("takes the lines that batch takes, and no field of another command", () => {
    const line = { command: "issue new", queue: "questions", title: "One" };
    expect(read(line)).toBeNull();
    expect(read({ ...line, command: "new", blocked_by: ["$1"], priority: null })).toBeNull();
    expect(read({ command: "check", id: "$1", n: [1, 2] })).toBeNull();
    expect(read({ ...line, conclusion: "done" })).toBeString();
    expect(read({ command: "issue new", queue: "questions" })).toBeString();
    expect(read({ ...line, body_file: "plan.md" })).toBeString();
    expect(read({ ...line, command: "issue list" })).toBeString();
    expect(read({ ...line, priority: "P9" })).toBeString();
    expect(read({ command: "claim", id: "REQ-001", fence: 1.5 })).toBeString();
  });

  test("says of any line what the reader of batches says", async () => {
    const verbs = await Promise.all(
      batchVerbs(COMMAND_TREE).map(async (words) => ({
        words,
        command: (await COMMAND_TREE.commands[words]!.load()).command,
      })),
    );
    const line = fc
      .constantFrom(...verbs)
      .chain(({ words, command }) =>
        fc.tuple(fc.constant({ words, command }), fieldsOf(batchArguments(command)), fc.boolean()),
      );
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(line, ([{ words, command }, fields, brief]) => {
        const typed = brief ? words.replace("issue ", "") : words;
        const taken = isTaken(() => lineValues({ number: 1, words, fields }, command));
        seen[taken ? "taken" : "refused"] += 1;
        expect([typed, fields, read({ command: typed, ...fields }) === null]).toEqual([typed, fields, taken]);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(100);
  });
});

/** Fields of a line: most of them right, some odd, some that it does not have. */
function fieldsOf(args: Arguments): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(args).map(([name, spec]) => {
    const isRequired = spec.type === "positional" && spec.required !== false;
    const value = fc.oneof({ weight: 19, arbitrary: rightValue(spec) }, ODD);
    return [name.replaceAll("-", "_"), isRequired ? value : fc.option(value)] as const;
  });
  const known = fc.record(Object.fromEntries(fields), { noNullPrototype: true });
  const strange = fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, fc.constant({ body_file: "plan.md" }));
  const missing = fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, fc.subarray(Object.keys(args)));
  return fc.tuple(known, strange, missing).map(([fields, more, left]) => {
    const given = Object.entries({ ...fields, ...more }).filter(([name]) => !left.includes(name as never));
    return Object.fromEntries(given);
  });
}

const ODD = fc.constantFrom<unknown>(
  "P9",
  "yes",
  null,
  true,
  0,
  1.5,
  -1,
  10 ** 15,
  [],
  ["a", 2],
  [null],
  [[]],
  {},
);

function rightValue(spec: Argument): fc.Arbitrary<unknown> {
  if (spec.type === "boolean") return fc.boolean();
  if (spec.repeat !== undefined || spec.rest !== undefined)
    return fc.constantFrom<unknown>(["a"], ["a", 2], "a", 2);
  if ("options" in spec && spec.options !== undefined) return fc.constantFrom(...spec.options);
  return spec.kind === "count" ? fc.nat() : fc.constantFrom("REQ-001", "", "-");
}

function isTaken(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof MaiError && error.code === "USAGE") return false;
    throw error;
  }
}
