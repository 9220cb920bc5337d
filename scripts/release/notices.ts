import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LockedPackage, readLockfile } from "./lockfile.ts";

const PRINTED_IN_FULL = ["LGPL-2", "LGPL-2.1", "Apache-2.0"];

/**
 * Writes the text that accompanies every binary: what Bun contains, then each package in the program with its
 * licence as it ships it, then the licences that have to be printed in full.
 * @throws Error when a package is not installed or has no licence file.
 */
export function thirdPartyNotices(projectRoot: string): string {
  const ours = join(projectRoot, "packaging", "third-party");
  const packages = readLockfile(projectRoot).filter((locked) => locked.isRuntime);
  return [
    readFileSync(join(ours, "bun.md"), "utf8"),
    "## Packages in mai\n",
    ...packages.map((locked) => packageNotice(projectRoot, locked)),
    ...PRINTED_IN_FULL.map((name) => `## ${name}\n\n${readFileSync(join(ours, `${name}.txt`), "utf8")}`),
  ].join("\n");
}

function packageNotice(projectRoot: string, locked: LockedPackage): string {
  const directory = join(projectRoot, "node_modules", locked.name);
  const file = readdirSync(directory).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${locked.name} has no licence file in ${directory}`);
  const text = readFileSync(join(directory, file), "utf8").replaceAll("\r\n", "\n").trim();
  return `### ${locked.name} ${locked.version}\n\n${text}\n`;
}
