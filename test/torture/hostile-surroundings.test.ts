import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BinaryProject } from "../support/binary.ts";
import { HOSTILE } from "../support/hostile-texts.ts";
import { Outside } from "../support/innocence.ts";
import { inParallel } from "../support/pool.ts";
import { type Bad, secondsSince, settle } from "../support/report.ts";
import { Sandbox } from "../support/sandbox.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

let box: Sandbox;
let outside: Outside;
let template: string;

/** A project that has each kind of file: issues, a lease, a decision, a summary, keys, logs, a home. */
beforeEach(async () => {
  box = await Sandbox.withTeam();
  await box.ok("config", "set", "durability", "process", "-o", "admin");
  for (const title of ["One", "Two"]) await box.ok("issue", "new", "questions", title, "-o", "admin");
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "complete", "REQ-002", "done", "-o", "admin");
  await box.ok("issue", "amend", "REQ-001", "seen", "-o", "alice", "--key", "k");
  await box.ok("daily-summary", "trigger", "-o", "admin");
  await box.ok("daily-summary", "write", "alice", "much");
  await box.ok("daily-summary", "read", "--all");
  template = `${box.base}-template`;
  cpSync(box.base, template, { recursive: true, preserveTimestamps: true });
  outside = new Outside(box);
});
afterEach(() => {
  box.remove();
  rmSync(template, { recursive: true, force: true });
});

/** Puts project and home back to what they were. */
function restore(): void {
  for (const part of ["work", "home"]) {
    rmSync(join(box.base, part), { recursive: true, force: true });
    cpSync(join(template, part), join(box.base, part), { recursive: true, preserveTimestamps: true });
  }
}

const WRITING = [
  ["issue", "amend", "REQ-001", "remark", "-o", "alice"],
  ["--json", "issue", "new", "questions", "Three", "-o", "admin"],
  ["--json", "issue", "claim", "REQ-001", "-o", "alice"],
  ["daily-summary", "write", "bob", "little"],
  ["--json", "issue", "escalate", "REQ-001", "-o", "alice"],
  ["agent", "add", "carol", "-o", "admin"],
] as const;
const READING = [
  ["--json", "issue", "list"],
  ["status", "--verbose"],
  ["--json", "queue", "check", "--all"],
  ["issue", "show", "REQ-001"],
  ["--json", "doctor"],
  ["--json", "config", "show"],
  ["log", "history"],
  ["project", "list"],
  ["prime", "-o", "alice"],
  ["--json", "daily-summary", "read", "--all"],
] as const;

/** Takes some of the lines, others for each case, so that all meet all kinds of hostility. */
function some<Line>(lines: readonly Line[], at: number, count: number): readonly Line[] {
  return Array.from({ length: count }, (_, index) => lines[(at * count + index) % lines.length] as Line);
}

