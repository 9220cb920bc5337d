import type { Language } from "../domain/config.ts";
import type { AcceptanceItem, Handover } from "../domain/issue.ts";
import { itemLines, tickedLines } from "./check-list.ts";
import { handoverLines } from "./handover-section.ts";
import { type IssueDocument, readIssueDocument, sectionLines } from "./issue-document.ts";
import { SECTION_TITLES, type SectionName } from "./issue-labels.ts";

/** Puts text into a section; where there is none it is made before the records. */
export function withSection(
  document: IssueDocument,
  name: Exclude<SectionName, "records">,
  text: string,
  language: Language,
): IssueDocument {
  const place = document.sections.get(name);
  if (place === undefined) {
    const before = document.sections.get("records")?.heading ?? document.lines.length;
    return spliced(document, before, 0, [
      `## ${SECTION_TITLES[language][name]}`,
      "",
      ...text.split("\n"),
      "",
    ]);
  }
  const content = text === "" ? [""] : ["", ...text.split("\n"), ""];
  return spliced(document, place.heading + 1, place.end - place.heading - 1, content);
}

/** Ticks items where they stand; another list takes the place of the whole section. */
export function withItems(
  document: IssueDocument,
  items: readonly AcceptanceItem[],
  language: Language,
): IssueDocument {
  const place = document.sections.get("acceptance");
  const lines = sectionLines(document, "acceptance");
  const ticked = tickedLines(lines, items);
  if (place !== undefined && ticked !== null)
    return spliced(document, place.heading + 1, lines.length, ticked);
  return withSection(document, "acceptance", itemLines(items).join("\n"), language);
}

/** Puts a note in the place of the one before; what a person wrote under this heading stays below it. */
export function withHandover(
  document: IssueDocument,
  note: { readonly before: Handover | null; readonly after: Handover | null },
  language: Language,
): IssueDocument {
  const lines = handoverLines(note.after, language);
  const place = document.sections.get("handover");
  if (place === undefined || note.before !== null)
    return withSection(document, "handover", lines.join("\n"), language);
  const heading = `## ${SECTION_TITLES[language].handover}`;
  return spliced(document, place.heading, 0, [heading, "", ...lines, ""]);
}

/** Puts lines in the place of others, and reads the outline again. */
export function spliced(
  document: IssueDocument,
  at: number,
  removed: number,
  lines: readonly string[],
): IssueDocument {
  const all = [...document.lines.slice(0, at), ...lines, ...document.lines.slice(at + removed)];
  return readIssueDocument(all.join(document.eol), `issue ${document.id}`);
}
