import { afterEach, expect, test } from "bun:test";
import { type Bad, mustBeCaught, secondsSince, settle } from "../support/report.ts";
import type { Program } from "../support/sandbox.ts";
import { variantInProcess } from "../support/variant.ts";
import { EXCHANGED, ExchangeStage, type Span } from "./exchanged-directories.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

const SPANS: readonly Span[] = ["one call", "from then on"];

let stage: ExchangeStage;
afterEach(() => stage.remove());

/** Exchanges each directory before every how many-th call, another one for each directory. */
async function sweep(
  step: number,
  options: { readonly program?: Program; readonly untilBad?: boolean } = {},
) {
  const started = performance.now();
  stage = await ExchangeStage.make(options.program);
  const calls = await stage.calls();
  const bad: Bad[] = [];
  let cases = 0;
  for (const [offset, directory] of EXCHANGED.entries()) {
    for (let nth = 1 + (offset % step); nth <= calls; nth += step) {
      const span = SPANS[cases % SPANS.length] ?? "one call";
      const touched = await stage.exchangedAt(directory, nth, span);
      cases += 1;
      if (touched.length > 0)
        bad.push({ at: `${directory} at call ${nth}, ${span}`, what: touched.join(", ") });
      if (bad.length > 0 && options.untilBad === true) return { cases, bad, seconds: secondsSince(started) };
    }
  }
  return { cases, bad, seconds: secondsSince(started) };
}

test(
  "whatever directory is exchanged for a link before whatever call, nothing outside is touched",
  async () => {
    const report = await sweep(sized(3, 1));
    settle("exchanged directories", { name: "a change that finishes another one", ...report });
    expect(report.cases).toBeGreaterThan(500);
  },
  TEST_TIMEOUT_MS,
);

test(
  "control: a program that goes by paths is led outside",
  async () => {
    const program = await variantInProcess("directories-not-pinned");
    const { bad } = await sweep(1, { program, untilBad: true });
    mustBeCaught("exchanged directories", "directories-not-pinned", bad.length > 0);
  },
  TEST_TIMEOUT_MS,
);
