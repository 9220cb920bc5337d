import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parseConfigFile } from "../../src/codec/config-file.ts";
import { type IssueFile, parseIssueFile } from "../../src/codec/issue-file.ts";
import { formatIssueFile, rewriteIssue } from "../../src/codec/issue-write.ts";
import { itemText } from "../../src/domain/acceptance.ts";
import type { Issue } from "../../src/domain/issue.ts";
import { checkText } from "../../src/domain/text.ts";

const { config } = parseConfigFile("{}", "config.json");
const ENGLISH = { ...config, language: "en" as const };
const TS = "2026-04-30T19:23:47.120+08:00";

const ISSUE: Issue = {
  id: "REQ-001",
  queue: "questions",
  title: "Technical review",
  status: "OPEN",
  priority: "P1",
  handler: "default",
  creator: "alice",
  ref: "REQ-000",
  blockedBy: [],
  labels: [],
  keptRules: [],
  created: TS,
  slaDeadline: "2026-04-30T21:23:47.120+08:00",
  body: "What is to be done",
  context: "- 关联 Issue：REQ-000",
  acceptance: [],
  handover: null,
  records: [{ ts: TS, actor: "alice", word: "CREATED", text: "" }],
  fence: 0,
};

function parse(text: string, leased = false): IssueFile {
  return parseIssueFile(text, { path: "x.md", id: "REQ-001", queue: "questions", leased });
}

function fixture(path: string, leased = false): IssueFile & { text: string } {
  const text = readFileSync(`test/fixtures/${path}`, "utf8");
  const id = path.slice(path.lastIndexOf("/") + 1, -3);
  return { text, ...parseIssueFile(text, { path, id, queue: path.split("/")[3] ?? "", leased }) };
}

/** Texts with everything that could be taken for structure. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "# h",
        "## 处理记录",
        "**状态：** ✅ COMPLETED",
        "---",
        "\\# x",
        "\\\\--- y",
        "- [2026-01-01T00:00:00.000+00:00] @eve: COMPLETED",
        "",
        "  ",
        "    deep",
        "- [x] done",
        "\t",
        "$& $1 \\1",
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((lines) => lines.join("\n"))
  .filter((text) => text !== "" && !text.includes("\0"))
  .map((text) => checkText(text, "text"));

/** Items of a check list: any one line. */
const items = fc.array(
  fc.record({
    text: hostileText.map((text) => text.replace(/[\n\t]/g, " ")).filter(isItem),
    done: fc.boolean(),
  }),
  { maxLength: 3 },
);
const labels = fc.subarray(["api", "go/lang", "ü", "验收"]).map((names) => names.toSorted());

const entries = fc.array(hostileText, { maxLength: 2 });
const handover = fc.option(
  fc.record({
    from: fc.constantFrom("alice", "a → b"),
    to: fc.constantFrom("bob", "Code Reviewer"),
    ts: fc.constant(TS),
    ...{ done: entries, remaining: entries, decisions: entries, uncertain: entries },
  }),
);

function isItem(text: string): boolean {
  try {
    return itemText(text) === text;
  } catch {
    return false;
  }
}

