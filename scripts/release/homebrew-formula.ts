import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readChecksums } from "./checksums.ts";
import { readProject } from "./project.ts";

/**
 * Writes the Homebrew formula of a release: the template with the version and the digests of the archives.
 * @throws Error when the release lacks one of the platforms that the formula names.
 */
export function homebrewFormula(projectRoot: string, releaseDir: string): string {
  const template = readFileSync(join(projectRoot, "packaging/homebrew/mai.rb.template"), "utf8");
  const values = new Map([...readChecksums(releaseDir), ["version", readProject(projectRoot).version]]);
  return template.replaceAll(/\{\{(.+?)\}\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${join(releaseDir, "SHA256SUMS")} has no ${name}`);
    return value;
  });
}
