import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { HOSTILE } from "../support/hostile-texts.ts";
import { counted } from "../support/report.ts";
import { Sandbox } from "../support/sandbox.ts";
import { sized, TEST_TIMEOUT_MS } from "./size.ts";

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const BREAKS = /\r\n|[\r\u2028\u2029\u0085\u000b\u000c\u001c-\u001e]/g;
const HISTORY_LINE = /^\[\d{4}-[^\]]+\] \[[^[\]]+\] \[[^[\]]+\] .*$/;

/** Where a text goes in, and, where it is a free text, how it is read back. */
interface Entrance {
  readonly argv: (text: string) => readonly string[];
  readonly before?: (box: Sandbox) => Promise<unknown>;
  readonly readBack?: (box: Sandbox) => Promise<unknown>;
}

const ENTRANCES: Readonly<Record<string, Entrance>> = {
  title: {
    argv: (text) => ["issue", "edit", "REQ-001", "-o", "admin", "--title", text],
    readBack: async (box) => (await shown(box)).title,
  },
  "title of a new issue": { argv: (text) => ["issue", "new", "-o", "admin", "questions", "--", text] },
  body: {
    argv: (text) => ["issue", "edit", "REQ-001", "-o", "admin", "--body", text],
    readBack: async (box) => (await shown(box)).description,
  },
  remark: move("amend", ""),
  reason: move("block", ""),
  "reason of a rejection": move("reject", "退回重做："),
  message: {
    argv: (text) => ["issue", "transfer", "REQ-001", "-o", "admin", "bob", "--", text],
    readBack: async (box) => (await newest(box)).slice("转交给 @bob：".length),
  },
  "entry of a note": {
    before: noted,
    argv: (text) => [
      "issue",
      "transfer",
      "REQ-001",
      "bob",
      "-o",
      "admin",
      "--remaining",
      text,
      "--done",
      text,
    ],
    readBack: async (box) => (await shown(box)).handover.remaining[0],
  },
  conclusion: { ...move("complete", "完成："), before: reopened },
  "reason to reopen": {
    ...move("reopen", "重新打开："),
    before: (box) => box.run("issue", "confirm", "REQ-001", "-o", "admin"),
  },
  summary: {
    before: (box) => box.ok("daily-summary", "trigger", "-o", "admin"),
    argv: (text) => ["daily-summary", "write", "--replace", "alice", "--", text],
    readBack: async (box) => (await box.ok("daily-summary", "read", "alice")).json.content,
  },
  "log summary": { argv: (text) => ["log", "write", "-o", "admin", "alice", "note", "--", text] },
  "log type": { argv: (text) => ["log", "write", "-o", "admin", "alice", "--", text, "x"] },
  "log status": { argv: (text) => ["log", "write", "alice", "note", "x", "-o", "admin", "--status", text] },
  key: { argv: (text) => ["issue", "amend", "REQ-001", "seen", "-o", "admin", "--key", text] },
  session: { argv: (text) => ["issue", "claim", "REQ-001", "-o", "admin", "--session", text], before: freed },
  operator: { argv: (text) => ["issue", "amend", "REQ-001", "seen", "-o", text] },
  "queue that is named": { argv: (text) => ["queue", "check", "--", text] },
  "queue that is made": {
    argv: (text) => ["queue", "create", "--owner", "bob", "-o", "admin", "--", text],
  },
  "agent that is made": { argv: (text) => ["agent", "add", "-o", "admin", "--", text] },
  handler: { argv: (text) => ["issue", "transfer", "-o", "admin", "REQ-001", "--", text] },
  "item of a check list": {
    argv: (text) => ["issue", "new", "-o", "admin", "questions", "Two", "--accept", text],
    readBack: async (box) => {
      const { REQ } = JSON.parse(box.read(".mai/sequence.json")).ids;
      return (await box.ok("issue", "show", `REQ-${`${REQ}`.padStart(3, "0")}`)).json.issue.acceptance[0]
        .text;
    },
  },
  label: { argv: (text) => ["issue", "label", "REQ-001", "-o", "admin", "--", `+${text}`] },
  id: { argv: (text) => ["issue", "show", "--", text] },
};

