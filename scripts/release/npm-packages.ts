import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProject } from "./project.ts";
import type { Target } from "./targets.ts";

/** Says which release is packed for npm, and where the directories of its packages are written. */
export interface NpmOptions {
  readonly projectRoot: string;
  /** The directory that holds the binaries and THIRD-PARTY-NOTICES. */
  readonly releaseDir: string;
  readonly outDir: string;
  readonly targets: readonly Target[];
}

/**
 * Writes the npm packages of a release, a directory each, ready for `npm pack` or `npm publish`: one with the program
 * for every platform, and `mai`, which users install and which asks for all of them as optional dependencies; the
 * package client takes the one whose `os`, `cpu` and `libc` fit. Returns the directories, `mai` last: it must be
 * published last.
 */
export function writeNpmPackages(options: NpmOptions): readonly string[] {
  const main = JSON.parse(readFileSync(join(options.projectRoot, "packaging/npm/package.json"), "utf8"));
  const { version } = readProject(options.projectRoot);
  const platforms = options.targets.map((target) => writePlatform(options, { target, main, version }));
  const optionalDependencies = Object.fromEntries(
    options.targets.map((target) => [packageName(target), version]),
  );
  const directory = join(options.outDir, "mai");
  cpSync(join(options.projectRoot, "packaging/npm"), directory, { recursive: true });
  chmodSync(join(directory, "bin", "mai"), 0o755);
  copyFileSync(join(options.projectRoot, "LICENSE"), join(directory, "LICENSE"));
  writeJson(directory, { ...main, version, optionalDependencies });
  return [...platforms, directory];
}

interface Platform {
  readonly target: Target;
  /** The package.json of the package that users install. */
  readonly main: Record<string, unknown>;
  readonly version: string;
}

function writePlatform(options: NpmOptions, { target, main, version }: Platform): string {
  const directory = join(options.outDir, target.name);
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(options.releaseDir, `mai-${target.name}`), join(directory, "mai"));
  chmodSync(join(directory, "mai"), 0o755);
  copyFileSync(join(options.projectRoot, "LICENSE"), join(directory, "LICENSE"));
  copyFileSync(join(options.releaseDir, "THIRD-PARTY-NOTICES"), join(directory, "THIRD-PARTY-NOTICES"));
  const { homepage, repository, license } = main;
  writeJson(directory, {
    name: packageName(target),
    version,
    description: `The program of @mai-cli/mai for ${target.name}`,
    homepage,
    repository,
    license,
    files: ["mai", "LICENSE", "THIRD-PARTY-NOTICES"],
    preferUnplugged: true,
    os: [target.os],
    cpu: [target.cpu],
    ...(target.libc === null ? {} : { libc: [target.libc] }),
  });
  return directory;
}

function packageName(target: Target): string {
  return `@mai-cli/${target.name}`;
}

function writeJson(directory: string, content: object) {
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(content, null, 2)}\n`);
}
