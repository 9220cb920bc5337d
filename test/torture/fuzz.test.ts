import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { timeLimit } from "../support/budget.ts";
import { PARSERS } from "../support/parsers.ts";
import { counted, mustBeCaught } from "../support/report.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

const CORPUS = `${import.meta.dir}/../fixtures/fuzz`;
/** Between the 8 of linear work and the 64 of quadratic work on eight times as much. */
const LINEAR = 22;
/** So short a time is noise, in microseconds; no square of 32,000 fits into it. */
const NOISE_US = 50_000;
/** In all, over every parser: 100,000 in the check. */
const RUNS = Math.ceil(sized(100_000, 500_000_000) / PARSERS.length);

describe("a parser throws nothing but its own refusals, and what it takes it gives back:", () => {
  test.each(PARSERS.map(({ name, check, seeds }) => [name, check, seeds] as const))(
    "%s, whatever is made of its seeds",
    (_name, check, seeds) => {
      const started = performance.now();
      let runs = 0;
      const counting = (text: string) => {
        runs += 1;
        check(text);
      };
      fc.assert(fc.property(mutationsOf(seeds), counting), { numRuns: RUNS, ...timeLimit() });
      counted("parser fuzz", runs, started);
    },
    TEST_TIMEOUT_MS,
  );

  const kept = readdirSync(CORPUS).sort();
  test.each(kept)("every parser takes or refuses the kept input %s", (name) => {
    const text = readFileSync(`${CORPUS}/${name}`, "utf8");
    for (const { check } of PARSERS) check(text);
    expect(kept.length).toBeGreaterThan(5);
  });
});

describe("a parser's time grows with its input, not with the square of it:", () => {
  const UNITS = [
    " ",
    "\\",
    "[",
    "{",
    '"',
    '{"a":',
    "- [",
    "- [2026-01-01] @a: X\n",
    "## \n",
    "**a：**",
    "\t",
    "\n",
    "a=1\n",
    "]",
  ];
  test.each(PARSERS.map(({ name, check }) => [name, check] as const))(
    "%s",
    (_name, check) => {
      for (const unit of UNITS) {
        const ratio = growth((times) => check(unit.repeat(times)));
        expect(`${JSON.stringify(unit)} ${ratio < LINEAR}`).toBe(`${JSON.stringify(unit)} true`);
      }
    },
    TEST_TIMEOUT_MS,
  );

  test("a parser that is quadratic is told apart", () => {
    const quadratic = (text: string) => /a*b/.test(text) || /(?:a|aa)+$/.test("");
    const ratio = growth((times) => quadratic("a".repeat(times)));
    mustBeCaught("parser fuzz", "a quadratic parser", ratio > LINEAR);
  });
});

/**
 * How many times as much work eight times as much is (linear: 8, quadratic: 64), by the best of some tries: in time of
 * the processor, since a span on the clock holds the work of others too.
 */
function growth(run: (times: number) => unknown): number {
  const bestOf = (tries: number, times: number) => {
    const spans = Array.from({ length: tries }, () => {
      const before = process.cpuUsage();
      run(times);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...spans);
  };
  const small = bestOf(8, 4_000);
  const large = bestOf(3, 32_000);
  return large < NOISE_US ? 0 : large / small;
}

const BITS = [
  "\r\n",
  "\r",
  "\n",
  "\0",
  "\u2028",
  "\u202e",
  "\ud800",
  "\ufeff",
  "- [",
  "] @",
  "：",
  "**",
  "---",
  "## ",
  "# [",
  "\\",
  '"',
  "{",
  "}",
  "__proto__",
  "constructor",
  "1e999",
  "-1",
  "null",
  "[]",
  "|",
  "=",
  "../",
  "'''",
  '"""',
  "fence=",
  "\t",
  " ".repeat(300),
];

/** Seeds with a few places cut, doubled, or overwritten. */
function mutationsOf(seeds: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.constantFrom(0, 0, 0, 1, 2, 7, 40),
    put: fc.oneof(fc.constantFrom(...BITS), fc.string({ maxLength: 4 }), fc.constant("")),
  });
  const edits = fc.array(edit, { maxLength: 5 });
  const shape = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.replaceAll("\n", "\r\n"),
  );
  return fc.tuple(fc.constantFrom(...seeds), shape, edits).map(([seed, reshaped, changes]) =>
    changes.reduce((text, { at, cut, put }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + put + text.slice(place + cut);
    }, reshaped(seed)),
  );
}
