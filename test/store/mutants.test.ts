import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { MUTANTS } from "../support/mutants.ts";

const SOURCE = resolve(import.meta.dir, "../../src");

test.each(Object.entries(MUTANTS))("the deliberate fault %s fits the sources", (_name, replacements) => {
  for (const { module, find } of replacements) {
    const places = readFileSync(resolve(SOURCE, module), "utf8").split(find).length - 1;
    expect([module, find, places]).toEqual([module, find, 1]);
  }
});
