import { expect, setDefaultTimeout, test } from "bun:test";
import { runOrThrow } from "../../scripts/release/run-command.ts";
import { tarArchive } from "../../scripts/release/tar.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const FILES = [
  { path: "mai/mai", content: Buffer.alloc(1000, "a"), mode: 0o755 },
  { path: "mai/empty", content: Buffer.alloc(0), mode: 0o644 },
  { path: "mai/block", content: Buffer.alloc(512, "b"), mode: 0o644 },
];

test("tarArchive() writes what tar reads: names, modes, owner, time and content", async () => {
  await withScratch(async (scratch) => {
    await Bun.write(`${scratch}/a.tar`, tarArchive(FILES));
    const list = await runOrThrow(["tar", "--utc", "-tvf", `${scratch}/a.tar`]);
    expect(list.trim().split("\n")).toEqual([
      "-rwxr-xr-x root/root      1000 2000-01-01 00:00 mai/mai",
      "-rw-r--r-- root/root         0 2000-01-01 00:00 mai/empty",
      "-rw-r--r-- root/root       512 2000-01-01 00:00 mai/block",
    ]);
    await runOrThrow(["tar", "-xf", `${scratch}/a.tar`, "-C", scratch]);
    for (const { path, content } of FILES) {
      expect(Buffer.from(await Bun.file(`${scratch}/${path}`).bytes()).equals(content)).toBe(true);
    }
  });
});

test("tarArchive() refuses a path of 101 bytes", () => {
  const file = { content: Buffer.alloc(0), mode: 0o644 };
  expect(() => tarArchive([{ ...file, path: "a".repeat(101) }])).toThrow("too long");
  expect(tarArchive([{ ...file, path: "a".repeat(100) }]).length).toBe(1536);
});
