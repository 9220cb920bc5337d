import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trackedPaths } from "../../src/codec/git-index.ts";

const PATHS = ["a", "a-longer-name.txt", "a-longer-name.txt.2", "中文/文件.md"];

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "mai-git-"));
});
afterAll(() => rmSync(base, { recursive: true }));

function indexOf(format: "sha1" | "sha256", version: number): Uint8Array {
  const directory = mkdtempSync(join(base, "r"));
  const git = (...words: readonly string[]) => {
    const { exitCode, stderr } = Bun.spawnSync(["git", ...words], { cwd: directory });
    if (exitCode !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
  };
  git("init", "-q", `--object-format=${format}`);
  for (const path of PATHS) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), path);
  }
  git("add", ".");
  // An entry with extended flags needs version 3 at least.
  if (version === 3) {
    writeFileSync(join(directory, "later"), "x");
    git("add", "-N", "later");
  }
  git("update-index", "--index-version", String(version));
  return readFileSync(join(directory, ".git/index"));
}

for (const format of ["sha1", "sha256"] as const) {
  test.each([2, 3, 4])(`trackedPaths() reads what git writes: ${format}, version %d`, (version) => {
    const paths = trackedPaths(indexOf(format, version), format === "sha1" ? 20 : 32);
    const expected = PATHS;
    expect(paths?.toSorted()).toEqual([...expected, ...(version === 3 ? ["later"] : [])].toSorted());
  });
}

test("trackedPaths() knows what it cannot read: another file, another version, every cut", () => {
  const index = Buffer.from(indexOf("sha1", 4));
  expect(trackedPaths(Buffer.from("not an index"), 20)).toBeNull();
  const newer = Buffer.from(index);
  newer.writeUInt32BE(5, 4);
  expect(trackedPaths(newer, 20)).toBeNull();
  const whole = trackedPaths(index, 20);
  for (let length = 0; length < index.length - 24; length += 1) {
    const paths = trackedPaths(index.subarray(0, length), 20);
    if (paths !== null) expect<readonly string[] | null>(paths).toEqual(whole);
  }
});
