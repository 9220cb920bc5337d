import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { FINDING_KINDS, type FindingCode } from "../../../src/domain/doctor/finding.ts";
import { EXIT_CODES } from "../../../src/domain/errors.ts";
import { GIT_FILES } from "../../../src/domain/git-files.ts";
import { Sandbox } from "../../support/sandbox.ts";

const CONFIG = ".mai/config.json";
const ISSUE = ".mai/queues/questions/REQ-001.md";
const MIRROR = "async/questions/REQ-001.md";
const ARCHIVED = ".mai/archive/queues/questions/REQ-001.md";
const LEASE = ".mai/locks/REQ-001.lock";
const KEY = `.mai/keys/${"0a".repeat(32)}`;
const MINUTE_MS = 60_000;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
});
afterEach(() => box.remove());

function edit(path: string, from: string | RegExp, to: string): void {
  const text = box.read(path);
  if (text.replace(from, to) === text) throw new Error(`${path} does not hold ${from}`);
  box.write(path, text.replace(from, to));
}

/** Changes a source and its mirror alike, so that the mirror is no finding of its own. */
function editBoth(from: string | RegExp, to: string): void {
  edit(ISSUE, from, to);
  edit(MIRROR, from, to);
}

function move(from: string, to: string): void {
  box.write(to, box.read(from));
  rmSync(box.path(from));
}

function eventFile(): string {
  return [...box.tree(".mai/events").keys()][0] ?? "";
}

function historyFile(): string {
  return [...box.tree(".mai/history").keys()][0] ?? "";
}

/** How one kind of finding comes about, and all that the doctor must say of it. */
interface Row {
  readonly code: FindingCode;
  readonly by: string;
  readonly cause: () => unknown;
  readonly path: string | null | (() => string);
  /** Findings that come along. */
  readonly also?: readonly FindingCode[];
}

/** Puts a repository around the project, with every file for git but one. */
function inRepository(missing: string): void {
  mkdirSync(box.path(".git"));
  for (const { path, lines } of GIT_FILES) if (path !== missing) box.write(path, `${lines.join("\n")}\n`);
}

