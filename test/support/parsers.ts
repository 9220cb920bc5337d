import { parseConfigFile } from "../../src/codec/config-file.ts";
import { parseEventLine } from "../../src/codec/event-line.ts";
import { trackedPaths } from "../../src/codec/git-index.ts";
import { formatHistoryLine, parseHistoryLine } from "../../src/codec/history-line.ts";
import { type IssueFile, parseIssueFile } from "../../src/codec/issue-file.ts";
import { formatIssueFile, rewriteIssue } from "../../src/codec/issue-write.ts";
import { formatJournalRecord } from "../../src/codec/journal-record.ts";
import { editJson } from "../../src/codec/json-edit.ts";
import { jsonFault } from "../../src/codec/json-fault.ts";
import { formatLease, parseLease } from "../../src/codec/lease-file.ts";
import { fileSystemOf } from "../../src/codec/mount-info.ts";
import { parseJournalRecord } from "../../src/codec/read-journal-record.ts";
import { formatSequence, parseSequence } from "../../src/codec/sequence-file.ts";
import { formatSummary, parseSummary } from "../../src/codec/summary-file.ts";
import { formatSummaryStatus, parseSummaryStatus } from "../../src/codec/summary-status.ts";
import { formatTeamFile, parseTeamFile } from "../../src/codec/team-file.ts";
import { MaiError } from "../../src/domain/errors.ts";
import type { Issue } from "../../src/domain/issue.ts";

/** A parser with texts that it reads, and what must hold for any text at all. */
export interface FuzzedParser {
  readonly name: string;
  readonly seeds: readonly string[];
  /** @throws what nobody may see: a fault of the parser, or a text that came back changed */
  readonly check: (text: string) => void;
}

const TS = "2026-04-30T19:23:47.120+08:00";
const { config } = parseConfigFile("{}", "config.json");
const ISSUE: Issue = {
  ...{ id: "REQ-001", queue: "questions", title: "One", status: "OPEN", priority: "P1", handler: "bob" },
  ...{
    creator: "alice",
    ref: "REQ-000",
    blockedBy: ["REQ-002", "FIX-001"],
    labels: ["api", "ui"],
    keptRules: ["confirmer_differs"],
    created: TS,
    slaDeadline: TS,
    body: "the\nbody",
    context: "",
    handover: {
      ...{ from: "alice", to: "bob", ts: TS, done: ["parser", "two\nlines"], remaining: ["tests"] },
      ...{ decisions: ["keep\n\n- [2026-01-01] @x: y"], uncertain: [] },
    },
    acceptance: [
      { text: "tests pass", done: true },
      { text: "docs say so", done: false },
    ],
    fence: 2,
  },
  records: [
    { ts: TS, actor: "bob", word: "AMENDED", text: "two\nlines" },
    { ts: TS, actor: "alice", word: "CREATED", text: "" },
  ],
};
const CONFIG = `{
  "name": "team", "root": ["admin"], "unknown": [1, {"a": null}],
  "queues": { "questions": { "owner": "alice", "sla_hours": 2, "id_prefix": "REQ" } },
  "agents": { "alice": { "heartbeat_minutes": 30 } }, "language": "en"
}
`;
const TEAM =
  'root = ["admin"]\n[agents.alice]\nheartbeat_minutes = 30\n[queues.ops]\nowner = "alice"\nsla_minutes = "none"\n';
const JOURNAL = `{"version":1,"txid":3,"operation":"issue claim","durable":true,"changes":[{"kind":"write","path":".mai/a","before":null,"after":"x"},{"kind":"append","path":".mai/b","at":3,"text":"y"},{"kind":"touch","path":".mai/c"}]}`;

const digest = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

export const PARSERS: readonly FuzzedParser[] = [
  { name: "issue file", seeds: issueSeeds(), check: checkIssue },
  {
    name: "history line",
    seeds: [`[${TS}] [ALICE] [note] seen [open]`, "[t] [A] [e] s []"],
    check: (text) => {
      parseHistoryLine(text);
      const line = formatHistoryLine({ actor: text, event: text, summary: text, status: text }, TS);
      if (line.indexOf("\n") !== line.length - 1) throw new Error("a forged line");
      if (parseHistoryLine(line.slice(0, -1))?.ts !== TS) throw new Error("an unreadable line");
    },
  },
  {
    name: "event line",
    seeds: [
      `{"seq":17,"ts":"${TS}","actor":"alice","type":"issue.claimed","issue":"REQ-001","data":{"fence":1}}`,
    ],
    check: (text) => void parseEventLine(text),
  },
  {
    name: "lease",
    seeds: [`alice|${TS}|fence=3|session=s1|hold`, `@bob|${TS}`, "bob"],
    check: (text) => {
      const lease = parseLease(text);
      // What mai wrote is one line without blanks; hand-made ones are read, and need not come back.
      if (!/\s|@@/.test(text)) stable(lease, () => parseLease(formatLease(lease)));
    },
  },
  {
    name: "sequence",
    seeds: ['{"seq":12,"ids":{"REQ":4,"__proto__":2}}\n'],
    check: (text) =>
      refusing(() => stable(parseSequence(text), (value) => parseSequence(formatSequence(value)))),
  },
  { name: "journal record", seeds: [JOURNAL], check: checkJournal },
  { name: "config", seeds: [CONFIG, "{}"], check: checkConfig },
  {
    name: "team file",
    seeds: [TEAM],
    check: (text) =>
      refusing(() => {
        const settings = parseTeamFile(text, "mai.toml");
        stable(formatTeamFile(settings), (said) => formatTeamFile(parseTeamFile(said, "mai.toml")));
      }),
  },
  {
    name: "summary",
    seeds: ["# Alice Daily Summary - 2026-04-30\n\nmuch\n\\# more\n", "text"],
    check: (text) => {
      parseSummary(text);
      if (parseSummary(formatSummary("alice", "2026-04-30", text)) !== text)
        throw new Error("a changed summary");
    },
  },
  {
    name: "summary status",
    seeds: [
      '{"date":"2026-04-30","triggered_at":"t","participants":["alice"],"status":{"alice":"written"},"x":1}',
    ],
    check: (text) =>
      refusing(() => {
        const file = parseSummaryStatus(text, "status.json");
        if (file === null) return;
        const again = (said: string) => parseSummaryStatus(said, "status.json");
        stable([...file.round.status], () => [
          ...(again(formatSummaryStatus(file.round, file))?.round.status ?? []),
        ]);
      }),
  },
  { name: "JSON fault", seeds: [CONFIG], check: (text) => agreeOnJson(text) },
  {
    name: "mount table",
    seeds: ["36 35 98:0 / /mnt\\040a rw,noatime master:1 - ext4 /dev/root rw\n"],
    check: (text) => void fileSystemOf(text, "/mnt/a"),
  },
  {
    name: "git index",
    seeds: [`DIRC\0\0\0\u0002\0\0\0\u0001${"\0".repeat(61)}\u0005a.txt\0\0\0`],
    check: (text) => void trackedPaths(Buffer.from(text, "latin1"), 20),
  },
];

