import { badLine } from "../domain/imported-issue.ts";
import type { Priority } from "../domain/issue.ts";
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

/**
 * Reads `P1` or `1`; 3 and 4 of other tools are our P2, since there is nothing less urgent.
 * @throws INVALID_TEXT
 */
export function importedPriority(text: string | null, line: number): Priority {
  const digit = text === null ? "2" : /^P?([0-4])$/i.exec(text)?.[1];
  if (digit === undefined) throw badLine(line, `${JSON.stringify(text)} is no priority from 0 to 4.`);
  return digit === "0" ? "P0" : digit === "1" ? "P1" : "P2";
}

/** Splits a list at commas, semicolons and blanks. */
export function listed(text: string | null): readonly string[] {
  return (text ?? "").split(/[,; \t\r\n]+/).filter((part) => part !== "");
}
