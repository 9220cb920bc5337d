import { afterEach, beforeEach, expect, test } from "bun:test";
import { cpSync, existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import type { FindingCode } from "../../../src/domain/doctor/finding.ts";
import type { System } from "../../../src/store/system.ts";
import { failing } from "../../support/failing.ts";
import { type JsonRun, Sandbox } from "../../support/sandbox.ts";

const CONFIG = ".mai/config.json";
const ISSUE = ".mai/queues/questions/REQ-001.md";
const MIRROR = "async/questions/REQ-001.md";
const PROCESSING = ".mai/processing/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

function codes(run: JsonRun, key: "findings" | "fixed" = "findings"): readonly FindingCode[] {
  return [...new Set<FindingCode>(run.json[key].map((entry: { code: FindingCode }) => entry.code))].sort();
}

test("a project on which every command was run is clean, down to the notes", async () => {
  const lines = [
    "issue amend REQ-001 remark -o bob",
    "issue block REQ-001 stuck -o alice",
    "issue escalate REQ-001 -o alice",
    "issue unblock REQ-001 -o alice",
    "issue edit REQ-001 --title Other --priority P0 --queue decisions -o alice",
    "issue complete REQ-001 done -o alice",
    "issue reopen REQ-001 again -o alice",
    "issue edit REQ-001 --queue reviews -o alice",
    "issue claim REQ-001 -o bob",
    "issue transfer REQ-001 alice -o bob",
    "issue reject REQ-001 worse -o alice",
    "issue claim REQ-001 -o alice",
    "lock release REQ-001 -o alice",
    "issue discard REQ-001 over -o alice",
    "issue new requests Two --ref REQ-001 --key K -o bob",
    "log write alice issue_new Issue_REQ-777_made -o alice",
    "log undo -o alice",
    "daily-summary trigger -o admin",
    "daily-summary write alice did it -o alice",
    "daily-summary read --all -o alice",
    "queue create extra --owner bob --prefix EXT -o admin",
    "issue new extra Three -o alice",
    "config set language en -o admin",
    "issue confirm EXT-001 -o alice",
  ];
  for (const line of lines) {
    await box.ok(...line.split(" "));
    box.clock.nowMs += 1;
  }
  await box.ok("log", "write", "alice", "issue_new", "Issue REQ-777 created", "-o", "alice");
  await box.ok("issue", "claim", "FIX-001", "-o", "bob");
  box.age(".mai/locks/FIX-001.lock", 46);
  await box.ok("lock", "guardian", "-o", "alice");
  expect((await box.ok("doctor")).json.findings).toEqual([]);
});

test("text names each kind with what to do next, and ends with the count", async () => {
  rmSync(box.path(MIRROR));
  const run = await box.run("doctor");
  expect(run).toMatchObject({ code: 1, stderr: "" });
  expect(run.stdout).toStartWith(`warning  mirror_missing\n  ${MIRROR}: It should be a copy of ${ISSUE}.\n`);
  expect(run.stdout).toContain("  → Mend it: mai doctor --fix\n");
  expect(run.stdout).toEndWith("\n1 warning.\n");
});

test("text shows ten findings of a kind, JSON all eleven", async () => {
  for (let number = 1; number <= 11; number += 1) box.write(`.mai/keys/${number}`, "{");
  expect((await box.run("doctor")).stdout).toContain("\n  … and 1 more\n");
  expect((await box.json("doctor")).json.findings).toHaveLength(11);
});

test("JSON of an unsound project has what every refusal has, beside the findings", async () => {
  rmSync(box.path(MIRROR));
  expect((await box.json("doctor")).json).toMatchObject({
    ok: false,
    command: "doctor",
    error: "PROBLEMS_FOUND",
    message: "1 warning.",
    exit_code: 1,
    retryable: false,
    findings: [{ severity: "warning", code: "mirror_missing", path: MIRROR, fixable: true }],
    fixed: [],
  });
});

test("a broken config.json stops no other check", async () => {
  box.write(CONFIG, "{");
  rmSync(box.path(MIRROR));
  box.write(".mai/locks/REQ-009.lock", "bob|2026-01-01T00:00:00.000+00:00");
  expect(codes(await box.json("doctor"))).toEqual([
    "config_invalid",
    "lease_orphan",
    "mirror_missing",
    "mirror_stale",
  ]);
});

test("without config.json the project is still examined", async () => {
  rmSync(box.path(CONFIG));
  const run = await box.json("doctor");
  expect(codes(run)).toContain("config_missing");
  expect(run.code).toBe(1);
});

test("every fault of the settings is told, not the first alone", async () => {
  box.write(CONFIG, '{"queues": 5, "language": "xx"}');
  const { json } = await box.json("doctor");
  const faults = json.findings.filter((entry: { code: string }) => entry.code === "config_invalid");
  expect(faults).toHaveLength(2);
});

test("numbers, settings and a queue that cannot be read are told, and the rest is examined", async () => {
  rmSync(box.path(".mai/sequence.json"));
  mkdirSync(box.path(".mai/sequence.json"));
  box.write(ISSUE, "\u0000\u0001");
  box.write(".mai/queues/questions/REQ-002.md", "");
  const run = await box.json("doctor");
  expect(codes(run)).toContain("unreadable");
  expect(codes(run)).toContain("issue_invalid");
  expect(run.code).toBe(1);
});

test("a project in which nothing may be opened for writing is examined, probe and all", async () => {
  const isWrite = (_path: unknown, flags: unknown) => typeof flags === "number" && (flags & 3) !== 0;
  box.alterSystem = failing("openSync", isWrite, "EROFS");
  const before = box.tree();
  expect((await box.ok("doctor")).json.findings).toEqual([]);
  expect(box.tree()).toEqual(before);
});

test("a file that may not be read is told with its path", async () => {
  const isIssue = (path: unknown) => String(path).endsWith(ISSUE);
  box.alterSystem = failing("openSync", isIssue, "EACCES");
  const { json } = await box.json("doctor");
  expect(json.findings).toContainEqual(expect.objectContaining({ code: "unreadable", path: ISSUE }));
});

test("--fix rebuilds the mirror byte for byte, and leaves a foreign file and a last copy alone", async () => {
  const sound = box.tree("async");
  rmSync(box.path(MIRROR));
  box.write("async/config.json", "{}");
  box.write("async/reviews/REQ-001.md", box.read(ISSUE));
  box.write("async/README.md", "mine");
  box.write("async/questions/REQ-077.md", "# [REQ-077] gone\n");
  const run = await box.json("doctor", "--fix", "-o", "alice");
  expect(codes(run, "fixed")).toEqual(["mirror_missing", "mirror_stale", "mirror_stray"]);
  expect(codes(run)).toEqual(["mirror_foreign", "mirror_last_copy"]);
  expect(run.code).toBe(1);
  const after = new Map(box.tree("async"));
  expect(after.get("async/README.md")).toBe("mine");
  expect(after.get("async/questions/REQ-077.md")).toBe("# [REQ-077] gone\n");
  for (const path of ["async/README.md", "async/questions/REQ-077.md"]) after.delete(path);
  for (const [path, text] of sound)
    if (!path.includes("history")) expect([path, after.get(path)]).toEqual([path, text]);
  expect(after.size).toBe(sound.size);
});

test("--fix signs a line and an event for what it mends", async () => {
  rmSync(box.path(MIRROR));
  await box.ok("doctor", "--fix", "-o", "alice");
  const lines = (await box.ok("log", "history", "--limit", "1")).json.entries;
  expect(lines[0]).toEndWith("[ALICE] [doctor_fix] Doctor rebuilt copies in async/: 1");
  const events = [...box.tree(".mai/events").values()].join("");
  expect(events.trimEnd().split("\n").at(-1)).toContain('"type":"project.mended"');
});

test("--fix moves sequence.json past the highest event and id, and the next change counts on from there", async () => {
  const before = JSON.parse(box.read(".mai/sequence.json"));
  box.write(".mai/sequence.json", '{"seq":1,"ids":{"REQ":0}}\n');
  expect(codes(await box.ok("doctor", "--fix"), "fixed")).toEqual(["sequence_behind"]);
  expect(JSON.parse(box.read(".mai/sequence.json"))).toEqual({ seq: before.seq + 1, ids: { REQ: 1 } });
  expect((await box.ok("issue", "new", "questions", "Two", "-o", "alice")).json.issue_id).toBe("REQ-002");
  expect((await box.ok("doctor")).json.findings).toEqual([]);
});

test("--fix counts ids that only events know: the number of a deleted issue is not given out again", async () => {
  for (const path of [ISSUE, MIRROR, PROCESSING, ".mai/locks/REQ-001.lock"]) rmSync(box.path(path));
  box.write(".mai/sequence.json", box.read(".mai/sequence.json").replace('"REQ":1', '"REQ":0'));
  const run = await box.json("doctor", "--fix");
  expect(codes(run)).toEqual(["issue_lost"]);
  expect((await box.ok("issue", "new", "questions", "Two", "-o", "alice")).json.issue_id).toBe("REQ-002");
});

test("--fix makes processing/ hold exactly the leased issues", async () => {
  const text = box.read(PROCESSING);
  rmSync(box.path(PROCESSING));
  box.write(".mai/processing/REQ-009.md", "# Processing\n");
  await box.ok("doctor", "--fix");
  expect(box.read(PROCESSING)).toBe(text);
  expect(box.exists(".mai/processing/REQ-009.md")).toBe(false);
});

test("--fix sweeps temp files without a line in the log", async () => {
  box.write(".mai/tmp/0011223344556677", "half");
  box.age(".mai/tmp/0011223344556677", 2);
  const sequence = box.read(".mai/sequence.json");
  expect(codes(await box.ok("doctor", "--fix"), "fixed")).toEqual(["temp_orphan"]);
  expect(box.exists(".mai/tmp/0011223344556677")).toBe(false);
  expect(box.read(".mai/sequence.json")).toBe(sequence);
});

test("--fix adds only the missing lines to .gitignore", async () => {
  mkdirSync(box.path(".git"));
  box.write(".mai/.gitignore", "/mutex\nmine\ntmp");
  await box.ok("doctor", "--fix");
  expect(box.read(".mai/.gitignore")).toBe(
    "/mutex\nmine\ntmp\njournal/\ncache/\nlocks/\nprocessing/\nkeys/\n",
  );
});

test("--fix of a sound project leaves it byte for byte", async () => {
  const before = box.tree();
  expect((await box.ok("doctor", "--fix")).json).toMatchObject({ findings: [], fixed: [] });
  expect(box.tree()).toEqual(before);
});

test("--dry-run --fix says what it would mend, exits as the real one, and changes no byte", async () => {
  rmSync(box.path(MIRROR));
  const before = box.tree();
  const run = await box.ok("--dry-run", "doctor", "--fix");
  expect(codes(run, "fixed")).toEqual(["mirror_missing"]);
  expect(run.json.findings).toEqual([]);
  expect(box.tree()).toEqual(before);
  expect((await box.run("--dry-run", "doctor", "--fix")).stdout).toStartWith(
    "[dry-run] would mend  mirror_missing: 1\n",
  );
});

test.each([
  ["settings that are no JSON", CONFIG, "{"],
  ["a newer format", CONFIG, '{"format": 2}'],
  ["numbers that are none", ".mai/sequence.json", "{}"],
])("--fix writes nothing with %s, and says why", async (_what, path, text) => {
  rmSync(box.path(MIRROR));
  box.write(path, text);
  const before = box.tree();
  const run = await box.json("doctor", "--fix");
  expect(run.json).toMatchObject({ ok: false, error: "PROBLEMS_FOUND", fixed: [] });
  expect(run.json.warnings[0]).toStartWith("Not everything could be mended: ");
  expect(box.tree()).toEqual(before);
});

test("a change that a crash interrupted is finished by reading, and noted", async () => {
  await interruptAmend();
  const run = await box.ok("doctor");
  expect(codes(run)).toEqual(["change_finished"]);
  expect(box.read(ISSUE)).toContain("a remark");
});

test("where nothing may be written the interrupted change stays, is told, and is laid over what is read", async () => {
  await interruptAmend();
  const before = box.tree();
  const run = await box.json("--dry-run", "doctor");
  expect(codes(run)).toEqual(["change_unfinished"]);
  expect(box.tree()).toEqual(before);
});

/** Fails every rename but that of the journal record: the change is committed, and not finished. */
async function interruptAmend(): Promise<void> {
  const isLater = (_from: unknown, to: unknown) => !String(to).endsWith("commit.json");
  box.alterSystem = failing("renameSync", isLater, "EIO");
  await box.ok("issue", "amend", "REQ-001", "a remark", "-o", "bob");
  box.alterSystem = (system) => system;
}

test("files of another owner are told, and a project that belongs to another user is noted", async () => {
  const other = (path: string) => path.endsWith(ISSUE);
  box.alterSystem = owned((path) => (other(path) ? 4242 : 0), 0);
  expect((await box.json("doctor")).json.findings).toEqual([
    expect.objectContaining({ code: "other_owner", path: ISSUE }),
  ]);
  box.alterSystem = owned(() => 4242, 1000);
  box.env = { ...box.env, MAI_TRUST: box.cwd };
  expect(codes(await box.ok("doctor"))).toEqual(["not_your_own"]);
});

function owned(uidOf: (path: string) => number, user: number) {
  return (system: System): System => {
    const lstat = (path: string, options: { throwIfNoEntry?: boolean }) => {
      const stat = lstatSync(path, options);
      return stat === undefined ? stat : Object.assign(stat, { uid: uidOf(path), gid: 7 });
    };
    return { ...system, userId: () => user, fs: { ...system.fs, lstatSync: lstat as typeof lstatSync } };
  };
}

test("a lock that git tracks is told, whatever version git's index has", async () => {
  for (const version of ["2", "4"]) {
    const git = (...words: readonly string[]) =>
      expect(Bun.spawnSync(["git", ...words], { cwd: box.cwd, stderr: "ignore" }).exitCode).toBe(0);
    git("init", "-q");
    git("add", "-f", ".mai", "async");
    git("update-index", "--index-version", version);
    const { json } = await box.json("doctor");
    const tracked = json.findings.filter((entry: { code: string }) => entry.code === "git_tracks");
    expect(tracked.map((entry: { path: string }) => entry.path)).toEqual([
      ".mai/locks/REQ-001.lock",
      ".mai/mutex",
      PROCESSING,
    ]);
    rmSync(box.path(".git"), { recursive: true });
  }
});

test("a file system on which flock is not sure is told, with its type", async () => {
  box.alterSystem = mountedOn("9p", "rw");
  const run = await box.json("doctor");
  expect(run.json).toMatchObject({
    file_system: "9p",
    mount_point: "/",
    findings: [{ code: "file_system_unsure" }],
  });
  box.alterSystem = mountedOn("nfs4", "rw,local_lock=flock");
  expect((await box.json("doctor")).json.findings[0].message).toContain("local_lock=flock");
  box.alterSystem = mountedOn("xfs", "rw");
  expect((await box.ok("doctor")).json).toMatchObject({ file_system: "xfs", findings: [] });
});

/** Puts a file of our own in place of /proc/self/mountinfo. */
function mountedOn(type: string, options: string) {
  box.write("../mountinfo", `22 1 0:21 / / rw,relatime shared:1 - ${type} source ${options}\n`);
  return (system: System): System => {
    const openSync: System["fs"]["openSync"] = (path, ...rest) =>
      system.fs.openSync(path === "/proc/self/mountinfo" ? box.path("../mountinfo") : path, ...rest);
    return { ...system, fs: { ...system.fs, openSync } };
  };
}

test("a flock that excludes nobody is an error", async () => {
  box.alterSystem = (system) => ({ ...system, tryFlock: () => true });
  const run = await box.json("doctor");
  expect(run.json.findings).toEqual([expect.objectContaining({ severity: "error", code: "flock_broken" })]);
});

test("a process that may not make executable memory is a warning", async () => {
  box.alterSystem = (system) => ({ ...system, isLibcBound: () => false });
  const run = await box.json("doctor");
  expect(run.code).toBe(1);
  expect(run.json.findings).toEqual([
    expect.objectContaining({ severity: "warning", code: "no_executable_memory" }),
  ]);
});

test("a second process that cannot be started leaves a note", async () => {
  const cannot = () =>
    Promise.reject(Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall: "spawn" }));
  box.alterSystem = (system) => ({ ...system, startSelf: cannot });
  expect(codes(await box.ok("doctor"))).toEqual(["probe_not_run"]);
});

test.each(["python-1.5", "python-1.7", "python-1.10"])(
  "a project of %s has no damage but what that version did, and --fix gives it its mirror",
  async (version) => {
    const old = new Sandbox();
    cpSync(`test/fixtures/${version}/.mai`, old.path(".mai"), { recursive: true });
    const sources = old.tree(".mai/queues");
    const run = await old.json("doctor", "--fix");
    expect(codes(run, "fixed")).toContain("mirror_missing");
    expect(codes(run)).toEqual(version === "python-1.5" ? ["double_id"] : []);
    expect(old.tree(".mai/queues")).toEqual(sources);
    expect(existsSync(old.path("async/config.json"))).toBe(true);
    old.remove();
  },
);
