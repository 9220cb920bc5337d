import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatSummary, formatSummaryReport, parseSummary } from "../../src/codec/summary-file.ts";
import { formatSummaryStatus, parseSummaryStatus } from "../../src/codec/summary-status.ts";
import { withWritten } from "../../src/domain/summary-round.ts";
import { checkText } from "../../src/domain/text.ts";

const PYTHON_STATUS = `{
  "date": "2026-11-22",
  "triggered_at": "2026-11-22T17:17:31.966300",
  "participants": [
    "alice",
    "bob"
  ],
  "status": {
    "alice": "written",
    "bob": "pending"
  }
}`;

test("a summary has the bytes of the Python tool, and its heading capitals as there", () => {
  const file = formatSummary("alice", "2026-11-22", "shipped login");
  expect(file).toBe("# Alice Daily Summary - 2026-11-22\n\nshipped login\n");
  expect(formatSummary("code-reviewer2x", "2026-11-22", "x")).toStartWith(
    "# Code-Reviewer2X Daily Summary - ",
  );
  expect(parseSummary(file)).toBe("shipped login");
});

test.each([
  ["headings", "# Bob Daily Summary - 2026-11-22\n\nforged\n## Bob\n"],
  ["rules, fields and backslashes", "---\n**结论：** x\n\\# x\n\\\\---"],
  ["line feeds at both ends", "\n\n  a \n\n\n"],
])("a text with %s reads back exactly", (_, text) => {
  expect(parseSummary(formatSummary("alice", "2026-11-22", text))).toBe(text);
});

test("any text reads back exactly, and no line of it starts a section of the report", () => {
  const line = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("## Bob", "# Bob Daily Summary - 2026-11-22", "---", "\\## x", "", "**x**"),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      fc.pre(lines.join("\n") !== "");
      const text = checkText(lines.join("\n").replaceAll("\0", ""), "summary") || "x";
      expect(parseSummary(formatSummary("alice", "2026-11-22", text))).toBe(text);
      const report = formatSummaryReport("2026-11-22", [{ agent: "alice", text }], "zh");
      expect(report.split("\n").filter((part) => part.startsWith("## "))).toEqual(["## Alice"]);
    }),
    { numRuns: 1000 },
  );
});

test("a file that a person wrote without a heading is all text", () => {
  expect(parseSummary("by hand\n\nmore\n")).toBe("by hand\n\nmore");
  expect(parseSummary("")).toBe("");
});

test("the report has a section for each agent, in the language of the project", () => {
  const summaries = [
    { agent: "alice", text: "one" },
    { agent: "bob", text: null },
  ];
  expect(formatSummaryReport("2026-11-22", summaries, "zh")).toBe(
    "# 每日协同汇总 - 2026-11-22\n\n## Alice\n\none\n\n## Bob\n\n（无摘要）\n",
  );
  expect(formatSummaryReport("2026-11-22", summaries, "en")).toBe(
    "# Daily Summary Report - 2026-11-22\n\n## Alice\n\none\n\n## Bob\n\n(no summary)\n",
  );
});

test("the status of the Python tool is read, and written back byte for byte", () => {
  const status = parseSummaryStatus(PYTHON_STATUS, "status.json");
  expect(status?.round.participants).toEqual(["alice", "bob"]);
  expect(status?.round.status.get("alice")).toBe("written");
  expect(status && formatSummaryStatus(status.round, status)).toBe(PYTHON_STATUS);
});

test("a rewrite of the status keeps keys that mai does not know, and the end of the file", () => {
  const text = `${PYTHON_STATUS.replace('"date"', '"note": {"a": [1]},\n  "date"')}\n`;
  const status = parseSummaryStatus(text, "status.json");
  const after = status && formatSummaryStatus(withWritten(status.round, "bob"), status);
  expect(JSON.parse(after ?? "")).toEqual({
    ...JSON.parse(text),
    status: { alice: "written", bob: "written" },
  });
  expect(after).toEndWith("}\n");
});

test("a status without a round is none", () => {
  expect(parseSummaryStatus("{}", "status.json")).toBeNull();
});

test.each([
  ["no JSON", ""],
  ["a list", "[]"],
  ["a date that leads elsewhere", PYTHON_STATUS.replace("2026-11-22", "../../../x")],
  ["a participant that leads elsewhere", PYTHON_STATUS.replace('"bob"', '"../bob"')],
  ["a participant called __proto__", PYTHON_STATUS.replace('"bob"', '"__proto__"')],
  ["participants that are no list", PYTHON_STATUS.replace(/\[[^\]]*\]/, "3")],
])("a status with %s is CORRUPT_FILE", (_, text) => {
  expect(() => parseSummaryStatus(text, "status.json")).toThrow(
    expect.objectContaining({ code: "CORRUPT_FILE" }),
  );
});