describe("hostile environment:", () => {
  /** Every variable that mai reads. */
  const VARIABLES = [
    ...[
      "MAI_PROJECT",
      "AGENTS_PROJECT",
      "MAI_OPERATOR",
      "MAI_AGENT",
      "AGENT_NAME",
      "MAI_SESSION",
      "MAI_ISSUE",
      "MAI_TRUST",
      "CLAUDE_PROJECT_DIR",
    ],
    ...["MAI_FENCE", "MAI_FORMAT", "MAI_HOME", "MAI_LOCK_TIMEOUT", "NO_COLOR", "FORCE_COLOR", "HOME", "PATH"],
  ];
  const READ_ANYWHERE = /\benv(?:ironment)?\.([A-Z][A-Z_]+)/g;

  test("the list of variables is that of the sources", () => {
    const names = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const read = names.flatMap((name) =>
      [...readFileSync(join("src", name), "utf8").matchAll(READ_ANYWHERE)].map(([, variable]) => variable),
    );
    const listed = new Set([...VARIABLES, "TZ"]);
    expect([...new Set(read)].filter((name) => name !== undefined && !listed.has(name))).toEqual([]);
  });

  // A home that somebody names is theirs to write in; these lines only read it.
  const LINES = [
    ["issue", "amend", "REQ-001", "remark"],
    ["--json", "issue", "claim", "REQ-001"],
    ["issue", "list"],
    ["--json", "project", "list"],
    ["status"],
    ["prime"],
    ["--json", "next"],
  ] as const;

  test(
    "no value of a variable crashes it, steers a terminal or leads outside",
    async () => {
      const started = performance.now();
      const bad: Bad[] = [];
      const values = HOSTILE.filter((text, at) => !text.includes("\0") && at % sized(3, 1) === 0);
      const env = { ...box.env };
      for (const variable of VARIABLES) {
        for (const [at, value] of values.entries()) {
          box.env = {
            ...env,
            ...(variable === "MAI_FENCE" ? { MAI_ISSUE: "REQ-001" } : {}),
            [variable]: value,
          };
          // With colours on, text has control characters of mai's own.
          const lines = variable === "FORCE_COLOR" ? LINES.filter(([first]) => first === "--json") : LINES;
          const line = lines[at % lines.length] ?? LINES[0];
          const faults = await outside.faultsOf(line);
          bad.push(
            ...faults.map((what) => ({ at: `${variable}=${JSON.stringify(value)} ${line.join(" ")}`, what })),
          );
        }
      }
      settle("hostile environment", {
        name: "in the text of a variable",
        cases: VARIABLES.length * values.length,
        bad,
        seconds: secondsSince(started),
      });
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "bytes that are no UTF-8, and a hundred thousand of them, do not crash the compiled program either",
    async () => {
      const started = performance.now();
      const project = await BinaryProject.after([
        ["init", "-o", "admin"],
        ["issue", "new", "questions", "One", "-o", "admin"],
      ]);
      const scripts = [`printf '\\377\\376/x'`, `head -c 100000 /dev/zero | tr '\\0' A`];
      const cases = VARIABLES.flatMap((variable) => scripts.map((script) => ({ variable, script })));
      const results = await inParallel(cases, async ({ variable, script }) => {
        const shell = `value=$(${script}); export ${variable}="$value"; exec "$0" "$@"`;
        const line = ["--json", "issue", "list"];
        const { code, stderr } = await project.run(line, { under: ["sh", "-c", shell] });
        return code === null || code === 70
          ? [{ at: `${variable} ${script}`, what: `${code} ${stderr}` }]
          : [];
      });
      project.remove();
      settle("hostile environment", {
        name: "in the bytes of a variable",
        cases: cases.length,
        bad: results.flat(),
        seconds: secondsSince(started),
      });
    },
    TEST_TIMEOUT_MS,
  );
});

describe("hostile settings:", () => {
  const KEYS = [
    ...["format", "name", "initialized_at", "root", "queues", "agents", "daily_summary_order", "language"],
    ...["issue_status_emoji", "blockers_queue", "escalation_queue", "id_style", "durability", "safe_check"],
    ...[
      "queues.questions",
      "queues.questions.handler",
      "queues.questions.owner",
      "queues.questions.sla_minutes",
    ],
    ...[
      "queues.questions.sla_hours",
      "queues.questions.id_prefix",
      "agents.alice",
      "issue_status_emoji.open",
    ],
    ...["agents.alice.heartbeat_minutes", "safe_check.deny", "queues.../../escape", "queues.__proto__"],
    ...[
      "agents.__proto__",
      "agents.../../escape",
      "queues.\u001b[31m",
      "agents.a\nb",
      "__proto__",
      "unknown",
    ],
  ];
  /** As JSON texts: some are no value that JSON.stringify would write. */
  const VALUES = [
    ...["null", "true", "-1", "0", "1e308", "1e999", "9007199254740993", '""', "[]", "{}", "[[[]]]", '[""]'],
    ...['"__proto__"', '"../../escape"', '"/etc/passwd"', '"a/b"', '".hidden"', '"\\u001b[31mred"'],
    ...['"\\u202eevil"', '"a\\nb"', '"nul\\u0000"', '{"__proto__":{"x":1}}', '["../../escape", "\\u0007"]'],
    ...[JSON.stringify("x".repeat(100_000)), '{"handler":"../x"}', '"REQ"', '"en"', "[null]", '"process"'],
  ];

  test(
    "no value of a key crashes it, steers a terminal or leads outside",
    async () => {
      const started = performance.now();
      const bad: Bad[] = [];
      const sound = JSON.parse(box.read(".mai/config.json"));
      const all = KEYS.flatMap((key) => VALUES.map((value) => [key, value] as const));
      const cases = all.filter((_, at) => at % sized(2, 1) === 0);
      for (const [at, [key, value]] of cases.entries()) {
        restore();
        box.write(".mai/config.json", withValue(sound, key, value));
        const lines = [...some(READING, at, 1), ...some(WRITING, at, 1)];
        for (const line of lines) {
          const about = `${key}: ${value.slice(0, 60)} ${line.join(" ")}`;
          bad.push(...(await outside.faultsOf(line)).map((what) => ({ at: about, what })));
        }
      }
      settle("hostile settings", {
        name: "each key with each value",
        cases: cases.length,
        bad,
        seconds: secondsSince(started),
      });
    },
    TEST_TIMEOUT_MS,
  );

  /** Puts a JSON text at a place of a JSON object; a name of the last part may hold dots. */
  function withValue(sound: Readonly<Record<string, unknown>>, key: string, value: string): string {
    const mark = "the place of the value";
    const [, section, name, field] = /^([^.]+)(?:\.(questions|alice|.+?))?(?:\.([a-z_]+))?$/s.exec(key) ?? [];
    const there = (sound[section ?? ""] ?? {}) as Record<string, object>;
    const inner =
      name === undefined
        ? mark
        : { ...there, [`${name}`]: field === undefined ? mark : { ...there[name], [field]: mark } };
    // A name like __proto__ must reach the text: it is put there by hand.
    const rest = Object.entries(sound).filter(([other]) => other !== section);
    const body = [...rest, [section, inner] as const].map(
      ([one, content]) => `${JSON.stringify(one)}: ${JSON.stringify(content)}`,
    );
    return `{${body.join(",\n")}}`.replace(JSON.stringify(mark), () => value);
  }
});

describe("hostile files:", () => {
  const CONTENTS: Readonly<Record<string, (path: string, before: Buffer) => void>> = {
    "nothing at all": (path) => writeFileSync(path, ""),
    "no UTF-8": (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xc3])),
    zeros: (path) => writeFileSync(path, Buffer.alloc(4096)),
    "an object": (path) => writeFileSync(path, "{}"),
    "a list": (path) => writeFileSync(path, "[null, 1e999]\n"),
    "deep brackets": (path) => writeFileSync(path, "[".repeat(100_000)),
    "a prototype": (path) => writeFileSync(path, '{"__proto__":{"seq":1},"constructor":{"root":["eve"]}}\n'),
    "half of it": (path, before) => writeFileSync(path, before.subarray(0, before.length / 2)),
    "it and hostile texts": (path, before) =>
      writeFileSync(path, Buffer.concat([before, Buffer.from(`\n${HOSTILE.slice(0, 67).join("\n")}`)])),
    "hostile texts": (path) => writeFileSync(path, HOSTILE.slice(0, 67).join("|")),
    "a directory": (path) => mkdirSync(path),
    "a link that leads outside": (path) => symlinkSync(outside.path, path),
    "a link to a device": (path) => symlinkSync("/dev/zero", path),
    "a pipe": (path) => void Bun.spawnSync(["mkfifo", path]),
  };

  test(
    "nothing that stands in a file crashes it, steers a terminal or leads outside",
    async () => {
      const started = performance.now();
      const bad: Bad[] = [];
      const files = filesOf(template);
      expect(files.length).toBeGreaterThan(20);
      const cases = files.flatMap((file) =>
        Object.entries(CONTENTS).map((content) => [file, content] as const),
      );
      for (const [at, [file, [name, put]]] of cases.entries()) {
        restore();
        const path = join(box.base, file);
        const before = readFileSync(path);
        rmSync(path);
        put(path, before);
        for (const line of [...some(READING, at, 1), ...some(WRITING, at, 1), ...some(READING, at, 1)]) {
          const about = `${file} with ${name}: ${line.join(" ")}`;
          bad.push(...(await outside.faultsOf(line)).map((what) => ({ at: about, what })));
        }
      }
      settle("hostile files", {
        name: "each file with each content",
        cases: cases.length,
        bad,
        seconds: secondsSince(started),
      });
    },
    TEST_TIMEOUT_MS,
  );

  function filesOf(base: string): readonly string[] {
    const entries = readdirSync(base, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return entries.map((entry) => relative(base, join(entry.parentPath, entry.name))).sort();
  }
});
