import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRelease } from "./release/build-release.ts";
import { homebrewFormula } from "./release/homebrew-formula.ts";
import { checkTarget } from "./release/smoke/check-target.ts";
import { targetLine } from "./release/target-line.ts";
import { ALL_TARGETS } from "./release/targets.ts";

const projectRoot = join(import.meta.dir, "..");
const releaseDir = join(projectRoot, "dist", "release");

const built = await buildRelease({
  projectRoot,
  outDir: releaseDir,
  targets: ALL_TARGETS,
  onBuilt: ({ target }) => console.log(`built ${target.name}`),
});
writeFileSync(join(releaseDir, "mai.rb"), homebrewFormula(projectRoot, releaseDir));
const tests = await runTests();

const lines: string[] = [];
let isGood = tests === 0;
for (const one of built) {
  const verdict = await verdictOf(one.target, join(releaseDir, one.binary.file));
  isGood &&= verdict.isGood;
  lines.push(`${verdict.isGood ? "ok  " : "FAIL"} ${targetLine(one)}  ${verdict.text}`);
}
console.log(`\n${lines.join("\n")}`);
console.log(isGood ? `\n${releaseDir} may be released.` : "\nNot to be released.");
process.exitCode = isGood ? 0 : 1;

async function verdictOf(target: (typeof ALL_TARGETS)[number], binary: string) {
  try {
    return { isGood: true, text: await checkTarget(target, binary) };
  } catch (fault) {
    return { isGood: false, text: fault instanceof Error ? fault.message : String(fault) };
  }
}

// The same files that `bun run check` runs, on this build, without the jobs that the verdicts are about to run.
async function runTests(): Promise<number> {
  const files = [...new Bun.Glob("test/release/*.test.ts").scanSync(projectRoot)];
  const chosen = files.filter((file) => !file.endsWith("/smoke.test.ts")).map((file) => `./${file}`);
  const child = Bun.spawn([process.execPath, "test", ...chosen.toSorted()], {
    cwd: projectRoot,
    env: { ...process.env, MAI_RELEASE_DIR: releaseDir },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return await child.exited;
}
