import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { MAI, requireBinary } from "../support/binary.ts";
import { MUTANTS, type MutantName, markOf } from "../support/mutants.ts";
import { removeVariants, variant } from "../support/variant.ts";

afterAll(removeVariants);

test("a faulty variant bears the mark of its fault, and the compiled program bears none", async () => {
  requireBinary();
  const faulty = readFileSync(await variant("no-lock"));
  const sound = readFileSync(MAI);
  expect(faulty.includes(markOf("no-lock"))).toBe(true);
  for (const name of Object.keys(MUTANTS) as MutantName[]) expect(sound.includes(markOf(name))).toBe(false);
  expect(sound.includes("deliberate fault")).toBe(false);
});
