import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeRuntime } from "../../scripts/release/close-runtime.ts";
import { withScratch } from "./support/scratch.ts";

const NAMES = "BUN_OPTIONS\0BUN_OPTIONS|BUN_BE_BUN|".concat("BUN_INSPECT_PRELOAD|".repeat(7));

test("names that are looked up are blanked, those in texts and scripts stay, and the length too", async () => {
  await withScratch(async (scratch) => {
    const [from, to] = [join(scratch, "bun"), join(scratch, "closed")];
    const text = "warn: BUN_INSPECT_CONNECT_TO is ignored; process.env.BUN_INSPECT_NOTIFY";
    writeFileSync(from, NAMES + text);
    closeRuntime(from, to);
    expect(readFileSync(to, "latin1")).toBe(
      NAMES.replaceAll("BUN_", "\0UN_").replaceAll("BE_\0UN", "BE_BUN") + text,
    );
  });
});

test("a name that is there more or less often ends the build", async () => {
  await withScratch(async (scratch) => {
    const [from, to] = [join(scratch, "bun"), join(scratch, "closed")];
    writeFileSync(from, `${NAMES}BUN_BE_BUN`);
    expect(() => closeRuntime(from, to)).toThrow("has BUN_BE_BUN 2 times, not 1");
    writeFileSync(from, NAMES.replace("BUN_OPTIONS", "BUN_CHOICES"));
    expect(() => closeRuntime(from, to)).toThrow("has BUN_OPTIONS 1 times, not 2");
  });
});
