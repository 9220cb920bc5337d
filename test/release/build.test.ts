import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRelease } from "../../scripts/release/build-release.ts";
import { compileBinary } from "../../scripts/release/compile-binary.ts";
import { readLockfile } from "../../scripts/release/lockfile.ts";
import { verifyMachoSignature } from "../../scripts/release/macho-signature.ts";
import { runCommand, runOrThrow } from "../../scripts/release/run-command.ts";
import { parseTargetList } from "../../scripts/release/targets.ts";
import { builtRelease } from "./support/built-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const ROOT = join(import.meta.dir, "..", "..");
const SOURCES = ["src", "packaging", "package.json", "bun.lock", "tsconfig.json", "LICENSE", "install.sh"];

// A tree without git, as a tarball unpacks it, and the release of this one, built in another directory.
let scratch = "";
let outDir = "";
let release = "";

beforeAll(async () => {
  release = await builtRelease();
  scratch = mkdtempSync(join(tmpdir(), "mai-release-"));
  outDir = join(scratch, "out");
  const tree = join(scratch, "quite", "another", "place");
  copySources(tree);
  const targets = parseTargetList("linux-x64,darwin-x64");
  await buildRelease({ projectRoot: tree, outDir, targets, onBuilt: () => undefined });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function copySources(tree: string) {
  mkdirSync(tree, { recursive: true });
  for (const name of SOURCES) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  for (const { name, isRuntime } of readLockfile(ROOT)) {
    if (!isRuntime) continue;
    cpSync(join(ROOT, "node_modules", name), join(tree, "node_modules", name), { recursive: true });
  }
}

function built(file: string): Buffer {
  return readFileSync(join(outDir, file));
}

test("two builds in two directories are the same to the bit, all but the commit in the manifest", () => {
  const files = readdirSync(outDir).filter((file) => !["manifest.json", "SHA256SUMS"].includes(file));
  expect(files.toSorted()).toEqual([
    "THIRD-PARTY-NOTICES",
    "install.sh",
    "mai-darwin-x64",
    "mai-darwin-x64.tar.gz",
    "mai-linux-x64",
    "mai-linux-x64.tar.gz",
    "mai.cdx.json",
  ]);
  for (const file of files) {
    const isSame = built(file).equals(readFileSync(join(release, file)));
    expect({ file, isSame }).toEqual({ file, isSame: true });
  }
});

test("SHA256SUMS covers every file and is what sha256sum checks", async () => {
  const answer = await runOrThrow(["sha256sum", "--check", "--strict", "SHA256SUMS"], { cwd: outDir });
  expect(answer.trim().split("\n").length).toBe(readdirSync(outDir).length - 1);
});

test("the manifest of a tree without git says version, Bun, sizes and digests, and null for the commit", () => {
  const manifest = JSON.parse(built("manifest.json").toString());
  const { version, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "mai", version, bun: engines.bun });
  expect(manifest.commit).toBe(process.env.MAI_COMMIT ?? null);
  expect(manifest.targets.map((one: { target: string }) => one.target)).toEqual(["linux-x64", "darwin-x64"]);
  for (const { binary, archive } of manifest.targets) {
    expect(binary.bytes).toBe(built(binary.file).length);
    expect(archive.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

test("an archive holds one directory with the program, its licence and the notices", async () => {
  const archive = join(outDir, "mai-linux-x64.tar.gz");
  const list = await runOrThrow(["tar", "-tzf", archive]);
  expect(list).toBe("mai-linux-x64/mai\nmai-linux-x64/LICENSE\nmai-linux-x64/THIRD-PARTY-NOTICES\n");
});

test("every page of the binary for macOS on x64 has the hash that its signature says", () => {
  const report = verifyMachoSignature(built("mai-darwin-x64"));
  expect(report.problems).toEqual([]);
  expect(report.pages).toBeGreaterThan(20_000);
});

test("a name that is no target is refused with the list of targets", async () => {
  const script = join(ROOT, "scripts", "build-binaries.ts");
  const result = await runCommand([process.execPath, script, "--targets", "linux-x64,amiga"]);
  expect(result.exitCode).not.toBe(0);
  expect(result.stderr).toContain("unknown target 'amiga'; the targets are linux-x64, linux-arm64,");
});

test("a compiled program reads neither .env nor bunfig.toml of the directory that it runs in", async () => {
  await withScratch(async (directory) => {
    await Bun.write(join(directory, "src/main.ts"), 'console.log(process.env.FROM_DOTENV ?? "clean");');
    await compileBinary({ projectRoot: directory, outFile: join(directory, "dist/mai") });
    await Bun.write(join(directory, "trap/.env"), "FROM_DOTENV=trapped\n");
    await Bun.write(join(directory, "trap/bunfig.toml"), 'preload = ["./trap.ts"]\n');
    await Bun.write(join(directory, "trap/trap.ts"), 'console.log("preloaded");');
    const output = await runOrThrow([join(directory, "dist/mai")], { cwd: join(directory, "trap") });
    expect(output).toBe("clean\n");
  });
});

test("the version comes into the program without the rest of package.json", async () => {
  const bundle = await Bun.build({ entrypoints: [join(ROOT, "src", "version.ts")], target: "bun" });
  const text = await bundle.outputs[0]?.text();
  expect(text).toContain(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version);
  expect(text).not.toContain("devDependencies");
  expect(text).not.toContain("citty");
});
