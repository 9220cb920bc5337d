import { join } from "node:path";
import { buildRelease } from "../../../scripts/release/build-release.ts";
import { ALL_TARGETS } from "../../../scripts/release/targets.ts";

const ROOT = join(import.meta.dir, "..", "..", "..");

let release: Promise<string> | undefined;

/**
 * Returns the directory of a release of this tree for every platform: the one in MAI_RELEASE_DIR, else one that is
 * built into dist/test-release by the first test that asks.
 */
export function builtRelease(): Promise<string> {
  release ??= givenOrBuilt();
  return release;
}

async function givenOrBuilt(): Promise<string> {
  if (process.env.MAI_RELEASE_DIR) return process.env.MAI_RELEASE_DIR;
  const outDir = join(ROOT, "dist", "test-release");
  await buildRelease({ projectRoot: ROOT, outDir, targets: ALL_TARGETS, onBuilt: () => undefined });
  return outDir;
}
