import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { obtainBaseExecutable } from "../../scripts/release/base-executable.ts";
import { sha256Of } from "../../scripts/release/file-digest.ts";
import { ALL_TARGETS, TARGETS } from "../../scripts/release/targets.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const CACHE_BEFORE = process.env.MAI_BUILD_CACHE;
afterEach(() => {
  if (CACHE_BEFORE === undefined) delete process.env.MAI_BUILD_CACHE;
  else process.env.MAI_BUILD_CACHE = CACHE_BEFORE;
});

test("a cached runtime that is not the pinned one is refused, with its path and both digests", () =>
  withScratch(async (cache) => {
    process.env.MAI_BUILD_CACHE = cache;
    const path = join(cache, "bun-0.0.0", "darwin-x64", "bun");
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "another runtime");
    const refused = obtainBaseExecutable(TARGETS["darwin-x64"], "0.0.0");
    await expect(refused).rejects.toThrow(`${path} is not the pinned @oven/bun-darwin-x64: SHA-256 `);
    expect(readFileSync(path, "utf8")).toBe("another runtime");
  }));

test("the running Bun is used where it is the pinned runtime of a platform", async () => {
  const running = sha256Of(readFileSync(process.execPath));
  for (const target of ALL_TARGETS.filter((candidate) => candidate.baseSha256 === running)) {
    expect(await obtainBaseExecutable(target, "0.0.0")).toBe(process.execPath);
  }
});