describe("no text steers a terminal, forges anything or leaves the directory, and what is accepted reads back:", () => {
  test.each(Object.entries(ENTRANCES))(
    "%s",
    async (_name, entrance) => {
      const started = performance.now();
      const box = await Sandbox.withTeam();
      try {
        await box.ok("config", "set", "durability", "process", "-o", "admin");
        await box.ok("issue", "new", "questions", "One", "-o", "admin");
        for (const [at, text] of HOSTILE.entries()) {
          for (const json of sized([at % 2 === 0], [true, false])) await feed(box, entrance, { text, json });
        }
        expectInside(box);
        counted("hostile texts", HOSTILE.length * sized(1, 2), started);
      } finally {
        box.remove();
      }
    },
    TEST_TIMEOUT_MS,
  );
});

test("the check sees about 4,500 texts go in", () => {
  expect(HOSTILE.length * Object.keys(ENTRANCES).length).toBeGreaterThan(4_000);
});

async function feed(
  box: Sandbox,
  entrance: Entrance,
  { text, json }: { readonly text: string; readonly json: boolean },
): Promise<void> {
  await entrance.before?.(box);
  const before = await standing(box);
  const argv = entrance.argv(text);
  const { code, stdout, stderr } = await box.run(...(json ? ["--json"] : []), ...argv);
  const about = JSON.stringify(argv);
  expect([about, code === 70 || code === 74]).toEqual([about, false]);
  expect([about, CONTROL.test(stdout.replaceAll("\n", "") + stderr.replaceAll("\n", ""))]).toEqual([
    about,
    false,
  ]);
  if (json) expect([about, JSON.parse(stdout).exit_code ?? 0, stderr]).toEqual([about, code, ""]);
  const after = await standing(box);
  const changed = code === 0 && after.events > before.events;
  const isOnIssue = argv[0] === "issue" && argv[1] !== "new";
  expect([about, after.records - before.records]).toEqual([about, changed && isOnIssue ? 1 : 0]);
  expect([about, after.history - before.history]).toEqual([about, changed ? 1 : 0]);
  expect([about, after.sections]).toEqual([about, before.sections]);
  if (code !== 0) expect([about, after]).toEqual([about, before]);
  if (code !== 0 || entrance.readBack === undefined) return;
  expect([about, await entrance.readBack(box)]).toEqual([about, text.replace(BREAKS, "\n")]);
}

/** What the files say, counted: records and sections of the issue, audit lines, events. */
async function standing(box: Sandbox) {
  const file = box.read(".mai/queues/questions/REQ-001.md");
  const history = lines(box, ".mai/history", ".log");
  const events = lines(box, ".mai/events", ".jsonl").map((line) => JSON.parse(line).seq);
  expect(history.filter((line) => !HISTORY_LINE.test(line))).toEqual([]);
  expect(events).toEqual(events.map((_, index) => index + 1));
  return {
    records: (await shown(box)).records.length,
    sections: file.match(/^## /gm)?.length,
    titles: file.match(/^# /gm)?.length,
    history: history.length,
    events: events.length,
  };
}

function lines(box: Sandbox, directory: string, ending: string): readonly string[] {
  const names = box.names(directory).filter((name) => name.endsWith(ending));
  return names.flatMap((name) => box.read(`${directory}/${name}`).split("\n").slice(0, -1));
}

function expectInside(box: Sandbox): void {
  expect(readdirSync(box.base).sort()).toEqual(["home", "work"]);
  expect(readdirSync(`${box.base}/home`)).toEqual([".mai-cli"]);
  const places = box.names(".").filter((name) => name !== "reports");
  expect(places).toEqual([".mai", "async"]);
  const names = readdirSync(box.cwd, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => CONTROL.test(name) || name.includes("escape"))).toEqual([]);
}

async function shown(box: Sandbox) {
  return (await box.ok("issue", "show", "REQ-001")).json.issue;
}

async function newest(box: Sandbox): Promise<string> {
  return (await shown(box)).records[0].text;
}

function move(verb: string, prefix: string): Entrance {
  return {
    argv: (text) => ["issue", verb, "REQ-001", "-o", "admin", "--", text],
    readBack: async (box) => (await newest(box)).slice(prefix.length),
  };
}

/** Somebody else's record comes between, so that no text is a repeat of the one before. */
async function reopened(box: Sandbox): Promise<void> {
  await box.run("issue", "reopen", "REQ-001", "again", "-o", "admin");
}

/** The section of notes is there already: what is counted is what a text adds to it. */
async function noted(box: Sandbox): Promise<void> {
  if (box.read(".mai/queues/questions/REQ-001.md").includes("## 交接")) return;
  await box.ok("issue", "transfer", "REQ-001", "bob", "--done", "first", "-o", "admin");
}

async function freed(box: Sandbox): Promise<void> {
  await box.run("lock", "release", "REQ-001", "-o", "admin", "--yes");
}
