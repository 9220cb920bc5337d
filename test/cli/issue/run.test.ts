import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { takeMutex } from "../../../src/store/lock/mutex.ts";
import { machineSystem } from "../../../src/store/system.ts";
import { Sandbox } from "../../support/sandbox.ts";

const LEASE = ".mai/locks/REQ-001.lock";
const HOLD = ".mai/locks/REQ-001.hold";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.env.PATH = process.env.PATH;
  await box.ok("issue", "new", "questions", "One", "-o", "admin");
});
afterEach(() => box.remove());

/** Runs a shell script while alice holds REQ-001. */
function runHeld(script: string, ...options: readonly string[]) {
  return box.run("issue", "run", "REQ-001", "-o", "alice", ...options, "--", "sh", "-c", script);
}

describe("mai issue run", () => {
  test("claims the issue, holds it while the command runs, and leaves a fresh ordinary lease", async () => {
    const { code } = await runHeld(`cp ${LEASE} seen; ls .mai/locks > listed`);
    expect(code).toBe(0);
    expect(box.read("seen")).toMatch(/^alice\|.*\|fence=1\|from=default\|hold$/);
    expect(box.read("listed")).toContain("REQ-001.hold");
    expect(box.read(LEASE)).toBe(box.read("seen").replace("|hold", ""));
    expect(box.exists(HOLD)).toBe(false);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({ hold: false, stale: false });
  });

  test("tells the command issue, fence, operator and project, and a session where there is one", async () => {
    await runHeld("env > seen", "--session", "s1");
    const seen = box.read("seen");
    for (const line of ["MAI_ISSUE=REQ-001", "MAI_FENCE=1", "MAI_OPERATOR=alice", "MAI_SESSION=s1"]) {
      expect(seen).toContain(`${line}\n`);
    }
    expect(seen).toContain(`MAI_PROJECT=${box.cwd}\n`);
  });

  test("holds an own lease without a new claim: the fence and the stream stay", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const events = box.run("events");
    await runHeld(`cp ${LEASE} seen`);
    expect(box.read("seen")).toEndWith("|fence=1|from=default|hold");
    expect((await box.run("events")).stdout).toBe((await events).stdout);
  });

  test.each([0, 1, 7, 255])("exits with the status of the command: %d", async (status) => {
    expect((await runHeld(`exit ${status}`)).code).toBe(status);
  });

  test("exits with 128 and the number of the signal that ended the command", async () => {
    expect((await runHeld("kill -TERM $$")).code).toBe(143);
    expect((await runHeld("kill -KILL $$")).code).toBe(137);
  });

  test.each([34, 40, 64])("a signal without a name is a failure too: %d", async (signal) => {
    const line = ["issue", "run", "REQ-001", "-o", "admin", "--on-success", "complete"];
    const run = await box.json(...line, "--on-failure", "block", "--", "sh", "-c", `kill -${signal} $$`);
    expect(run.code).toBe(128 + signal);
    expect(run.json).toMatchObject({
      ...{ error: "COMMAND_FAILED", exit_code: 128 + signal, status: "BLOCKED", follow_up: "block" },
      signal: `signal ${signal}`,
      message: `sh -c kill -${signal} $$: ended by signal ${signal}`,
    });
  });

  test("in JSON it tells how the command failed, whose own output is not in the document", async () => {
    const { json, code } = await box.json(
      ...["issue", "run", "REQ-001", "-o", "alice", "--on-failure", "block"],
      ...["--", "sh", "-c", "echo out; echo err >&2; exit 3"],
    );
    expect(code).toBe(3);
    expect(json).toMatchObject({
      ok: false,
      command: "issue run",
      error: "COMMAND_FAILED",
      exit_code: 3,
      signal: null,
      issue_id: "REQ-001",
      status: "BLOCKED",
      follow_up: "block",
    });
  });

  test("a program that does not exist exits 127 with no lease left behind", async () => {
    const before = box.tree();
    expect((await box.json("issue", "run", "REQ-001", "-o", "alice", "--", "nonesuch")).code).toBe(127);
    expect(box.tree()).toEqual(before);
  });

  test("a script that the system cannot start exits 126 with no lease left behind", async () => {
    box.write("script", "\u0000no program");
    box.chmod("script", 0o755);
    expect((await box.json("issue", "run", "REQ-001", "-o", "alice", "--", "./script")).code).toBe(126);
    expect(box.exists(LEASE)).toBe(false);
    expect((await box.ok("issue", "show", "REQ-001")).json.issue).toMatchObject({ status: "OPEN" });
  });

  test("nothing that could fail stands between the claim and the command", async () => {
    const isBetween = (path: string) =>
      path.endsWith("/config.json") && box.exists(LEASE) && !box.exists("ran");
    box.alterSystem = (system) => ({
      ...system,
      fs: {
        ...system.fs,
        openSync: (path, ...rest) => {
          if (!isBetween(String(path))) return system.fs.openSync(path, ...rest);
          throw Object.assign(new Error("no file left"), { code: "EMFILE", syscall: "open" });
        },
      },
    });
    expect(await runHeld("touch ran")).toMatchObject({ code: 0, stderr: "" });
  });

  test("refuses what somebody else holds, and runs nothing", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    const before = box.tree();
    expect((await runHeld("touch ran")).code).toBe(2);
    expect(box.tree()).toEqual(before);
  });

  test("a second runner of the same agent is refused while the first one runs", async () => {
    const first = runHeld("while [ ! -e go ]; do sleep 0.02; done");
    while (!box.exists(HOLD)) await Bun.sleep(5);
    const second = await box.json("issue", "run", "REQ-001", "-o", "alice", "--", "true");
    expect(second.json).toMatchObject({ error: "LOCK_HELD", holder: "alice", exit_code: 2 });
    expect((await box.json("issue", "claim", "REQ-001", "-o", "bob")).code).toBe(2);
    box.write("go", "");
    expect((await first).code).toBe(0);
    expect((await runHeld("true")).code).toBe(0);
  });

  test("a lease that is held is live whatever its age", async () => {
    const running = runHeld("while [ ! -e go ]; do sleep 0.02; done");
    while (!box.exists(HOLD)) await Bun.sleep(5);
    box.age(LEASE, 600);
    expect((await box.json("issue", "claim", "REQ-001", "-o", "bob")).json.error).toBe("LOCK_HELD");
    box.write("go", "");
    expect((await running).code).toBe(0);
  });

  test("a hold file that somebody deletes is put back, so that nobody gets in", async () => {
    const waitFor = (name: string) => `while [ ! -e ${name} ]; do sleep 0.02; done`;
    const running = runHeld(`${waitFor("seen")}; rm ${HOLD}; touch removed; ${waitFor("go")}`);
    while (!box.exists(HOLD)) await Bun.sleep(5);
    box.write("seen", "");
    while (!box.exists("removed")) await Bun.sleep(5);
    while (!box.exists(HOLD)) await Bun.sleep(5);
    expect((await box.json("issue", "claim", "REQ-001", "-o", "bob")).json.error).toBe("LOCK_HELD");
    box.write("go", "");
    expect((await running).code).toBe(0);
  });

  test("a command that hands the issue over itself lets the next one run it before it has ended", async () => {
    const running = runHeld("while [ ! -e go ]; do sleep 0.02; done");
    while (!box.exists(HOLD)) await Bun.sleep(5);
    await box.ok("issue", "transfer", "REQ-001", "bob", "yours", "-o", "alice");
    while (box.exists(HOLD)) await Bun.sleep(5);
    const other = await box.run("issue", "run", "REQ-001", "-o", "bob", "--", "true");
    expect(other.code).toBe(0);
    box.write("go", "");
    expect((await running).code).toBe(0);
    expect(box.read(LEASE)).toStartWith("bob|");
  });

  test("a dry run checks everything and runs nothing", async () => {
    const before = box.tree();
    const run = await box.run("--dry-run", "issue", "run", "REQ-001", "-o", "alice", "--", "touch", "ran");
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("would be held by @alice") });
    expect(box.tree()).toEqual(before);
  });
});

