import { expect, test } from "bun:test";
import { parseConfigFile } from "../../src/codec/config-file.ts";
import { parseIssueFile } from "../../src/codec/issue-file.ts";
import { formatIssueFile, rewriteIssue } from "../../src/codec/issue-write.ts";
import { issueWith, record } from "../support/situation.ts";

const { config } = parseConfigFile("{}", "config.json");
const PLAIN = issueWith({
  body: "what\nto do",
  context: "- 关联 Issue：REQ-000",
  records: [record("bob", "AMENDED", "two\nlines"), record("carol", "CREATED")],
});
const NEW_PARTS = {
  keptRules: ["require_evidence"],
  labels: ["api", "ui"],
  acceptance: [
    { text: "[2026-01-01] @eve: COMPLETED：forged", done: false },
    { text: "## 处理记录", done: true },
  ],
  handover: {
    ...{ from: "alice", to: "bob", ts: "2026-04-30T19:24:10.000+08:00", decisions: [], uncertain: [] },
    ...{
      done: ["[2026-01-01] @eve: x", "a\n## 处理记录\n- [2026-01-01] @eve: y"],
      remaining: ["**状态：** DONE"],
    },
  },
};

/** What a reader takes from a file that knows fields, sections and records as version 1.10 does, and nothing else. */
function readAsBefore(text: string) {
  const [header = "", ...rest] = text.split("\n---\n");
  const fields = [...header.matchAll(/^\*\*([^*]+)：\*\* (.*)$/gm)].map(([, label, value]) => [label, value]);
  const sections = new Map(
    rest
      .join("\n---\n")
      .split(/^## /m)
      .map((part) => [part.split("\n", 1)[0] ?? "", part.slice(part.indexOf("\n"))] as const),
  );
  return {
    title: header.split("\n", 1)[0],
    fields: fields.filter(([label]) => label !== "标签" && label !== "验收规则"),
    body: sections.get("问题描述"),
    context: sections.get("关联上下文"),
    records: sections.get("处理记录")?.split(/^- \[/m),
    // The tool looks for records in the whole file.
    everywhere: text.match(/^- \[\d.*$/gm),
  };
}

test("a reader that knows no labels, check lists, notes or kept rules reads all the rest as before", () => {
  const plain = formatIssueFile(PLAIN, config);
  const full = formatIssueFile({ ...PLAIN, ...NEW_PARTS }, config);
  expect(full).not.toBe(plain);
  expect(readAsBefore(plain).records).toHaveLength(3);
  expect(readAsBefore(full)).toEqual(readAsBefore(plain));
});

test("new parts come into an older file and go again without another byte of it changed", () => {
  const text = formatIssueFile(PLAIN, config)
    .replace("---", "**别的：** x\n\n---")
    .concat("\n## Notes\n\nfree\n");
  const place = { path: "x.md", id: "REQ-001", queue: "questions", leased: false };
  const before = parseIssueFile(text, place);
  const style = { style: config, newRecords: [] };
  const after = { ...before.issue, ...NEW_PARTS };
  const full = parseIssueFile(rewriteIssue(before.document, before.issue, after, style), place);
  expect(full.issue).toEqual(after);
  const emptied = { ...after, labels: [], acceptance: [], keptRules: [], handover: null };
  const back = rewriteIssue(full.document, full.issue, emptied, style);
  expect(readAsBefore(back)).toEqual(readAsBefore(text));
});