const ROWS: readonly Row[] = [
  {
    code: "config_invalid",
    by: "settings of a wrong type",
    cause: () => edit(CONFIG, '"heartbeat_minutes": 30', '"heartbeat_minutes": "x"'),
    path: CONFIG,
    also: ["mirror_stale"],
  },
  {
    code: "config_invalid",
    by: "settings that are no JSON",
    cause: () => edit(CONFIG, "{", "{{"),
    path: CONFIG,
    also: ["mirror_stale"],
  },
  {
    code: "format_too_new",
    by: "a newer format",
    cause: () => edit(CONFIG, '"format": 1', '"format": 2'),
    path: CONFIG,
    also: ["mirror_stale"],
  },
  {
    code: "queue_missing",
    by: "an escalation queue that is not there",
    cause: () => edit(CONFIG, '"escalation_queue": "decisions"', '"escalation_queue": "nowhere"'),
    path: CONFIG,
    also: ["mirror_stale"],
  },
  {
    code: "queue_unknown",
    by: "a queue directory without settings",
    cause: () =>
      box.write(
        ".mai/queues/lost/OLD-001.md",
        box
          .read(ISSUE)
          .replace("REQ-001", "OLD-001")
          .replace("questions", "lost")
          .replace("IN_PROGRESS", "OPEN"),
      ),
    path: ".mai/queues/lost",
    also: ["mirror_missing"],
  },
  {
    code: "issue_invalid",
    by: "a state that is none",
    cause: () => editBoth(/IN_PROGRESS\n/, "WORKING\n"),
    path: ISSUE,
  },
  {
    code: "odd_name",
    by: "a file name that is no id",
    cause: () => box.write(".mai/queues/questions/notes.md", "# [notes] x\n\n**状态：** OPEN\n"),
    path: ".mai/queues/questions/notes.md",
  },
  {
    code: "id_mismatch",
    by: "a title with another id",
    cause: () => editBoth("# [REQ-001]", "# [REQ-002]"),
    path: ISSUE,
  },
  {
    code: "queue_mismatch",
    by: "a queue field that is not the folder",
    cause: () => editBoth("**队列：** questions", "**队列：** reviews"),
    path: ISSUE,
  },
  {
    code: "double_id",
    by: "one id in two queues",
    cause: () => {
      for (const top of [".mai/queues", "async"])
        box.write(
          `${top}/reviews/REQ-001.md`,
          box.read(ISSUE).replace("**队列：** questions", "**队列：** reviews"),
        );
    },
    path: ISSUE,
  },
  {
    code: "ref_missing",
    by: "a reference that leads nowhere",
    cause: () => editBoth("**fence：**", "**关联 Issue：** [REQ-404](#)\n**fence：**"),
    path: ISSUE,
  },
  {
    code: "time_invalid",
    by: "a creation time that is none",
    cause: () => editBoth(/创建时间：\*\* .*/, "创建时间：** yesterday"),
    path: ISSUE,
  },
  {
    code: "unleased_work",
    by: "IN_PROGRESS without a lease",
    cause: () => {
      rmSync(box.path(LEASE));
      rmSync(box.path(".mai/processing/REQ-001.md"));
    },
    path: ISSUE,
  },
  {
    code: "lease_stale",
    by: "a lease of 45 minutes and a bit",
    cause: () => box.age(LEASE, 45.5),
    path: LEASE,
  },
  {
    code: "lease_orphan",
    by: "a lease without an issue",
    cause: () => box.write(".mai/locks/REQ-009.lock", "bob|2026-01-01T00:00:00.000+00:00"),
    path: ".mai/locks/REQ-009.lock",
  },
  {
    code: "lease_unneeded",
    by: "a lease of an open issue",
    cause: () => editBoth(/🔄 IN_PROGRESS/, "⭕ OPEN"),
    path: LEASE,
  },
  { code: "lease_invalid", by: "an empty lease file", cause: () => box.write(LEASE, ""), path: LEASE },
  {
    code: "fence_behind",
    by: "an issue whose fence is behind its lease's",
    cause: () => edit(LEASE, "fence=1", "fence=3"),
    path: LEASE,
  },
  {
    code: "blocker_missing",
    by: "an issue that waits for one that is not there",
    cause: () => {
      editBoth("**队列", "**依赖：** REQ-009\n**队列");
      box.write(".mai/dependents/REQ-009", "REQ-001\n");
    },
    path: ISSUE,
  },
  {
    code: "dependency_cycle",
    by: "an issue that waits for itself",
    cause: () => {
      editBoth("**队列", "**依赖：** REQ-001\n**队列");
      box.write(".mai/dependents/REQ-001", "REQ-001\n");
    },
    path: ISSUE,
  },
  {
    code: "dependents_stale",
    by: "a list of what waits that names an issue which does not",
    cause: () => box.write(".mai/dependents/REQ-001", "REQ-001\n"),
    path: ".mai/dependents/REQ-001",
  },
  {
    code: "processing_orphan",
    by: "a note of work on an issue that nobody holds",
    cause: () => box.write(".mai/processing/REQ-009.md", "# Processing\n"),
    path: ".mai/processing/REQ-009.md",
  },
  {
    code: "processing_missing",
    by: "a lease without its note",
    cause: () => rmSync(box.path(".mai/processing/REQ-001.md")),
    path: ".mai/processing/REQ-001.md",
  },
  {
    code: "decision_orphan",
    by: "a decision without an issue",
    cause: () => {
      box.write(".mai/decisions/REQ-009.md", "# 结论\n");
      box.write("async/decisions/REQ-009.md", "# 结论\n");
    },
    path: ".mai/decisions/REQ-009.md",
  },
  {
    code: "key_invalid",
    by: "a torn key file",
    cause: () => box.write(KEY, "{"),
    path: KEY,
  },
  {
    code: "summary_invalid",
    by: "a round without a date",
    cause: () => {
      box.write(".mai/daily-summary/status.json", '{"x": 1}');
      box.write("async/daily-summary/status.json", '{"x": 1}');
    },
    path: ".mai/daily-summary/status.json",
  },
  {
    code: "temp_orphan",
    by: "a temp file of two minutes ago",
    cause: () => {
      box.write(".mai/tmp/0011223344556677", "half");
      box.age(".mai/tmp/0011223344556677", 2);
    },
    path: ".mai/tmp/0011223344556677",
  },
  {
    code: "set_aside",
    by: "a conflict set aside",
    cause: () => box.write(".mai/journal/conflict-9-x", "mine"),
    path: ".mai/journal/conflict-9-x",
  },
  {
    code: "set_aside",
    by: "a record set aside",
    cause: () => box.write(".mai/journal/bad-01020304.json", "{"),
    path: ".mai/journal/bad-01020304.json",
  },
  { code: "mirror_missing", by: "a copy that is gone", cause: () => rmSync(box.path(MIRROR)), path: MIRROR },
  { code: "mirror_stale", by: "a copy that differs", cause: () => edit(MIRROR, "One", "Two"), path: MIRROR },
  {
    code: "mirror_stray",
    by: "a copy in a queue that the issue has left",
    cause: () => box.write("async/reviews/REQ-001.md", box.read(ISSUE)),
    path: "async/reviews/REQ-001.md",
  },
  {
    code: "mirror_last_copy",
    by: "a copy whose source is gone",
    cause: () => box.write("async/questions/REQ-077.md", box.read(ISSUE).replace("REQ-001", "REQ-077")),
    path: "async/questions/REQ-077.md",
  },
  {
    code: "mirror_foreign",
    by: "somebody's own file in the mirror",
    cause: () => box.write("async/README.md", "mine"),
    path: "async/README.md",
  },
  {
    code: "sequence_invalid",
    by: "numbers that are none",
    cause: () => box.write(".mai/sequence.json", "{}"),
    path: ".mai/sequence.json",
  },
  {
    code: "sequence_behind",
    by: "numbers that were put back",
    cause: () => box.write(".mai/sequence.json", '{"seq":2,"ids":{}}\n'),
    path: ".mai/sequence.json",
  },
  {
    code: "event_invalid",
    by: "a line of the stream that is no event",
    cause: () => box.write(eventFile(), `${box.read(eventFile())}torn\n`),
    path: () => eventFile(),
  },
  {
    code: "event_gap",
    by: "a line of the stream that is gone",
    cause: () => edit(eventFile(), /.*"seq":3,.*\n/, ""),
    path: () => eventFile(),
  },
  {
    code: "event_repeat",
    by: "a number given twice",
    cause: () => edit(eventFile(), /(.*"seq":3,.*\n)/, "$1$1"),
    path: () => eventFile(),
  },
  {
    code: "events_joined",
    by: "a merge of two branches that gave out the same number",
    cause: () => {
      inRepository("none");
      edit(eventFile(), /(.*)"seq":3,(.*\n)/, '$1"seq":3,$2$1"seq":3,"branch":"other",$2');
    },
    path: () => eventFile(),
  },
  {
    code: "events_lost",
    by: "a stream that lost its end",
    cause: () => edit(eventFile(), /.*issue\.claimed.*\n/, ""),
    path: ".mai/sequence.json",
  },
  {
    code: "events_begin_late",
    by: "a stream without its start",
    cause: () => edit(eventFile(), /.*\n/, ""),
    path: () => eventFile(),
  },
  {
    code: "history_invalid",
    by: "a line that is no audit line",
    cause: () => {
      const path = historyFile();
      for (const file of [path, path.replace(".mai", "async")]) box.write(file, `${box.read(file)}hello\n`);
    },
    path: () => historyFile(),
  },
  {
    code: "issue_lost",
    by: "an issue that was deleted by hand",
    cause: () => {
      for (const path of [ISSUE, MIRROR, LEASE, ".mai/processing/REQ-001.md"]) rmSync(box.path(path));
    },
    path: () => eventFile(),
  },
  {
    code: "archive_unfinished",
    by: "an issue that somebody moved into the archive by hand",
    cause: async () => {
      await box.ok("lock", "release", "REQ-001", "-o", "alice");
      move(ISSUE, ARCHIVED);
      rmSync(box.path(MIRROR));
    },
    path: ARCHIVED,
  },
  {
    code: "double_id",
    by: "an issue that is in its queue and in the archive",
    cause: () => box.write(ARCHIVED, box.read(ISSUE).replace("🔄 IN_PROGRESS", "✅ COMPLETED")),
    path: ISSUE,
  },
  {
    code: "mirror_stray",
    by: "the mirror of an issue that is in the archive",
    cause: async () => {
      await box.ok("issue", "discard", "REQ-001", "x", "-o", "alice");
      await box.ok("archive", "--before", "2999-01-01", "-o", "admin");
      box.write(MIRROR, box.read(ARCHIVED));
    },
    path: MIRROR,
  },
  {
    code: "decision_orphan",
    by: "decisions in the archive without their issue",
    cause: () => box.write(".mai/archive/decisions/REQ-001.md", "# x\n"),
    path: ".mai/archive/decisions/REQ-001.md",
  },
  {
    code: "record_missing",
    by: "a record that was deleted by hand",
    cause: () => editBoth(/- .*: IN_PROGRESS\n/, ""),
    path: ISSUE,
  },
  {
    code: "clock_backwards",
    by: "an event of an hour before the one before it",
    cause: async () => {
      box.clock.nowMs -= 60 * MINUTE_MS;
      await box.ok("log", "write", "alice", "note", "from the past", "-o", "alice");
      box.clock.nowMs += 60 * MINUTE_MS;
    },
    path: () => eventFile(),
  },
  {
    code: "from_future",
    by: "a lease that was written in three minutes",
    cause: () => {
      const seconds = (Date.now() + 3 * MINUTE_MS) / 1000;
      utimesSync(box.path(LEASE), seconds, seconds);
    },
    path: LEASE,
  },
  {
    code: "symbolic_link",
    by: "a link in place of an issue",
    cause: () => {
      move(ISSUE, "elsewhere.md");
      symlinkSync(box.path("elsewhere.md"), box.path(ISSUE));
    },
    path: ISSUE,
  },
  ...[".mai/journal", ".mai/tmp", ".mai/keys", ".mai/cache", ".mai/queues/decisions"].map((path) => ({
    code: "wrong_kind" as const,
    by: `a file in place of ${path}`,
    cause: () => {
      rmSync(box.path(path), { recursive: true, force: true });
      box.write(path, "");
    },
    path,
  })),
  {
    code: "wrong_kind",
    by: "a file in place of the leases",
    cause: () => {
      rmSync(box.path(".mai/locks"), { recursive: true });
      box.write(".mai/locks", "");
    },
    path: ".mai/locks",
    also: ["processing_orphan", "unleased_work"],
  },
  {
    code: "wrong_kind",
    by: "a directory in place of the lock",
    cause: () => {
      rmSync(box.path(".mai/mutex"));
      mkdirSync(box.path(".mai/mutex"));
    },
    path: ".mai/mutex",
  },
  {
    code: "open_to_all",
    by: "a .mai that everybody may write",
    cause: () => box.chmod(".mai", 0o777),
    path: ".mai",
    also: ["group_locked_out"],
  },
  {
    code: "world_writable",
    by: "an issue that everybody may write",
    cause: () => box.chmod(ISSUE, 0o666),
    path: ISSUE,
  },
  {
    code: "group_locked_out",
    by: "an issue that the group of the project may not read",
    cause: () => {
      for (const path of [
        ".mai",
        ...readdirSync(box.path(".mai"), { recursive: true, encoding: "utf8" }).map((name) => `.mai/${name}`),
      ])
        box.chmod(path, 0o770);
      for (const path of readdirSync(box.path("async"), { recursive: true, encoding: "utf8" }))
        box.chmod(`async/${path}`, 0o770);
      box.chmod("async", 0o770);
      box.chmod(ISSUE, 0o600);
    },
    path: ISSUE,
  },
  {
    code: "gitignore_incomplete",
    by: "a repository around it that would take the locks in",
    cause: () => inRepository(".mai/.gitignore"),
    path: ".mai/.gitignore",
  },
  {
    code: "gitattributes_incomplete",
    by: "a repository around it that would convert line ends",
    cause: () => inRepository(".mai/.gitattributes"),
    path: ".mai/.gitattributes",
  },
  {
    code: "home_invalid",
    by: "a registry that is no JSON",
    cause: () => box.write("../home/.mai-cli/registry.json", "{"),
    path: () => `${box.base}/home/.mai-cli/registry.json`,
  },
  {
    code: "home_open",
    by: "a home that others may read",
    cause: () => box.chmod("../home/.mai-cli", 0o755),
    path: () => `${box.base}/home/.mai-cli`,
  },
];

