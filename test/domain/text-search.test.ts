import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseConfigFile } from "../../src/codec/config-file.ts";
import { formatIssueFile } from "../../src/codec/issue-write.ts";
import type { Issue } from "../../src/domain/issue.ts";
import { holdsText } from "../../src/domain/issue-filter.ts";
import { checkText } from "../../src/domain/text.ts";
import { textSearch } from "../../src/domain/text-search.ts";
import { issueWith, record } from "../support/situation.ts";

const { config } = parseConfigFile("{}", "config.json");
const TS = "2026-04-30T19:24:10.000+08:00";

describe("textSearch()", () => {
  test.each([
    ["LOGIN", "the login page"],
    ["ÄRGER", "viel ärger"],
    ["STRASSE", "Strasse"],
    ["\u00e9t\u00e9", "E\u0301TE\u0301"],
    ["ΟΔΥΣΣΕΥΣ", "οδυσσευς, οδυσσευσαν"],
    ["σ", "ΑΣ"],
    ["İ", "x i\u0307"],
    ["\u212a", "5 k"],
    ["评审", "技术评审"],
    ["", "anything"],
    ["two\nLines", "a two\nlines b"],
  ])("finds %j in %j", (wanted, text) => {
    expect(textSearch(wanted).isIn(text)).toBe(true);
    expect(textSearch(wanted).mayBeIn(text)).toBe(true);
  });

  test.each([
    ["two\nlines", "lines\ntwo"],
    ["login", "log in"],
    ["ß", "ss"],
  ])("does not find %j in %j", (wanted, text) => {
    expect(textSearch(wanted).isIn(text)).toBe(false);
  });
});

test("whatever folds to a plain character may hold it", () => {
  const searches = new Map<string, ReturnType<typeof textSearch>>();
  for (let code = 1; code < 0x110000; code += 1) {
    const character = String.fromCodePoint(code);
    const folded = character.normalize("NFC").toLowerCase();
    for (const plain of folded) {
      if (plain > "\x7f") continue;
      const search = searches.get(plain) ?? textSearch(plain);
      searches.set(plain, search);
      if (!search.mayBeIn(character)) expect([plain, code]).toEqual(["may be in", code]);
    }
  }
  expect(searches.size).toBe(101);
});

test("no file is passed over whose issue holds the text, whatever the text and wherever it stands", () => {
  const bits = [
    "# ",
    "**",
    "---",
    "\\",
    "\n",
    "  ",
    "Σ",
    "ς",
    "ΑΣ",
    "'",
    "\u0301",
    "e",
    "K",
    "İ",
    "：",
    "- [",
    "ab",
  ];
  const text = fc
    .array(fc.oneof(fc.constantFrom(...bits), fc.string({ unit: "grapheme", maxLength: 3 })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join("").replaceAll("\0", ""))
    .filter((joined) => joined.trim() !== "")
    .map((joined) => checkText(joined, "text"));
  const cut = fc.tuple(fc.nat(20), fc.nat(20));
  fc.assert(
    fc.property(text, text, text, cut, (body, remark, entry, [from, length]) => {
      const issue: Issue = issueWith({
        body,
        records: [record("bob", "AMENDED", remark)],
        acceptance: [{ text: entry.replace(/\n/g, " "), done: false }],
        handover: {
          from: "a",
          to: "b",
          ts: TS,
          done: [entry],
          remaining: [remark],
          decisions: [],
          uncertain: [],
        },
      });
      const raw = formatIssueFile(issue, config);
      for (const part of [body, remark, entry]) {
        // Whole characters: half of one can stand in no argument.
        const piece = [...part].slice(from, from + length).join("");
        for (const wanted of [piece, part.toUpperCase(), part.toLowerCase()]) {
          const search = textSearch(wanted);
          if (holdsText(issue, search)) {
            expect([wanted, raw, search.mayBeIn(raw)]).toEqual([wanted, raw, true]);
            expect(search.mayBeIn(raw.replaceAll("\n", "\r\n"))).toBe(true);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
});
