import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNpmPackages } from "../../scripts/release/npm-packages.ts";
import { runCommand, runOrThrow } from "../../scripts/release/run-command.ts";
import { toolPath } from "../../scripts/release/system-tool.ts";
import { ALL_TARGETS } from "../../scripts/release/targets.ts";
import { packedPackage, servingPackages } from "./support/loopback-registry.ts";
import { PATIENCE_MS } from "./support/patience.ts";

setDefaultTimeout(PATIENCE_MS);

const ROOT = join(import.meta.dir, "..", "..");
const HERE = `linux-${process.arch}`;

// A release whose programs are scripts that say for which platform they are, packed by npm.
let scratch = "";
let npmEnv: Record<string, string> = {};
let packages: ReturnType<typeof packedPackage>[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "mai-npm-"));
  npmEnv = { HOME: scratch, PATH: process.env.PATH ?? "", npm_config_cache: join(scratch, "cache") };
  const releaseDir = join(scratch, "release");
  mkdirSync(releaseDir);
  writeFileSync(join(releaseDir, "THIRD-PARTY-NOTICES"), "notices\n");
  for (const { name } of ALL_TARGETS) {
    const program = `#!/bin/sh\necho "${name} $$ $*"\nexit 7\n`;
    writeFileSync(join(releaseDir, `mai-${name}`), program, { mode: 0o755 });
  }
  const outDir = join(scratch, "packages");
  const directories = writeNpmPackages({ projectRoot: ROOT, releaseDir, outDir, targets: ALL_TARGETS });
  const pack = [toolPath("npm"), "pack", "--json", "--pack-destination", scratch, ...directories];
  const packed: { readonly filename: string }[] = JSON.parse(
    await runOrThrow(pack, { cwd: scratch, env: npmEnv }),
  );
  packages = directories.map((directory, index) =>
    packedPackage(directory, join(scratch, packed[index]?.filename ?? "")),
  );
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function install(place: string, client: (registry: string) => readonly string[]): Promise<string> {
  const directory = join(scratch, place);
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), '{"private":true}');
  return servingPackages(packages, async (registry) => {
    const env = { ...npmEnv, npm_config_registry: registry };
    await runOrThrow(client(registry), { cwd: directory, env });
    return directory;
  });
}

function installedPackages(directory: string): readonly string[] {
  return readdirSync(join(directory, "node_modules", "@mai-cli")).sort();
}

async function expectBecomesProgram(directory: string) {
  const child = Bun.spawn([join(directory, "node_modules/.bin/mai"), "issue", "list"], { stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe(`${HERE} ${child.pid} issue list\n`);
  expect(await child.exited).toBe(7);
}

test("npm installs the package for this machine alone, and mai becomes its program", async () => {
  const npm = [toolPath("npm"), "install", "--no-audit", "--no-fund", "@mai-cli/mai"];
  const directory = await install("with-npm", () => npm);
  expect(installedPackages(directory)).toEqual([HERE, "mai"]);
  await expectBecomesProgram(directory);
});

test("Bun installs the package for this machine alone, and mai becomes its program", async () => {
  const directory = await install("with-bun", (registry) => [
    ...[process.execPath, "add", "--registry", registry, "--cache-dir", join(scratch, "bun-cache")],
    "@mai-cli/mai",
  ]);
  expect(installedPackages(directory)).toEqual([HERE, "mai"]);
  await expectBecomesProgram(directory);
});

test("with the builds for both C libraries installed, mai becomes the one for this system's", async () => {
  const directory = join(scratch, "both");
  const scope = join(directory, "node_modules", "@mai-cli");
  for (const name of ["mai", HERE, `${HERE}-musl`]) {
    cpSync(join(scratch, "packages", name), join(scope, name), { recursive: true });
  }
  const result = await runCommand([join(scope, "mai", "bin", "mai"), "--version"]);
  expect(result.stdout).toStartWith(`${HERE} `);
});

test("without a package for this machine, mai says so and exits 1", async () => {
  const directory = join(scratch, "none");
  cpSync(join(scratch, "packages", "mai"), join(directory, "node_modules/@mai-cli/mai"), { recursive: true });
  const result = await runCommand([join(directory, "node_modules/@mai-cli/mai/bin/mai")]);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(`is not installed (one of: ${HERE} ${HERE}-musl)`);
});

test("the launcher is clean for shellcheck", async () => {
  await runOrThrow([toolPath("shellcheck"), join(ROOT, "packaging", "npm", "bin", "mai")]);
});
