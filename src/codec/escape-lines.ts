/** A line that would read as structure: a heading, a field, a rule, a conflict of git, or one that is escaped already. */
const STRUCTURE = /^\\*(?:#|\*\*|---|<{7}|>{7})/;

/** Puts a backslash before every line of a body that would read as a heading, a field, a rule or a conflict of git. */
export function escapeBody(body: string): string {
  return body
    .split("\n")
    .map((line) => (STRUCTURE.test(line) ? `\\${line}` : line))
    .join("\n");
}

/** Takes away what {@link escapeBody} put in. */
export function unescapeBody(text: string): string {
  if (!text.includes("\\")) return text;
  return text
    .split("\n")
    .map((line) => (line.startsWith("\\") && STRUCTURE.test(line) ? line.slice(1) : line))
    .join("\n");
}

/** Indents the further lines of a record by two spaces, so that none can start a record or a heading. */
export function indentRecord(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

/** Takes exactly two spaces from the start of a record's further line, where they are. */
export function outdentLine(line: string): string {
  return line.startsWith("  ") ? line.slice(2) : line;
}
