import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import { type ErrorCode, EXIT_CODES } from "../../src/domain/errors.ts";
import { Sandbox } from "../support/sandbox.ts";

/** How one error comes about: what is there before, and the line that meets it. */
interface Row {
  readonly line: readonly string[];
  readonly before?: (box: Sandbox) => Promise<unknown> | unknown;
}

const NEW = ["issue", "new", "questions", "Two", "-o", "alice"];
const CLAIM = ["issue", "claim", "REQ-001", "-o", "alice"];

function edit(box: Sandbox, path: string, from: string | RegExp, to: string): void {
  box.write(path, box.read(path).replace(from, to));
}

const ISSUE = ".mai/queues/questions/REQ-001.md";
const CONFIG = ".mai/config.json";

const ROWS: Partial<Record<ErrorCode, Row>> = {
  NOT_FOUND: { line: ["issue", "show", "REQ-099"] },
  AMBIGUOUS_ID: {
    before: (box) => cpSync("test/fixtures/python-1.5/.mai", box.path(".mai"), { recursive: true }),
    line: ["issue", "claim", "REQ-001", "-o", "mira"],
  },
  INVALID_QUEUE: { line: ["issue", "new", "qestions", "T", "-o", "alice"] },
  INVALID_NAME: { line: ["issue", "show", "../x"] },
  INVALID_TITLE: { line: ["issue", "new", "questions", "two\nlines", "-o", "alice"] },
  INVALID_TEXT: { line: ["issue", "amend", "REQ-001", "", "-o", "alice"] },
  ALREADY_EXISTS: { line: ["agent", "add", "alice", "--heartbeat-minutes", "31", "-o", "admin"] },
  ALREADY_COMPLETED: {
    before: (box) => box.ok("issue", "complete", "REQ-001", "done", "-o", "alice"),
    line: ["issue", "claim", "REQ-001", "-o", "bob"],
  },
  ISSUE_DISCARDED: {
    before: (box) => edit(box, ISSUE, "⭕ OPEN", "🗑️ DISCARDED"),
    line: ["issue", "amend", "REQ-001", "x", "-o", "alice"],
  },
  ISSUE_BLOCKED: { before: (box) => edit(box, ISSUE, "⭕ OPEN", "🚫 BLOCKED"), line: CLAIM },
  CYCLE: { line: ["issue", "depend", "REQ-001", "--on", "REQ-001", "-o", "alice"] },
  LIMIT_REACHED: {
    before: (box) => box.ok("config", "set", "agents.alice.max_in_progress", "0", "-o", "admin"),
    line: CLAIM,
  },
  OPERATOR_REQUIRED: { line: ["issue", "claim", "REQ-001"] },
  NON_INTERACTIVE: {
    before: (box) => Object.assign(box.env, { MAI_HOME: box.path("deep/.mai-cli") }),
    line: ["init"],
  },
  INVALID_AGENT: {
    before: (box) => box.ok("daily-summary", "trigger"),
    line: ["daily-summary", "write", "alcie", "x"],
  },
  INVALID_STATE: { line: ["log", "undo", "-o", "alice"] },
  ALREADY_WRITTEN: {
    before: async (box) => {
      await box.ok("daily-summary", "trigger");
      await box.ok("daily-summary", "write", "alice", "one");
    },
    line: ["daily-summary", "write", "alice", "two"],
  },
  NOT_TRIGGERED: { line: ["daily-summary", "write", "alice", "x"] },
  UNSAFE_COMMAND: { line: ["exec", "safe-check", "rm", "-rf", "/"] },
  STALE_FENCE: { line: [...CLAIM, "--fence", "7"] },
  CONFIG_INVALID: { before: (box) => box.write(CONFIG, '{"queues": 5}'), line: NEW },
  FORMAT_TOO_NEW: { before: (box) => edit(box, CONFIG, '"format": 1', '"format": 2'), line: NEW },
  CORRUPT_FILE: { before: (box) => edit(box, ISSUE, "OPEN", "OPENISH"), line: CLAIM },
  LOCK_HELD: { before: (box) => box.ok("issue", "claim", "REQ-001", "-o", "bob"), line: CLAIM },
  PERMISSION_DENIED: { line: ["issue", "claim", "REQ-001", "-o", "stranger"] },
  PROJECT_NOT_FOUND: { line: ["--project", "/nowhere", "issue", "list"] },
  USAGE: { line: ["issue", "claim"] },
  IO_ERROR: {
    before: (box) =>
      (box.alterSystem = (system) => ({ ...system, fs: { ...system.fs, fsyncSync: diskFull } })),
    line: CLAIM,
  },
  BUSY: {
    before: (box) => {
      box.env.MAI_LOCK_TIMEOUT = "0";
      box.alterSystem = (system) => ({ ...system, tryFlock: () => false });
    },
    line: CLAIM,
  },
  NOTHING_READY: { line: ["next", "-o", "alice", "--queue", "reviews"] },
  TIMEOUT: { line: ["wait", "--queue", "reviews", "--timeout", "0"] },
  COMMAND_NOT_FOUND: { line: ["issue", "run", "REQ-001", "-o", "alice", "--", "no-such-program"] },
  COMMAND_NOT_EXECUTABLE: { line: ["issue", "run", "REQ-001", "-o", "alice", "--", "/etc/passwd"] },
  INTERNAL_ERROR: {
    before: (box) => (box.alterSystem = (system) => ({ ...system, tryFlock: fault })),
    line: CLAIM,
  },
};

function diskFull(): never {
  throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "fsync" });
}

function fault(): never {
  throw new TypeError("a fault in the program");
}

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterEach(() => box.remove());

describe.each(Object.entries(ROWS) as [ErrorCode, Row][])("%s", (code, row) => {
  test(`exits ${EXIT_CODES[code]}, in JSON as one document with nothing on standard error, and changes nothing`, async () => {
    await row.before?.(box);
    if (code === "NON_INTERACTIVE") return expectRefusalInHome();
    const before = box.tree();
    const run = await box.json(...row.line);
    expect(run.json).toMatchObject({ ok: false, error: code, exit_code: EXIT_CODES[code] });
    expect(run.code).toBe(EXIT_CODES[code]);
    expect(run.stderr).toBe("");
    expect(run.json.hint).not.toBe("");
    expect(box.tree()).toEqual(before);
  });

  test("says so on standard error as text, and nothing on standard output", async () => {
    await row.before?.(box);
    if (code === "NON_INTERACTIVE") return;
    const run = await box.run(...row.line);
    expect(run).toMatchObject({ code: EXIT_CODES[code], stdout: "" });
    expect(run.stderr).toMatch(/^(?:WARNING: .*\n)*ERROR: .+\n(?:HINT: .+\n)?/);
  });
});

async function expectRefusalInHome(): Promise<void> {
  const home = new Sandbox();
  home.env = { MAI_HOME: home.path(".mai-cli") };
  const run = await home.json("init");
  expect(run.json).toMatchObject({ ok: false, error: "NON_INTERACTIVE", exit_code: 1 });
  expect(home.tree().size).toBe(0);
  expect((await home.json("init", "--yes")).code).toBe(0);
  home.remove();
}
