import { badLine, type ImportedIssue, isOver } from "../domain/imported-issue.ts";
import type { AcceptanceItem, Priority } from "../domain/issue.ts";
import { MAX_TITLE_CHARACTERS, oneLine } from "../domain/text.ts";

/** Cuts a title to what mai takes: one line of 200 characters. */
export function importedTitle(title: string): string {
  const characters = [...oneLine(title).trim()];
  if (characters.length <= MAX_TITLE_CHARACTERS) return characters.join("");
  return `${characters.slice(0, MAX_TITLE_CHARACTERS - 1).join("")}…`;
}

/** Joins a body with all that has no place elsewhere, each under its name; a title that is cut stands there whole. */
export function importedBody(given: {
  readonly title: string;
  readonly body: string;
  readonly sections: readonly (readonly [string, string])[];
}): string {
  const whole: readonly (readonly [string, string])[] =
    importedTitle(given.title) === given.title ? [] : [["title", given.title]];
  return withSections(given.body, [...whole, ...given.sections]);
}

/** Adds parts to a body, each under its name. */
export function withSections(body: string, sections: readonly (readonly [string, string])[]): string {
  const parts = sections.map(([name, text]) => `${oneLine(name)}:\n${text}`);
  return [body, ...parts].filter((part) => part.trim() !== "").join("\n\n");
}

/** What other tools call what is more urgent than the rest; everything below is our P2. */
const PRIORITIES: Readonly<Record<string, string>> = {
  ...{ critical: "0", urgent: "0", highest: "0", blocker: "0", high: "1", h: "1" },
  ...{ medium: "2", normal: "2", m: "2", none: "2", low: "2", lowest: "2", l: "2", minor: "2", trivial: "2" },
};

/**
 * Reads `P1`, `1` or `high`; 3 and 4 of other tools are our P2, since there is nothing less urgent.
 * @throws INVALID_TEXT
 */
export function importedPriority(text: string | null, line: number): Priority {
  const word = text?.trim().toLowerCase() ?? "none";
  const digit = Object.hasOwn(PRIORITIES, word) ? PRIORITIES[word] : /^p?([0-4])$/.exec(word)?.[1];
  if (digit === undefined) throw badLine(line, `${JSON.stringify(text)} is no priority from 0 to 4.`);
  return digit === "0" ? "P0" : digit === "1" ? "P1" : "P2";
}

/** Parts of an issue as its format has them. */
export interface ImportedParts extends Omit<ImportedIssue, "body" | "queue"> {
  readonly description: string;
  readonly queue?: string | null;
  /** What has no place of its own, by its name: texts as they are, other values as JSON, empty ones left out. */
  readonly sections: readonly (readonly [string, unknown])[];
}

/** Makes an issue of its parts. What an issue that is over waited for, and its check list, stand in its body. */
export function importedIssue(parts: ImportedParts): ImportedIssue {
  const { description, sections, queue = null, accept, ...rest } = parts;
  const over = isOver(rest);
  const list = accept.map(({ text, done }) => `- [${done ? "x" : " "}] ${text}`).join("\n");
  const history = [
    ["acceptance criteria", list] as const,
    ["blocked_by", rest.blockedBy.join(", ")] as const,
  ];
  const kept = [...sections, ...(over ? history : [])]
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)] as const);
  const items = accept.map(({ text, done }) => ({ text: importedTitle(text), done }));
  return {
    ...rest,
    queue,
    blockedBy: over ? [] : rest.blockedBy,
    accept: over ? [] : items.filter(({ text }) => text !== ""),
    body: importedBody({ title: rest.title, body: description, sections: kept }),
  };
}

/** Tells whether a value says nothing. */
export function isEmpty(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s*)?(?:#\d+\s+)?(\S.*)$/;

/** Reads the items of a list, `- [x] text` or `- text`, one a line; null for a text that is no such list. */
export function checkListIn(text: string): readonly AcceptanceItem[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const items = lines.map((line) => ITEM.exec(line));
  if (items.some((item) => item === null)) return null;
  return items.map((item) => ({ text: item?.[2]?.trim() ?? "", done: /x/i.test(item?.[1] ?? "") }));
}

/** Returns labels of another tool as labels of mai: what cannot stand in one becomes `-`. */
export function importedLabels(labels: readonly string[]): readonly string[] {
  return labels
    .map((label) => label.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}._:/-]+/gu, "-"))
    .map((label) => [...label.replace(/^[^\p{L}\p{N}]+/u, "")].slice(0, 32).join("").replace(/-+$/, ""))
    .filter((label) => label !== "");
}

/** Splits a list at commas, semicolons and blanks. */
export function listed(text: string | null): readonly string[] {
  return (text ?? "").split(/[,; \t\r\n]+/).filter((part) => part !== "");
}