describe("a file that mai writes", () => {
  test("looks as the format says", () => {
    expect(formatIssueFile({ ...ISSUE, fence: 1 }, config)).toBe(`# [REQ-001] Technical review

**发起方：** @alice
**处理方：** @default
**优先级：** 🟡 P1
**创建时间：** 2026-04-30T19:23:47.120+08:00
**状态：** ⭕ OPEN
**SLA 截止：** 2026-04-30T21:23:47.120+08:00
**队列：** questions
**关联 Issue：** [REQ-000](#)
**fence：** 1

---

## 问题描述

What is to be done

## 关联上下文

- 关联 Issue：REQ-000

## 处理记录

- [2026-04-30T19:23:47.120+08:00] @alice: 创建
`);
  });

  test.each([config, ENGLISH])("reads back exactly, whatever body and remarks hold (%#)", (style) => {
    fc.assert(
      fc.property(
        hostileText,
        fc.array(hostileText, { maxLength: 3 }),
        fc.record({ acceptance: items, labels, handover }),
        (body, remarks, parts) => {
          const records = remarks.map((text) => ({ ts: TS, actor: "bob", word: "AMENDED" as const, text }));
          const issue = { ...ISSUE, body, ...parts, records: [...records, ...ISSUE.records] };
          expect(parse(formatIssueFile(issue, style)).issue).toEqual(issue);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("reads back exactly after a rewrite that adds a hostile remark", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (body, remark) => {
        const before = parse(formatIssueFile({ ...ISSUE, body }, config));
        const record = { ts: TS, actor: "bob", word: "AMENDED" as const, text: remark };
        const after: Issue = {
          ...before.issue,
          status: "IN_PROGRESS",
          records: [record, ...before.issue.records],
        };
        const text = rewriteIssue(before.document, before.issue, after, {
          style: config,
          newRecords: [record],
        });
        expect(parse(text).issue).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the ids that an issue waits for", () => {
  const blocked: Issue = { ...ISSUE, blockedBy: ["REQ-002", "FIX-94064B"] };

  test.each([
    ["zh", config, "**依赖：** REQ-002, FIX-94064B"],
    ["en", ENGLISH, "**Blocked by:** REQ-002, FIX-94064B"],
  ] as const)("stand in one field between reference and fence, in %s", (_, style, line) => {
    const text = formatIssueFile({ ...blocked, fence: 3 }, style);
    const lines = text.split("\n");
    expect(lines[lines.indexOf(line) - 1]).toContain("[REQ-000](#)");
    expect(lines[lines.indexOf(line) + 1]).toContain("fence");
    expect(parse(text).issue).toEqual({ ...blocked, fence: 3 });
  });

  test("an issue without them has no such line", () => {
    expect(formatIssueFile(ISSUE, config)).not.toContain("依赖");
    expect(parse(formatIssueFile(ISSUE, config)).issue.blockedBy).toEqual([]);
  });

  test("a rewrite adds the line, and takes it away with the last id: the file is as before then", () => {
    const text = formatIssueFile(ISSUE, config);
    const plain = parse(text);
    const added = rewriteIssue(plain.document, ISSUE, blocked, { style: config, newRecords: [] });
    expect(added).toBe(formatIssueFile(blocked, config));
    const removed = rewriteIssue(parse(added).document, blocked, ISSUE, { style: config, newRecords: [] });
    expect(removed).toBe(text);
  });

  test.each([
    ["req-002，[FIX-94064B](#)", ["REQ-002", "FIX-94064B"]],
    ["REQ-002 ; REQ-002、REQ-003", ["REQ-002", "REQ-003"]],
    ["the release, REQ-002", ["the", "release", "REQ-002"]],
    [" , ", []],
  ])("are read from %j, whatever people put between them", (value, ids) => {
    const text = formatIssueFile(blocked, config).replace("REQ-002, FIX-94064B", value);
    const { issue, document } = parse(text);
    expect(issue.blockedBy).toEqual(ids);
    expect(rewriteIssue(document, issue, issue, { style: config, newRecords: [] })).toBe(text);
  });
});

describe("a file of the Python tool", () => {
  test("gives handler, priority, reference and records, oldest last", () => {
    const { issue } = fixture("python-1.10/.mai/queues/requests/FIX-123456.md");
    expect(issue).toMatchObject({
      title: "Fix the legend",
      status: "COMPLETED",
      priority: "P1",
      handler: "root",
      creator: null,
      ref: "MIR-0A1B2C",
      context: "- 关联 Issue：MIR-0A1B2C",
      fence: 0,
    });
    expect(issue.records.map(({ word, text }) => [word, text])).toEqual([
      ["COMPLETED", "完成：done, see PR 12"],
      ["IN_PROGRESS", ""],
      ["CREATED", ""],
    ]);
  });

  test("keeps headings and check lists of an unindented remark in that remark", () => {
    const { issue } = fixture("python-1.10/.mai/queues/mira/MIR-0A1B2C.md");
    expect(issue.records).toHaveLength(3);
    expect(issue.records[0]?.text).toBe(
      "first line\nsecond line of the remark\n\n## not a heading\n- [x] not a record",
    );
  });

  test("AMENDED means IN_PROGRESS while a lease file exists, else OPEN; DONE means COMPLETED", () => {
    const path = "python-1.10/.mai/queues/mira/MIR-0A1B2C.md";
    expect(fixture(path, true).issue.status).toBe("IN_PROGRESS");
    expect(fixture(path, false).issue.status).toBe("OPEN");
    expect(fixture("python-1.5/.mai/queues/quick-fix-requests/REQ-001.md").issue.status).toBe("COMPLETED");
  });

  test.each([
    "python-1.10/.mai/queues/mira/MIR-0A1B2C.md",
    "python-1.10/.mai/queues/questions/REQ-9F8E7D.md",
    "python-1.10/.mai/queues/requests/FIX-123456.md",
    "python-1.7/.mai/queues/reviews/REQ-AA00BB.md",
    "python-1.5/.mai/queues/programmer-questions/REQ-001.md",
  ])("is byte-identical after a rewrite that changes nothing: %s", (path) => {
    const { text, issue, document } = fixture(path);
    expect(rewriteIssue(document, issue, issue, { style: config, newRecords: [] })).toBe(text);
  });

  test("changes only the lines that a claim is about", () => {
    const { text, issue, document } = fixture("python-1.7/.mai/queues/reviews/REQ-AA00BB.md");
    const record = { ts: TS, actor: "bob", word: "IN_PROGRESS" as const, text: "" };
    const after: Issue = { ...issue, status: "IN_PROGRESS", handler: "bob", fence: 1 };
    const lines = rewriteIssue(document, issue, after, { style: config, newRecords: [record] }).split("\n");
    const old = text.split("\n");
    expect(lines.filter((line) => !old.includes(line))).toEqual([
      "**处理方：** @bob",
      "**状态：** 🔄 IN_PROGRESS",
      "**fence：** 1",
      `- [${TS}] @bob: IN_PROGRESS`,
    ]);
    expect(old.filter((line) => !lines.includes(line))).toEqual([
      "**处理方：** @mira",
      "**状态：** 🚫 BLOCKED",
    ]);
  });
});

describe("a file that somebody edited by hand", () => {
  const text = formatIssueFile(ISSUE, config);

  test("keeps unknown fields and sections, and their order", () => {
    const edited = text
      .replace("**状态：**", "**Reviewer：** @zoe\n**状态：**")
      .replace("## 关联上下文", "## My notes\n\nkeep me\n\n## 关联上下文");
    const { issue, document } = parse(edited);
    expect(issue.body).toBe(ISSUE.body);
    const after: Issue = { ...issue, status: "BLOCKED" };
    const rewritten = rewriteIssue(document, issue, after, { style: config, newRecords: [] });
    expect(rewritten).toBe(edited.replace("⭕ OPEN", "🚫 BLOCKED"));
  });

  test("keeps Windows line ends", () => {
    const edited = text.replaceAll("\n", "\r\n");
    const { issue, document } = parse(edited);
    expect(issue).toEqual(ISSUE);
    const record = { ts: TS, actor: "bob", word: "AMENDED" as const, text: "a\nb" };
    const rewritten = rewriteIssue(document, issue, issue, { style: config, newRecords: [record] });
    expect(rewritten.replaceAll("\r\n", "")).not.toContain("\n");
    expect(parse(rewritten).issue.records[0]).toEqual(record);
  });

  test("a field counts only between the title and the first section, and the first of its kind wins", () => {
    const edited = text
      .replace("**队列：**", "**状态：** ✅ COMPLETED\n**队列：**")
      .replace("What is", "**状态：** 🚫 BLOCKED\nWhat is");
    expect(parse(edited).issue.status).toBe("OPEN");
  });

  test.each(["OPENED", "open", "", "完成"])("the state %j is CORRUPT_FILE", (word) => {
    const edited = text.replace("⭕ OPEN", word);
    expect(() => parse(edited)).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
  });

  test("a file without a title line is CORRUPT_FILE", () => {
    expect(() => parse("hello\n")).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
    expect(() => parse("")).toThrow(expect.objectContaining({ code: "CORRUPT_FILE" }));
  });

  test("is read whole with 50,001 records", () => {
    const long = text + "- [2026-01-01T00:00:00.000+00:00] @a: AMENDED：x\n".repeat(50_000);
    expect(parse(long).issue.records).toHaveLength(50_001);
  });
});
