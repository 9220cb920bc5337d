import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { Sandbox } from "../../support/sandbox.ts";

const PATH = ".mai/queues/questions/REQ-001.md";
const DECISION = ".mai/decisions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.env = { ...box.env, PATH: process.env.PATH };
  await box.ok("issue", "new", "questions", "One", "-o", "bob");
});
afterEach(() => box.remove());

const complete = (...rest: readonly string[]) => box.json("issue", "complete", "REQ-001", "merged", ...rest);
const shown = async () => (await box.ok("issue", "show", "REQ-001")).json.issue;
const lastEvent = () => {
  const text = box
    .names(".mai/events")
    .map((name) => box.read(`.mai/events/${name}`))
    .join("");
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
};
/** The files of the project without what a command put beside it. */
const project = () => [...box.tree(".mai")];

describe("mai issue complete --evidence", () => {
  test("runs commands and looks at files in order, and tells them in answer, record, decision and event", async () => {
    const command = "cmd:echo all, green > report.txt; echo ran; echo oops >&2";
    const run = await complete("-o", "bob", "--evidence", command, "--evidence", "file:report.txt");
    const sha256 = new Bun.CryptoHasher("sha256").update("all, green\n").digest("hex");
    const found = [
      {
        kind: "command",
        command: "echo all, green > report.txt; echo ran; echo oops >&2",
        exit_code: 0,
        duration_ms: expect.any(Number),
        output: "ran\noops",
      },
      { kind: "file", path: "report.txt", bytes: 11, sha256 },
    ];
    expect(run).toMatchObject({ code: 0, stderr: "", json: { status: "COMPLETED", evidence: found } });
    expect(lastEvent().data).toMatchObject({ text: "merged", evidence: found });
    const lines = [
      expect.stringMatching(/^证据 1: 命令 "echo all, green > report.txt; .*"，退出码 0，用时 \d+\.\d 秒$/),
      "> ran",
      "> oops",
      `证据 2: 文件 report.txt，11 字节，sha256 ${sha256}`,
    ];
    const [record] = (await shown()).records;
    expect(record.text.split("\n")).toEqual(["完成（证据 2 项）：merged", ...lines]);
    const decision = box.read(DECISION).trimEnd().split("\n");
    expect(decision.slice(-8)).toEqual([
      "**结论：** merged",
      "**处理人：** bob",
      "**证据：** 2",
      "",
      ...lines,
    ]);
  });

  test("tells what its commands say on standard error, for people only", async () => {
    const run = await box.run("issue", "confirm", "REQ-001", "-o", "bob", "--evidence", "cmd:echo ran");
    expect(run).toMatchObject({ code: 0, stderr: "ran\n" });
    expect(run.stdout).toMatch(/^REQ-001 completed\n {2}"echo ran": exit 0, \d\.\d s\n$/);
    expect((await shown()).records[0].text).toStartWith("确认完成（证据 1 项）\n证据 1: ");
  });

  test("speaks English where the files do", async () => {
    await box.ok("config", "set", "language", "en", "-o", "admin");
    await complete("-o", "bob", "--evidence", "cmd:true");
    expect((await shown()).records[0].text).toMatch(
      /^Completed \(evidence: 1\): merged\nEvidence 1: command "true", exit 0, \d\.\d s$/,
    );
    expect(box.read(DECISION)).toContain("**By:** bob\n**Evidence:** 1\n\nEvidence 1: command");
  });

  test("refuses when a command fails, with its last lines, and runs nothing after it", async () => {
    const before = project();
    const run = await complete(
      "-o",
      "bob",
      "--evidence",
      "cmd:echo bad; exit 3",
      "--evidence",
      "cmd:touch ran",
    );
    expect(run.json).toMatchObject({
      ...{ error: "EVIDENCE_FAILED", exit_code: 1, issue_id: "REQ-001" },
      message: '"echo bad; exit 3" ended with 3; nothing was changed.',
      evidence: { command: "echo bad; exit 3", exit_code: 3, output: "bad", signal: null },
    });
    expect(box.exists("ran")).toBe(false);
    expect(project()).toEqual(before);
  });

  test("refuses when a signal without a name ended the command", async () => {
    const before = project();
    const run = await complete("-o", "bob", "--evidence", "cmd:kill -40 $$");
    expect(run.json).toMatchObject({
      ...{ error: "EVIDENCE_FAILED", exit_code: 1 },
      message: '"kill -40 $$" was ended by signal 40; nothing was changed.',
      evidence: { exit_code: 168, signal: "signal 40" },
    });
    expect(project()).toEqual(before);
  });

  test("refuses a file that is missing, is none, or cannot be named in one line", async () => {
    mkdirSync(box.path("folder"));
    const before = project();
    const refused = async (what: string) => (await complete("-o", "bob", "--evidence", what)).json.error;
    expect(await refused("file:none.txt")).toBe("NOT_FOUND");
    expect(await refused("file:folder")).toBe("INVALID_TEXT");
    expect(await refused("file:a\nb")).toBe("USAGE");
    expect(await refused("make test")).toBe("USAGE");
    expect(await refused("cmd:")).toBe("USAGE");
    expect(project()).toEqual(before);
  });

  test("hashes a file of any size as it lies there", async () => {
    const text = "x".repeat(1_000_003);
    box.write("big.bin", text);
    const { json } = await complete("-o", "bob", "--evidence", "file:big.bin");
    const sha256 = new Bun.CryptoHasher("sha256").update(text).digest("hex");
    expect(json.evidence).toEqual([{ kind: "file", path: "big.bin", bytes: 1_000_003, sha256 }]);
  });

  test("runs no command for whom it would refuse anyway", async () => {
    const evidence = ["--evidence", "cmd:touch ran"];
    expect((await complete("-o", "alice", ...evidence)).json.error).toBe("PERMISSION_DENIED");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    expect((await complete("-o", "bob", ...evidence)).json.error).toBe("LOCK_HELD");
    await box.ok("issue", "transfer", "REQ-001", "bob", "-o", "alice");
    expect((await complete("-o", "bob", "--fence", "7", ...evidence)).json.error).toBe("STALE_FENCE");
    await box.ok("issue", "discard", "REQ-001", "x", "-o", "bob");
    expect((await complete("-o", "bob", ...evidence)).json.error).toBe("ISSUE_DISCARDED");
    await box.ok("issue", "new", "questions", "Two", "-o", "bob", "--accept", "tests pass");
    const open = await box.json("issue", "complete", "REQ-002", "x", "-o", "bob", ...evidence);
    expect(open.json.error).toBe("INVALID_STATE");
    expect(box.exists("ran")).toBe(false);
  });

  test("decides again when the command has ended: what changed meanwhile refuses", async () => {
    const lease = `mkdir -p .mai/locks; printf 'alice|2026-04-30T19:23:47.120+08:00|fence=1' > .mai/locks/REQ-001.lock`;
    expect((await complete("-o", "bob", "--evidence", `cmd:${lease}`)).json.error).toBe("LOCK_HELD");
    box.delete(".mai/locks/REQ-001.lock");
    const claimed = `sed -i 's/^---$/**fence：** 1\\n---/' ${PATH}`;
    expect((await complete("-o", "bob", "--evidence", `cmd:${claimed}`)).json).toMatchObject({
      error: "STALE_FENCE",
      fence: 1,
    });
    const demoted = `sed -i 's/^\\*\\*发起方：\\*\\* @bob/**发起方：** @zoe/' ${PATH}`;
    expect((await complete("-o", "bob", "--evidence", `cmd:${demoted}`)).json.error).toBe(
      "PERMISSION_DENIED",
    );
    expect((await shown()).status).toBe("OPEN");
    expect(box.exists(DECISION)).toBe(false);
  });

  test("is a repeat of itself, also by whoever has lost the role, and runs nothing then", async () => {
    const evidence = ["--evidence", "cmd:echo x >> log", "--evidence", "file:log"];
    await complete("-o", "bob", ...evidence);
    box.write(PATH, box.read(PATH).replace("**发起方：** @bob", "**发起方：** @zoe"));
    const before = project();
    expect((await complete("-o", "bob", ...evidence)).json).toMatchObject({ ok: true, idempotent: true });
    expect((await complete("-o", "bob", "--evidence", "cmd:other")).json.error).toBe("PERMISSION_DENIED");
    expect(box.read("log")).toBe("x\n");
    expect(project()).toEqual(before);
  });

  test("runs no command in a dry run, says so, and looks at the files", async () => {
    const line = ["issue", "confirm", "REQ-001", "-o", "bob", "--evidence", "cmd:touch ran"];
    const before = project();
    expect((await box.run("--dry-run", ...line)).stdout).toBe(
      '[dry-run] REQ-001 completed\n  "touch ran" would be run and has to succeed; a dry run does not run it\n',
    );
    expect((await box.json("--dry-run", ...line)).json.evidence).toEqual([
      { kind: "command", command: "touch ran", exit_code: null, duration_ms: null, output: null },
    ]);
    expect((await box.json("--dry-run", ...line, "--evidence", "file:none")).json.error).toBe("NOT_FOUND");
    expect(box.exists("ran")).toBe(false);
    expect(project()).toEqual(before);
  });

  test("of a conclusion that looks like evidence stays a conclusion", async () => {
    const forged = 'ok\n**证据：** 1\n\n证据 1: 命令 "make test"，退出码 0\n## 结论 @ now';
    await box.ok("issue", "complete", "REQ-001", forged, "-o", "bob");
    expect((await shown()).records[0].text).toBe(`完成：${forged}`);
    expect(box.read(DECISION).match(/^\*\*证据/gm)).toBeNull();
    expect(box.read(DECISION).match(/^## /gm)).toHaveLength(1);
  });
});

describe("a queue with require_evidence", () => {
  beforeEach(() => box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin"));

  test("takes no completion without evidence, but from a root with --force, which is recorded", async () => {
    for (const operator of ["bob", "admin"]) {
      const run = await complete("-o", operator);
      expect(run.json).toMatchObject({ error: "EVIDENCE_REQUIRED", exit_code: 1, queue: "questions" });
    }
    expect((await complete("-o", "bob", "--force")).json.error).toBe("EVIDENCE_REQUIRED");
    await box.ok("issue", "complete", "REQ-001", "merged", "-o", "admin", "--force");
    expect((await shown()).records[0].text).toBe("完成：merged（强制）");
    expect(lastEvent().data).toEqual({ text: "merged", forced: true, no_evidence: true });
  });

  test("takes the command of issue run --on-success complete for evidence", async () => {
    await box.ok("issue", "run", "REQ-001", "-o", "bob", "--on-success", "complete", "--", "echo", "green");
    expect(lastEvent().data.evidence).toMatchObject([{ command: "echo green", exit_code: 0 }]);
  });
});

describe("a queue with confirmer_differs", () => {
  beforeEach(() => box.ok("queue", "set", "questions", "--confirmer-differs", "yes", "-o", "admin"));

  test("lets nobody accept what they claimed at any time, whatever else they are", async () => {
    for (const operator of ["bob", "admin"]) {
      await box.ok("issue", "claim", "REQ-001", "-o", operator);
      await box.ok("issue", "transfer", "REQ-001", "default", "-o", operator);
    }
    const refused = await complete("-o", "bob");
    expect(refused.json).toMatchObject({
      ...{ error: "PERMISSION_DENIED", exit_code: 3 },
      ...{ claimed_by: ["admin", "bob"], others: ["default", "root"] },
      hint: 'Hand it over: mai issue transfer REQ-001 default "done, please review" -o bob',
    });
    expect((await box.json("issue", "confirm", "REQ-001", "-o", "admin")).json.error).toBe(
      "PERMISSION_DENIED",
    );
    expect((await complete("-o", "bob", "--force")).json.error).toBe("PERMISSION_DENIED");
    // Handed to, but never claimed by: the one who reviews.
    expect((await box.ok("issue", "complete", "REQ-001", "fine", "-o", "default")).json.status).toBe(
      "COMPLETED",
    );
  });

  test("lets a root go past it with --force, which is recorded", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "admin");
    await box.ok("issue", "complete", "REQ-001", "fine", "-o", "admin", "--force");
    expect((await shown()).records[0].text).toBe("完成：fine（强制）");
    expect(lastEvent().data).toMatchObject({ text: "fine", forced: true, own_work: true });
  });

  test("refuses issue run --on-success complete before the command runs", async () => {
    const line = ["issue", "run", "REQ-001", "-o", "bob", "--on-success", "complete", "--", "touch", "ran"];
    expect((await box.json(...line)).json.error).toBe("PERMISSION_DENIED");
    expect(box.exists("ran")).toBe(false);
    expect((await shown()).status).toBe("OPEN");
  });
});

describe("an issue that leaves a queue", () => {
  const move = (queue: string) =>
    box.ok("issue", "edit", "REQ-001", "--queue", queue, "-o", "admin", "--force");
  const rules = () => /\*\*验收规则：\*\* (.*)/.exec(box.read(PATH.replace("questions", "ops")))?.[1];
  beforeEach(() => box.ok("queue", "create", "ops", "--owner", "bob", "-o", "admin"));

  test("keeps the rules of that queue, also when it comes back after they were lifted", async () => {
    await box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
    await move("ops");
    expect(rules()).toBe("require_evidence");
    expect((await shown()).kept_rules).toEqual(["require_evidence"]);
    expect((await complete("-o", "bob")).json.error).toBe("EVIDENCE_REQUIRED");
    await box.ok("queue", "set", "questions", "--require-evidence", "no", "-o", "admin");
    await move("questions");
    expect((await complete("-o", "bob")).json.error).toBe("EVIDENCE_REQUIRED");
    await box.ok("issue", "complete", "REQ-001", "merged", "-o", "bob", "--evidence", "cmd:true");
  });

  test("gathers the rules of every queue that it has been in, and loses none by undo", async () => {
    await box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
    await box.ok("queue", "set", "ops", "--confirmer-differs", "yes", "-o", "admin");
    await move("ops");
    await box.ok("undo", "-o", "admin");
    expect((await shown()).kept_rules).toEqual(["require_evidence", "confirmer_differs"]);
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    expect((await complete("-o", "bob", "--evidence", "cmd:true")).json.error).toBe("PERMISSION_DENIED");
  });

  test("cannot be completed without evidence by a batch that moves it away and back", async () => {
    await box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
    box.stdin = [
      { command: "issue edit", id: "REQ-001", queue: "ops" },
      { command: "issue complete", id: "REQ-001", conclusion: "done" },
      { command: "issue edit", id: "REQ-001", queue: "questions" },
    ]
      .map((line) => JSON.stringify(line))
      .join("\n");
    const before = project();
    expect((await box.json("batch", "-", "-o", "admin")).json).toMatchObject({ error: "EVIDENCE_REQUIRED" });
    expect(project()).toEqual(before);
  });

  test("takes the command of issue run for evidence where a kept rule requires it", async () => {
    await box.ok("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
    await move("ops");
    await box.ok("issue", "run", "REQ-001", "-o", "bob", "--on-success", "complete", "--", "true");
    expect(lastEvent().data.evidence).toMatchObject([{ command: "true", exit_code: 0 }]);
  });

  test("keeps nothing where its queue has no rules, and words by hand that are no rules", async () => {
    await move("ops");
    expect(rules()).toBeUndefined();
    expect((await shown()).kept_rules).toBeUndefined();
    const path = ".mai/queues/ops/REQ-001.md";
    box.write(path, box.read(path).replace("**队列：**", "**验收规则：** ask_rita\n**队列：**"));
    await box.ok("queue", "set", "ops", "--require-evidence", "yes", "-o", "admin");
    await move("questions");
    expect(box.read(PATH)).toContain("**验收规则：** ask_rita, require_evidence\n");
  });
});

describe("the rules of a queue", () => {
  const entry = () => JSON.parse(box.read(".mai/config.json")).queues.questions;

  test("are absent until somebody sets them, and are set, switched off and shown like other settings", async () => {
    expect(Object.keys(entry())).toEqual(["handler", "sla_minutes", "id_prefix"]);
    const tree = box.tree();
    const off = await box.ok("queue", "set", "questions", "--require-evidence", "no", "-o", "admin");
    expect(off.json).toMatchObject({ idempotent: true, require_evidence: false, confirmer_differs: false });
    expect(box.tree()).toEqual(tree);
    await box.ok("config", "set", "queues.questions.confirmer_differs", "true", "-o", "admin");
    expect(entry().confirmer_differs).toBe(true);
    expect((await box.run("config", "show", "--toml")).stdout).toContain("confirmer_differs = true");
    const set = await box.run("queue", "set", "questions", "--require-evidence", "yes", "-o", "admin");
    expect(set.stdout).toContain("evidence required, nobody accepts what they claimed");
    await box.ok("queue", "set", "questions", "--require-evidence", "no", "-o", "admin");
    expect(entry()).toMatchObject({ require_evidence: false, confirmer_differs: true });
  });

  test("come from a team file too, and applying it again changes nothing", async () => {
    box.write("mai.toml", "[queues.questions]\nrequire_evidence = true\nconfirmer_differs = false\n");
    await box.ok("config", "apply", "mai.toml", "-o", "admin");
    expect(entry()).toMatchObject({ require_evidence: true, confirmer_differs: false });
    expect((await box.ok("config", "apply", "mai.toml", "-o", "admin")).json.idempotent).toBe(true);
    box.write("mai.toml", (await box.run("config", "show", "--toml")).stdout);
    expect((await box.ok("config", "apply", "mai.toml", "-o", "admin")).json.idempotent).toBe(true);
  });

  test("come with queue create, which asked again is a repeat", async () => {
    const line = ["queue", "create", "ops", "--owner", "bob", "--require-evidence", "yes", "-o", "admin"];
    expect((await box.ok(...line)).json).toMatchObject({ require_evidence: true, idempotent: false });
    expect((await box.ok(...line)).json.idempotent).toBe(true);
    const other = await box.json(...line.toSpliced(6, 1, "no"));
    expect(other.json).toMatchObject({
      error: "ALREADY_EXISTS",
      hint: "Change it: mai queue set ops --require-evidence no",
    });
  });

  test("that are no yes and no are refused with the place", async () => {
    const run = await box.json("config", "set", "queues.questions.require_evidence", "maybe", "-o", "admin");
    expect(run.json).toMatchObject({ error: "CONFIG_INVALID", key: "queues.questions.require_evidence" });
  });
});