function issueSeeds(): readonly string[] {
  const zh = formatIssueFile(ISSUE, config);
  const older = zh.replace(/\n\n/, "\n").replace(/\n$/, "").replace("**发起方：** @alice\n", "");
  const odd = zh.replace("---", "**别的：** x\n---").concat("\n## Notes\n\nfree text\n");
  return [zh, formatIssueFile(ISSUE, { ...config, language: "en" }), older, odd];
}

function checkIssue(text: string): void {
  refusing(() => {
    const file = read(text);
    const { issue, document } = file;
    if (rewriteIssue(document, issue, issue, { style: config, newRecords: [] }) !== text) {
      throw new Error("a no-op edit changed bytes");
    }
    const record = { ts: TS, actor: "bob", word: "AMENDED", text: "- [2026-01-01] @x: y\n## z" } as const;
    const amended = rewritten(file, { ...issue, records: [record, ...issue.records] });
    same({ ...read(amended).issue, records: [] }, { ...issue, records: [] }, "more than a record was added");
    same(read(amended).issue.records.length, issue.records.length + 1, "a record more or less");
    const moved = read(rewritten(file, { ...issue, handler: "zoe" })).issue;
    same(moved, { ...issue, handler: "zoe" }, "more than the handler changed");
    const labelled = read(rewritten(file, { ...issue, labels: ["go"] })).issue;
    same(labelled, { ...issue, labels: ["go"] }, "more than the labels changed");
    const bare = read(rewritten(file, { ...issue, labels: [] })).issue;
    same(bare, { ...issue, labels: [] }, "more than the labels went");
    const acceptance = issue.acceptance.map(({ text: item, done }) => ({ text: item, done: !done }));
    const ticked = read(rewritten(file, { ...issue, acceptance })).issue;
    same(ticked, { ...issue, acceptance }, "more than the ticks changed");
    const note = { ...{ from: "zoe", to: "bob", ts: TS }, done: ["## a\n- 剩余：b"], remaining: [] };
    const handover = { ...note, decisions: ["\n- x"], uncertain: ["**y：** z"] };
    const noted = read(rewritten(file, { ...issue, handover })).issue;
    same(noted, { ...issue, handover }, "more than the note changed");
    const titled = read(rewritten(file, { ...issue, title: "new" })).issue;
    same(titled, { ...issue, title: "new" }, "more than the title changed");
  });
}

function rewritten({ issue, document }: IssueFile, after: Issue): string {
  const newRecords = after.records.slice(0, after.records.length - issue.records.length);
  return rewriteIssue(document, issue, after, { style: config, newRecords });
}

function read(text: string): IssueFile {
  return parseIssueFile(text, { path: "x.md", id: "REQ-001", queue: "questions", leased: false });
}

/** The checksum is made to fit: what else is wrong has to be noticed by itself. */
function checkJournal(body: string): void {
  const text = `{"checksum":"${digest(body)}","record":${body}}\n`;
  const record = parseJournalRecord(text, digest);
  if (record === null) return;
  for (const { path } of record.changes) {
    if (path.includes("..") && path.split("/").includes("..")) throw new Error(`a way out: ${path}`);
  }
  if (parseJournalRecord(formatJournalRecord(record, digest), digest) === null) throw new Error("lost");
}

function checkConfig(text: string): void {
  refusing(() => {
    const { file } = parseConfigFile(text, "config.json");
    const edited = editJson(text, { path: ["language"], value: "zh" });
    same(JSON.parse(edited), { ...file, language: "zh" }, "more than one setting changed");
    const { language } = file as { language?: unknown };
    if (language === undefined) return;
    if (editJson(text, { path: ["language"], value: language }) !== text && !text.includes("\\")) {
      throw new Error("a no-op edit changed bytes");
    }
  });
}

function agreeOnJson(text: string): void {
  let sound = true;
  try {
    JSON.parse(text);
  } catch {
    sound = false;
  }
  if ((jsonFault(text) === null) !== sound) throw new Error("two opinions on JSON");
}

/** Lets refusals pass, and nothing else. */
function refusing(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof MaiError) || error.code === "INTERNAL_ERROR") throw error;
  }
}

function stable<Value>(value: Value, again: (value: Value) => unknown): void {
  same(again(value), value, "it reads back differently");
}

function same(actual: unknown, expected: unknown, complaint: string): void {
  if (!Bun.deepEquals(actual, expected)) {
    throw new Error(`${complaint}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}
