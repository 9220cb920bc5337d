import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "../support/sandbox.ts";

const PROJECTS = 20;

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

async function raceInits(lock: "lock" | "nolock"): Promise<readonly string[]> {
  const home = join(box.base, "race-home");
  await Bun.write(join(home, "config.json"), '{"root":[]}');
  const names = Array.from({ length: PROJECTS }, (_, index) => `p${index}`);
  for (const name of names) box.mkdir(name);
  const script = join(import.meta.dir, "../support/racing-init.ts");
  const runs = names.map((name) =>
    Bun.spawn([process.execPath, script, box.path(name), home, lock], { stdout: "pipe" }),
  );
  for (const run of runs) {
    expect(JSON.parse(await new Response(run.stdout).text()).warnings).toEqual([]);
    expect(await run.exited).toBe(0);
  }
  const { projects } = JSON.parse(readFileSync(join(home, "registry.json"), "utf8"));
  return projects.map(({ name }: { name: string }) => name);
}

test("20 projects that are made at the same time are 20 entries of the registry", async () => {
  const names = await raceInits("lock");
  expect(names.toSorted()).toEqual(Array.from({ length: PROJECTS }, (_, index) => `p${index}`).toSorted());
}, 60_000);

test("control: without the lock some of the 20 are lost", async () => {
  expect((await raceInits("nolock")).length).toBeLessThan(PROJECTS);
}, 60_000);