describe.each(ROWS.map((row) => [row.code, row.by, row] as const))("%s: %s", (code, _by, row) => {
  const { severity } = FINDING_KINDS[code];

  test(`is found as ${severity} with its path, and changes nothing`, async () => {
    await row.cause();
    const path = typeof row.path === "function" ? row.path() : row.path;
    const before = box.tree();
    const run = await box.json("doctor");
    const others = run.json.findings.filter(
      (entry: { code: FindingCode }) => !row.also?.includes(entry.code),
    );
    expect([...new Set(others.map((entry: { code: FindingCode }) => entry.code))]).toEqual([code]);
    expect(others[0]).toMatchObject({ code, severity, path, fixable: FINDING_KINDS[code].fixable });
    expect(box.tree()).toEqual(before);
    const isSound = run.json.findings.every((entry: { severity: string }) => entry.severity === "note");
    expect(run.code).toBe(isSound ? 0 : EXIT_CODES.PROBLEMS_FOUND);
    expect(run.json.ok).toBe(isSound);
  });
});

test("every kind of finding has a row here, but those that a test of their own has", () => {
  const elsewhere: readonly FindingCode[] = [
    "change_finished",
    "change_unfinished",
    "config_missing",
    "file_system_unsure",
    "flock_broken",
    "git_tracks",
    "lockable_by_readers",
    "no_executable_memory",
    "not_your_own",
    "other_group",
    "decision_invalid",
    "other_owner",
    "probe_not_run",
    "shared_modes",
    "unreadable",
  ];
  const here = ROWS.map(({ code }) => code);
  expect([...new Set([...here, ...elsewhere])].sort()).toEqual(
    Object.keys(FINDING_KINDS).sort() as FindingCode[],
  );
});
