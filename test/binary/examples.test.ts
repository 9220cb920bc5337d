import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { MAI, requireBinary, requireTool, scratchDirectory } from "../support/binary.ts";

requireBinary();
const EXAMPLES = resolve(import.meta.dir, "../../examples");

test("the three agents of the example finish three issues, each sent back once and accepted by the lead", () => {
  const base = scratchDirectory("disk");
  try {
    mkdirSync(join(base, "bin"));
    symlinkSync(MAI, join(base, "bin", "mai"));
    const run = Bun.spawnSync(["sh", join(EXAMPLES, "three-agents/run.sh"), join(base, "team")], {
      env: { HOME: base, PATH: `${join(base, "bin")}:/usr/bin:/bin` },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    expect([run.exitCode, run.stderr.toString()]).toEqual([0, ""]);
    const events = eventsOf(join(base, "team/.mai/events"));
    const times = (type: string) => events.filter((event) => event.type === type).length;
    expect(times("issue.created")).toBe(3);
    expect(times("issue.rejected")).toBe(3);
    expect(times("issue.completed")).toBe(3);
    // A claim for each draft and each final page, and the lead works on nothing.
    const claims = events.filter((event) => event.type === "issue.claimed");
    expect(claims).toHaveLength(6);
    expect(claims.every(({ actor }) => actor === "ada" || actor === "ben")).toBe(true);
  } finally {
    rmSync(base, { recursive: true });
  }
}, 120_000);

test("shellcheck finds nothing in the scripts of the examples", () => {
  requireTool("shellcheck", "shellcheck");
  const scripts = [...new Bun.Glob("**/*.sh").scanSync({ cwd: EXAMPLES, absolute: true })];
  expect(scripts.length).toBeGreaterThan(3);
  const check = Bun.spawnSync(["shellcheck", ...scripts]);
  expect(check.stdout.toString()).toBe("");
  expect(check.exitCode).toBe(0);
});

function eventsOf(directory: string): readonly { readonly type: string; readonly actor: string }[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .flatMap((name) => readFileSync(join(directory, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line));
}
