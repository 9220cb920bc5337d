import { afterEach, beforeEach, expect, test } from "bun:test";
import { failing } from "../support/failing.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

test.each(["async", ".mai"])(
  "where %s lies in a lower layer of overlayfs, nothing is deleted and the way out is told",
  async (directory) => {
    const before = box.tree();
    box.alterSystem = failing("renameSync", (from) => from === box.path(directory), "EXDEV");
    const { json } = await box.json("project", "delete", ".", "--yes", "-o", "admin");
    expect(json).toMatchObject({ error: "IO_ERROR", errno: "EXDEV", path: box.path(directory) });
    expect(json.hint).toContain("Nothing was deleted.");
    box.alterSystem = (system) => system;
    expect(box.tree()).toEqual(before);

    // The hint, typed as it stands.
    const [, line = ""] = /(cd '.*)$/.exec(json.hint) ?? [];
    expect(Bun.spawnSync(["sh", "-c", line]).exitCode).toBe(0);
    expect(box.tree()).toEqual(before);
    await box.ok("project", "delete", ".", "--yes", "-o", "admin");
  },
);
