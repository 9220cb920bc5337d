import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readChecksums } from "../../scripts/release/checksums.ts";
import { homebrewFormula } from "../../scripts/release/homebrew-formula.ts";
import { runOrThrow } from "../../scripts/release/run-command.ts";
import { toolPath } from "../../scripts/release/system-tool.ts";
import { builtRelease } from "./support/built-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const ROOT = join(import.meta.dir, "..", "..");
const FORMULA_TARGETS = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"];

let release = "";
beforeAll(async () => {
  release = await builtRelease();
});

test("the formula names the version, and each archive with its own digest", async () => {
  const formula = homebrewFormula(ROOT, release);
  const { version } = await Bun.file(join(ROOT, "package.json")).json();
  expect(formula).toContain(`version "${version}"`);
  expect(formula).not.toContain("{{");
  for (const target of FORMULA_TARGETS) {
    const file = `mai-${target}.tar.gz`;
    expect(formula).toContain(`/v${version}/${file}"\n      sha256 "${readChecksums(release).get(file)}"`);
  }
});

test("the formula is Ruby, and its test block passes with the program of this machine", () =>
  withScratch(async (scratch) => {
    const path = join(scratch, "mai.rb");
    writeFileSync(path, homebrewFormula(ROOT, release));
    expect(await runOrThrow([toolPath("ruby"), "-wc", path])).toBe("Syntax OK\n");
    for (const name of ["bin", "home", "work"]) mkdirSync(join(scratch, name));
    symlinkSync(join(release, `mai-linux-${process.arch}`), join(scratch, "bin", "mai"));
    const double = join(import.meta.dir, "support", "formula-double.rb");
    const env = { HOME: join(scratch, "home"), PATH: process.env.PATH ?? "" };
    const command = [toolPath("ruby"), "-EUTF-8", double, path, join(scratch, "bin"), join(scratch, "work")];
    expect(await runOrThrow(command, { env })).toEndWith("4 sources, 3 completions, test passed\n");
  }));

test("a release without one of the four platforms gives no formula", () =>
  withScratch(async (scratch) => {
    writeFileSync(join(scratch, "SHA256SUMS"), `${"0".repeat(64)}  mai-linux-x64.tar.gz\n`);
    expect(() => homebrewFormula(ROOT, scratch)).toThrow("has no mai-darwin-arm64.tar.gz");
    writeFileSync(join(scratch, "SHA256SUMS"), "not a digest  mai-linux-x64.tar.gz\n");
    expect(() => homebrewFormula(ROOT, scratch)).toThrow("no digest and name");
  }));
