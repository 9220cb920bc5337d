import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterEach(() => box.remove());

/** Words that are offered after these; the last one is being typed. */
async function offered(...typed: readonly string[]): Promise<readonly string[]> {
  const { json } = await box.ok("complete-words", "--", "mai", ...typed);
  return json.words.map(({ word }: { word: string }) => word);
}

describe("what may be typed next", () => {
  test("commands and groups, and after a group its verbs", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(["init", "next", "issue", "queue"]));
    expect(await offered("iss")).toEqual(["issue"]);
    expect(await offered("issue", "co")).toEqual(["complete", "confirm"]);
    expect(await offered("isue", "")).toEqual([]);
  });

  test("every visible command is offered, and no hidden one", async () => {
    const single = await offered("");
    for (const [words, { hidden }] of Object.entries(COMMANDS)) {
      const parts = words.split(" ");
      const [first = "", ...rest] = parts;
      const found = rest.length === 0 ? single : await offered(first, rest[0] ?? "");
      expect([words, found.includes(parts.at(-1) ?? "")]).toEqual([words, hidden !== true]);
    }
  });

  test("options that do not stand there yet, in every place", async () => {
    expect(await offered("issue", "claim", "REQ-001", "--f")).toEqual(["--fence", "--force", "--format"]);
    expect(await offered("issue", "claim", "--force", "--fo")).toEqual(["--format"]);
    expect(await offered("--js")).toEqual(["--json"]);
  });

  test("values of options: choices, agents, queues, in both spellings", async () => {
    expect(await offered("issue", "list", "--status", "o")).toEqual(["OPEN"]);
    expect(await offered("issue", "list", "--status=o")).toEqual(["--status=OPEN"]);
    expect(await offered("issue", "list", "--status", "=", "o")).toEqual(["OPEN"]);
    expect(await offered("issue", "claim", "REQ-001", "-o", "b")).toEqual(["bob"]);
    expect(await offered("next", "--queue", "q")).toEqual(["questions"]);
    expect(await offered("--json", "--format", "")).toEqual(["text", "json"]);
  });

  test("ids of unfinished issues in any case, with their titles; finished ones where only those make sense", async () => {
    await box.ok("issue", "new", "questions", "Two", "-o", "alice");
    await box.ok("issue", "complete", "REQ-002", "done", "-o", "alice");
    const { json } = await box.ok("complete-words", "--", "mai", "issue", "claim", "req");
    expect(json.words).toEqual([{ word: "REQ-001", description: "OPEN  One" }]);
    expect(await offered("issue", "reopen", "")).toEqual(["REQ-002"]);
    expect(await offered("issue", "show", "REQ-002")).toEqual(["REQ-002"]);
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    expect(await offered("lock", "release", "")).toEqual(["REQ-001"]);
  });

  test("positionals in their order, and nothing where a text of one's own belongs", async () => {
    expect(await offered("issue", "transfer", "REQ-001", "al")).toEqual(["alice"]);
    expect(await offered("issue", "transfer", "REQ-001", "alice", "")).toEqual([]);
    expect(await offered("issue", "new", "-o", "alice", "que")).toEqual(["questions"]);
    expect(await offered("queue", "create", "")).toEqual([]);
    expect(await offered("guide", "c")).toEqual(["claim"]);
    expect(await offered("config", "get", "agents.alice")).toEqual([
      "agents.alice.heartbeat_minutes",
      "agents.alice.max_in_progress",
    ]);
  });

  test("files where a file belongs", async () => {
    const { json } = await box.ok("complete-words", "--", "mai", "config", "apply", "");
    expect(json).toMatchObject({ words: [], files: true });
    expect((await box.run("complete-words", "--", "mai", "config", "apply", "")).stdout).toBe(":files\n");
  });

  test("the issues of a project that --project names", async () => {
    const root = box.cwd;
    const outside = new Sandbox();
    const line = ["complete-words", "--", "mai", "--project", root, "issue", "claim", ""];
    expect((await outside.ok(...line)).json.words).toHaveLength(1);
    outside.remove();
  });
});

describe("never fails", () => {
  test("outside a project, in one that cannot be read, with an odd environment: no names, no error", async () => {
    box.write(".mai/config.json", "{");
    expect(await box.run("complete-words", "--", "mai", "issue", "claim", "")).toMatchObject({
      code: 0,
      stdout: "",
    });
    box.delete(".mai");
    box.env = { ...box.env, MAI_LOCK_TIMEOUT: "soon" };
    for (const typed of [
      ["issue", "claim", ""],
      ["issue", "claim", "REQ-001", "-o", ""],
      ["--project", ""],
    ]) {
      const run = await box.run("complete-words", "--", "mai", ...typed);
      expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
    }
  });

  test("offers an issue whose file cannot be read, by its id", async () => {
    box.write(".mai/queues/questions/REQ-001.md", "nothing");
    expect(await offered("issue", "show", "")).toEqual(["REQ-001"]);
  });

  test("names that would steer a terminal or the script that asks are left out", async () => {
    const config = JSON.parse(box.read(".mai/config.json"));
    config.queues[":files"] = config.queues.questions;
    box.write(".mai/config.json", JSON.stringify(config));
    box.write(".mai/queues/\u001b[31mred/REQ-009.md", "# [REQ-009] x\n");
    box.write(".mai/queues/\u202eevil/REQ-009.md", "# [REQ-009] x\n");
    const { stdout } = await box.run("complete-words", "--", "mai", "issue", "new", "");
    expect(stdout).toContain("questions\t");
    expect(stdout).not.toMatch(/[^\n\t\P{C}]/u);
    expect(stdout).not.toMatch(/^:|evil|red/m);
  });

  test("the time does not grow with finished work: of any number of issues 300 are read", async () => {
    for (let number = 2; number < 350; number += 1) {
      const id = `REQ-${String(number).padStart(3, "0")}`;
      box.write(
        `.mai/queues/questions/${id}.md`,
        box.read(".mai/queues/questions/REQ-001.md").replaceAll("REQ-001", id),
      );
    }
    let opened = 0;
    box.alterSystem = (system) => ({
      ...system,
      fs: {
        ...system.fs,
        openSync(...args) {
          if (String(args[0]).includes("/queues/")) opened += 1;
          return system.fs.openSync(...args);
        },
      },
    });
    expect(await offered("issue", "claim", "")).toHaveLength(100);
    expect(opened).toBe(300);
  });
});
