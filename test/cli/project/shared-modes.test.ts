import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Stats } from "node:fs";
import type { System } from "../../../src/store/system.ts";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

/** A file system on which every mode is 0777 whatever chmod does, as on a drive of Windows in WSL. */
function sharedModes(system: System): System {
  const all = (stat: Stats | undefined) =>
    stat === undefined ? undefined : Object.assign(Object.create(stat), { mode: stat.mode | 0o777 });
  const { fs } = system;
  const calls = {
    fchmodSync: () => undefined,
    fstatSync: (...args: Parameters<typeof fs.fstatSync>) => all(fs.fstatSync(...args) as Stats),
    lstatSync: (...args: Parameters<typeof fs.lstatSync>) => all(fs.lstatSync(...args) as Stats),
    statSync: (...args: Parameters<typeof fs.statSync>) => all(fs.statSync(...args) as Stats),
  };
  return { ...system, fs: Object.assign(Object.create(fs), calls) };
}

test.each([[["init"]], [["project", "init", "new/inner"]]])(
  "%p says before it makes anything that modes have no effect, and names the safe place",
  async (argv) => {
    box.alterSystem = sharedModes;
    const before = box.tree("..");
    const { json } = await box.json(...argv, "-o", "admin");
    expect(json.error).toBe("PERMISSION_DENIED");
    expect(json.hint).toContain("below ~");
    expect(json.hint).toContain("mai init --allow-shared-modes");
    expect(box.tree("..")).toEqual(before);
  },
);

test("--allow-shared-modes goes on, is kept in the settings, and doctor says it", async () => {
  box.alterSystem = sharedModes;
  await box.ok("init", "--allow-shared-modes", "-o", "admin");
  expect(JSON.parse(box.read(".mai/config.json")).allow_shared_modes).toBe(true);
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
  await box.ok("issue", "claim", "REQ-001", "-o", "admin");
  const codes = (await box.json("doctor")).json.findings.map(({ code }: { code: string }) => code);
  // The home lies on the same file system here, and is told of by itself.
  expect([...new Set(codes)]).toEqual(["home_open", "shared_modes"]);
  expect((await box.ok("init", "--allow-shared-modes", "-o", "admin")).json.idempotent).toBe(true);
});

test("a project that is there is accepted by a root, and by nobody else", async () => {
  await box.ok("init", "-o", "admin");
  box.alterSystem = sharedModes;
  const refused = await box.json("issue", "new", "questions", "One", "-o", "admin");
  expect(refused.json).toMatchObject({
    error: "PERMISSION_DENIED",
    hint: expect.stringContaining("mai init --allow-shared-modes"),
  });
  const stranger = await box.json("init", "--allow-shared-modes", "-o", "stranger");
  expect(stranger.json.error).toBe("PERMISSION_DENIED");
  await box.ok("init", "--allow-shared-modes", "-o", "admin");
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});

test("where modes have an effect nothing is kept, and what the settings say opens nothing", async () => {
  await box.ok("init", "--allow-shared-modes", "-o", "admin");
  const config = JSON.parse(box.read(".mai/config.json"));
  expect(config.allow_shared_modes).toBeUndefined();
  box.write(".mai/config.json", JSON.stringify({ ...config, allow_shared_modes: true }));
  box.chmod(".mai", 0o777);
  const refused = await box.json("issue", "new", "questions", "One", "-o", "admin");
  expect(refused.json).toMatchObject({ error: "PERMISSION_DENIED", path: ".mai" });
  expect(box.names(".mai")).not.toContainEqual(expect.stringContaining("probe"));
});
