import { describe, expect, test } from "bun:test";
import { conflictLine } from "../../src/codec/conflict-markers.ts";

const CONFLICT = ["<<<<<<< HEAD", "ours", "=======", "theirs", ">>>>>>> branch"];
const DIFF3 = ["<<<<<<< HEAD", "ours", "||||||| base", "was", "=======", "theirs", ">>>>>>> branch"];

describe("the line of a conflict is found", () => {
  test.each([
    ["at the start", CONFLICT, 1],
    ["further down, in the style of diff3", ["# [REQ-001] x", "", ...DIFF3], 3],
    ["with line ends of Windows", CONFLICT.map((line) => `${line}\r`), 1],
    ["where only its beginning is left", ["a", "<<<<<<< HEAD", "b"], 2],
    ["where only its end is left", ["a", "=======", "b", ">>>>>>> branch"], 4],
    ["after a fenced block that was closed", ["```", "x", "```", ...CONFLICT], 4],
    ["in the section after one whose fence nobody closed", ["```", "x", "## Records", ...CONFLICT], 4],
  ])("%s", (_, lines, line) => {
    expect(conflictLine(lines.join("\n"))).toBe(line);
  });
});

describe("what only looks like a conflict is none", () => {
  test.each([
    ["indented", CONFLICT.map((line) => `  ${line}`)],
    ["in a fenced block", ["```diff", ...CONFLICT, "```"]],
    ["in a block fenced with more marks", ["~~~~", "~~~", ...CONFLICT, "~~~~"]],
    ["escaped, as bodies are stored", CONFLICT.map((line) => `\\${line}`)],
    ["a heading of Markdown", ["Title", "=======", "text"]],
    ["a quotation of seven levels without a conflict above", [">>>>>>> deep"]],
    ["eight marks", ["<<<<<<<< x"]],
    ["a word after the marks", ["<<<<<<<HEAD"]],
  ])("%s", (_, lines) => {
    expect(conflictLine(lines.join("\n"))).toBeNull();
  });
});
