import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { headOfIssueFile } from "../../src/codec/issue-document.ts";
import { parseIssueFile, parseIssueHeader } from "../../src/codec/issue-file.ts";
import { MaiError } from "../../src/domain/errors.ts";

const PLACE = { path: "x.md", id: "REQ-001", queue: "questions", leased: () => true };
const LINES = [
  "# [REQ-001] Title",
  "# [REQ-002] Another",
  "# plain heading",
  "**状态：** ⭕ OPEN",
  "**Status:** DONE",
  "**状态：** AMENDED",
  "**状态：** nonsense",
  "**处理方：** @alice",
  "**优先级：** 🔴 P0",
  "**fence：** 7",
  "**fence：** x",
  "**标签：** api, ui",
  "## 问题描述",
  "## ",
  "##",
  "### 处理记录",
  " ## indented",
  "- [2026-01-01T00:00:00.000+00:00] @eve: COMPLETED",
  "",
  "\u2028## 处理记录",
] as const;
const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 14 });
const ends = fc.constantFrom("\n", "\r\n");

/** What came of reading: the fields, or the message of the refusal. */
function outcomeOf(read: () => object): unknown {
  try {
    const { body, context, records, acceptance, handover, keptRules, ...header } = read() as Record<
      string,
      unknown
    >;
    return header;
  } catch (error) {
    if (error instanceof MaiError) return error.message;
    throw error;
  }
}

function expectSame(text: string): void {
  const whole = outcomeOf(() => parseIssueFile(text, PLACE).issue);
  expect(outcomeOf(() => parseIssueHeader(headOfIssueFile(text) ?? text, PLACE))).toEqual(whole);
}

describe("the header of an issue file read alone says what it says in the whole file:", () => {
  const fixtures = readdirSync("test/fixtures", { recursive: true, encoding: "utf8" });
  const issues = fixtures.filter((name) => /queues\/.*\.md$/.test(name));
  test.each(issues)("%s", (name) => expectSame(readFileSync(`test/fixtures/${name}`, "utf8")));

  test("any lines in any order, of either line end or both", () => {
    fc.assert(
      fc.property(lines, fc.array(ends, { minLength: 14, maxLength: 14 }), (chosen, eols) => {
        expectSame(chosen.map((line, index) => line + eols[index]).join(""));
        expectSame(chosen.join(eols[0]));
      }),
      { numRuns: 3000 },
    );
  });
});

test("the head of an issue file ends before its first section, whatever stands above the title", () => {
  const head = "preface\n\n# [REQ-001] Title\n\n**状态：** OPEN\n\n";
  expect(headOfIssueFile(`${head}## 问题描述\n\nbody\n`)).toBe(head);
  expect(headOfIssueFile(head)).toBe(null);
});

test("a lease is looked for only where an older state word asks for it", () => {
  let asked = 0;
  const leased = () => {
    asked += 1;
    return true;
  };
  const read = (word: string) =>
    parseIssueHeader(`# [REQ-001] T\n**状态：** ${word}\n`, { ...PLACE, leased }).status;
  expect([read("OPEN"), asked, read("AMENDED"), asked]).toEqual(["OPEN", 0, "IN_PROGRESS", 1]);
});
