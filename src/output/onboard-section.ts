import { MaiError } from "../domain/errors.ts";

const BEGIN = "<!-- mai:onboard v1 -->";
const END = "<!-- /mai:onboard -->";
/** Marker lines of any version; each stands alone on its line. */
const ANY_BEGIN = /^<!-- mai:onboard v\d{1,4} -->\r?$/gm;
const ANY_END = /^<!-- \/mai:onboard -->\r?$/gm;

/** What agents are told, at most 60 words. */
export const ONBOARD_TEXT = `Agents share the work in this project through \`mai\`. Start with \`mai prime -o NAME\` (your own name), take
work with \`mai next -o NAME\`, and work only on what you hold. Finish as \`mai guide handoff\` says; when something is
odd, read \`mai guide recover\`. Never edit \`.mai/\` or \`async/\` by hand.`;

/** The section as it stands in a file, without a line feed at the end. */
export const ONBOARD_SECTION = `${BEGIN}\n${ONBOARD_TEXT}\n${END}`;

/** Where a section stands in a text. */
interface Span {
  readonly start: number;
  /** After its last character; the line break that follows is not part of it. */
  readonly end: number;
}

/**
 * Puts the section into a text, or brings the one that is there up to date; all else stays byte for byte.
 * @throws CORRUPT_FILE when the markers do not fit together
 */
export function withSection(text: string, path: string): string {
  const section = text.includes("\r\n") ? ONBOARD_SECTION.replaceAll("\n", "\r\n") : ONBOARD_SECTION;
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const span = findSection(text, path);
  if (span !== null) return text.slice(0, span.start) + section + text.slice(span.end);
  if (text === "") return `${section}\n`;
  // Whether the last line ended in a line feed is kept, so that removing the section gives the old bytes back.
  return text.endsWith("\n")
    ? `${text}${lineBreak}${section}${lineBreak}`
    : `${text}${lineBreak}${lineBreak}${section}`;
}

/**
 * Takes the section out of a text; what {@link withSection} was given comes back.
 * @throws CORRUPT_FILE when the markers do not fit together
 */
export function withoutSection(text: string, path: string): string {
  const span = findSection(text, path);
  if (span === null) return text;
  const after = text.slice(span.end);
  const before = text.slice(0, span.start);
  if (after === "") return before.replace(/(?:\r?\n){1,2}$/, "");
  return before.replace(/(^|\n)\r?\n$/, "$1") + after.replace(/^\r?\n/, "");
}

function findSection(text: string, path: string): Span | null {
  const begins = [...text.matchAll(ANY_BEGIN)];
  const ends = [...text.matchAll(ANY_END)];
  const [begin] = begins;
  const [end] = ends;
  if (begin === undefined && end === undefined) return null;
  if (
    begin === undefined ||
    end === undefined ||
    begins.length + ends.length > 2 ||
    end.index < begin.index
  ) {
    throw new MaiError("CORRUPT_FILE", `The markers of mai in ${path} do not fit together.`, {
      hint: `Remove the lines with mai:onboard from ${path} by hand, then: mai onboard`,
      fields: { path },
    });
  }
  return { start: begin.index, end: end.index + END.length };
}