describe("mai issue run --on-success, --on-failure", () => {
  test("hands over with the last lines of both outputs, which still are printed", async () => {
    const run = await runHeld(
      "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; printf '\\033[31mred\\033[0m\\n' >&2",
      "--on-success",
      "transfer:bob",
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toStartWith("line 1\n");
    expect(run.stdout).toEndWith("line 30\nREQ-001 is OPEN, handed to @bob\n");
    expect(run.stderr).toBe("\u001b[31mred\u001b[0m\n");
    const { issue } = (await box.ok("issue", "show", "REQ-001")).json;
    expect(issue).toMatchObject({ status: "OPEN", handler: "bob" });
    expect(issue.records[0].text).toContain("exit 0\n");
    expect(issue.records[0].text).toContain("line 30");
    expect(issue.records[0].text).toContain("\nred");
    expect(issue.records[0].text).not.toContain("line 5\n");
    expect(box.exists(LEASE)).toBe(false);
    expect(box.exists(HOLD)).toBe(false);
  });

  test("blocks with the reason, keeps an ordinary lease, and exits as the command did", async () => {
    expect((await runHeld("echo no space; exit 9", "--on-failure", "block")).code).toBe(9);
    const { issue } = (await box.ok("issue", "show", "REQ-001")).json;
    expect(issue).toMatchObject({ status: "BLOCKED", handler: "alice" });
    expect(issue.records[0].text).toEndWith("exit 9\nno space");
    expect(box.read(LEASE)).toMatch(/^alice\|.*\|fence=1\|from=default$/);
  });

  test("does nothing where the other thing happened", async () => {
    expect((await runHeld("exit 4", "--on-success", "transfer:bob")).code).toBe(4);
    expect((await runHeld("exit 0", "--on-failure", "block")).code).toBe(0);
    expect((await box.ok("issue", "show", "REQ-001")).json.issue.status).toBe("IN_PROGRESS");
  });

  test("refuses before anything runs what could not follow: a handler that is nobody, work that one may not accept", async () => {
    const before = box.tree();
    expect((await runHeld("touch ran", "--on-success", "transfer:bbo")).code).toBe(1);
    expect((await runHeld("touch ran", "--on-success", "complete")).code).toBe(3);
    expect(box.tree()).toEqual(before);
  });

  test("completes for whoever may accept the work", async () => {
    const line = [
      "issue",
      "run",
      "REQ-001",
      "-o",
      "admin",
      "--on-success",
      "complete",
      "--",
      "echo",
      "green",
    ];
    expect((await box.run(...line)).code).toBe(0);
    expect(box.read(".mai/decisions/REQ-001.md")).toContain("echo green: exit 0\ngreen");
  });

  test("a success that somebody else has overtaken is refused by its fence", async () => {
    const running = box.run(
      ...["issue", "run", "REQ-001", "-o", "admin", "--session", "a", "--on-success", "complete"],
      ...["--", "sh", "-c", "while [ ! -e go ]; do sleep 0.02; done"],
    );
    while (!box.exists(HOLD)) await Bun.sleep(5);
    await box.ok("issue", "claim", "REQ-001", "-o", "admin", "--session", "b", "--force");
    await box.ok("lock", "release", "REQ-001", "-o", "admin", "--session", "b");
    box.write("go", "");
    const { code, stderr } = await running;
    expect(code).toBe(1);
    expect(stderr).toContain("Fence 1 is stale");
  });
});

describe("mai issue run where the hold cannot be ended", () => {
  const ISSUE = ".mai/queues/questions/REQ-001.md";
  const UNENDED = expect.stringMatching(
    /^The hold of REQ-001 could not be ended properly: .* mai lock check/,
  );
  const UNSEEN = expect.stringMatching(/^The lease of REQ-001 could not be looked after: /);
  const UNBLOCKED = expect.stringMatching(/^REQ-001 could not be blocked: .* mai issue block REQ-001 /);
  const COMPLETE = ["--on-success", "complete"];
  const BLOCK = ["--on-failure", "block"];

  const run = (script: string, options: readonly string[]) =>
    box.json("issue", "run", "REQ-001", "-o", "admin", ...options, "--", "sh", "-c", script);

  test.each([
    [0, [], { ok: true, exit_code: 0, follow_up: null, warnings: [UNSEEN, UNENDED] }],
    [0, BLOCK, { ok: true, exit_code: 0, follow_up: null, warnings: [UNSEEN, UNENDED] }],
    [7, [], { error: "COMMAND_FAILED", exit_code: 7, warnings: [UNSEEN, UNENDED] }],
    [7, COMPLETE, { error: "COMMAND_FAILED", exit_code: 7, warnings: [UNSEEN, UNENDED] }],
    [
      7,
      BLOCK,
      { error: "COMMAND_FAILED", exit_code: 7, follow_up: null, warnings: [UNSEEN, UNBLOCKED, UNENDED] },
    ],
    [0, COMPLETE, { error: "PROJECT_NOT_FOUND", exit_code: 4, warnings: [UNSEEN, UNENDED] }],
  ])(
    "a project that went away, exit %d with %p: the command's status, but for what should follow it",
    async (status, options, told) => {
      const ended = await run(`mv .mai gone; exit ${status}`, options);
      expect(ended.json).toMatchObject(told);
      expect(ended.code).toBe(ended.json.exit_code);
    },
  );

  test("a project that is busy leaves the command its status, and a lease that is stale", async () => {
    box.env.MAI_LOCK_TIMEOUT = "0.01";
    const running = runHeld("while [ ! -e go ]; do sleep 0.02; done; exit 7");
    while (!box.exists(HOLD)) await Bun.sleep(5);
    const place = { root: box.cwd, system: machineSystem(), lockTimeoutMs: 60_000 };
    const mutex = takeMutex(place);
    box.write("go", "");
    const { code, stderr } = await running;
    mutex.release();
    expect(code).toBe(7);
    expect(stderr).toContain(
      "WARNING: The hold of REQ-001 could not be ended properly: Another mai has held",
    );
    expect((await box.ok("lock", "check", "REQ-001")).json.lock).toMatchObject({ hold: true, stale: true });
  });

  test("what followed stands, though the hold could not be ended after it", async () => {
    box.alterSystem = (system) => ({
      ...system,
      tryFlock: (fd, operation) => !box.read(ISSUE).includes("COMPLETED") && system.tryFlock(fd, operation),
    });
    box.env.MAI_LOCK_TIMEOUT = "0.01";
    expect((await run("true", COMPLETE)).json).toMatchObject({
      ...{ ok: true, exit_code: 0, status: "COMPLETED", follow_up: "complete" },
      warnings: [UNENDED],
    });
  });

  test("a command that cannot be started is told, not what came of that", async () => {
    box.write("script", "\u0000no program");
    box.chmod("script", 0o755);
    box.alterSystem = (system) => ({
      ...system,
      tryFlock: (fd, operation) => !box.exists(LEASE) && system.tryFlock(fd, operation),
    });
    box.env.MAI_LOCK_TIMEOUT = "0.01";
    const { json } = await box.json("issue", "run", "REQ-001", "-o", "alice", "--", "./script");
    expect(json).toMatchObject({
      ...{ error: "COMMAND_NOT_EXECUTABLE", exit_code: 126 },
      warnings: [UNENDED, expect.stringContaining("mai lock release REQ-001 -o alice")],
    });
  });
});

describe("mai issue run whose lease ends before its command", () => {
  const TAKEN =
    "The lease of REQ-001 was taken by @admin before the command ended. Look: mai issue show REQ-001";
  const force = () => box.ok("lock", "release", "REQ-001", "-o", "admin", "--force", "--yes");

  /** Runs a command for alice, which ends when something else was done. */
  async function meanwhile(
    act: () => unknown,
    { options = [], status = 0 }: { readonly options?: readonly string[]; readonly status?: number } = {},
  ) {
    const script = `while [ ! -e go ]; do sleep 0.02; done; exit ${status}`;
    const running = box.json("issue", "run", "REQ-001", "-o", "alice", ...options, "--", "sh", "-c", script);
    while (!box.exists(HOLD)) await Bun.sleep(5);
    await act();
    box.write("go", "");
    return running;
  }

  test("tells of a root who took it away, and exits as the command does", async () => {
    const run = await meanwhile(force);
    expect(run).toMatchObject({ code: 0, json: { ok: true, warnings: [TAKEN] } });
    expect(box.exists(HOLD)).toBe(false);
  });

  test("tells so although somebody else has claimed it by then, whose lease stays", async () => {
    const overtake = async () => {
      await force();
      await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    };
    const run = await meanwhile(overtake, { status: 7 });
    expect(run).toMatchObject({ code: 7, json: { warnings: [TAKEN] } });
    expect(box.read(LEASE)).toStartWith("bob|");
  });

  test("tells of a lease whose file somebody deleted", async () => {
    const { json } = await meanwhile(() => box.delete(LEASE));
    expect(json.warnings).toEqual([TAKEN.replace(" by @admin", "")]);
  });

  test("does nothing that was to follow a success", async () => {
    const run = await meanwhile(force, { options: ["--on-success", "transfer:bob"] });
    expect(run.json).toMatchObject({
      ...{ error: "STALE_FENCE", exit_code: 1, issue_id: "REQ-001", fence: 1, given_fence: 1 },
      message: "The lease of REQ-001 was taken by @admin before the command ended.",
      warnings: [TAKEN],
    });
    const { issue } = (await box.ok("issue", "show", "REQ-001")).json;
    expect(issue).toMatchObject({ status: "OPEN", handler: "default" });
  });

  test("does nothing that was to follow a failure, whose status it has", async () => {
    const run = await meanwhile(force, { options: ["--on-failure", "block"], status: 7 });
    expect(run).toMatchObject({ code: 7, json: { follow_up: null } });
    expect(run.json.warnings).toEqual([
      TAKEN,
      expect.stringMatching(/^REQ-001 could not be blocked: The lease/),
    ]);
    expect((await box.ok("issue", "show", "REQ-001")).json.issue.status).toBe("OPEN");
  });

  test.each([
    [["lock", "release", "REQ-001", "-o", "alice"]],
    [["issue", "transfer", "REQ-001", "bob", "yours", "-o", "alice"]],
    [["undo", "-o", "alice"]],
  ])("says nothing of a lease that its holder gave back: mai %p", async (line) => {
    expect(await meanwhile(() => box.ok(...line))).toMatchObject({
      code: 0,
      json: { ok: true, warnings: [] },
    });
  });
});
