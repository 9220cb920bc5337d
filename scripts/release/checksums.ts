import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads the SHA256SUMS of a release: file name to digest.
 * @throws Error when a line is not of the form that `sha256sum` writes.
 */
export function readChecksums(releaseDir: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(releaseDir, "SHA256SUMS"), "utf8").trim().split("\n");
  return new Map(lines.map(parseLine));
}

function parseLine(line: string): readonly [string, string] {
  const [, digest, file] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
  if (digest === undefined || file === undefined) throw new Error(`SHA256SUMS: no digest and name: ${line}`);
  return [file, digest];
}
