import type { Language } from "../domain/config.ts";
import { escapeBody, unescapeBody } from "./escape-lines.ts";

const HEADING = /^# .* Daily Summary - \d{4}-\d\d-\d\d\r?\n(?:\r?\n)?/;
const REPORT = {
  zh: { title: "每日协同汇总", none: "（无摘要）" },
  en: { title: "Daily Summary Report", none: "(no summary)" },
} as const satisfies Record<Language, Record<string, string>>;

/** Writes one agent's summary: a heading, and the text with lines escaped that would read as structure. */
export function formatSummary(agent: string, date: string, text: string): string {
  return `# ${titleCase(agent)} Daily Summary - ${date}\n\n${escapeBody(text)}\n`;
}

/** Reads the text of a summary exactly as it was given; a file without the heading is all text. */
export function parseSummary(file: string): string {
  const body = file.replace(HEADING, "");
  return unescapeBody(body.endsWith("\n") ? body.slice(0, -1) : body);
}

/** Writes the report on a round; `text` is null for who has not written. */
export function formatSummaryReport(
  date: string,
  summaries: readonly { readonly agent: string; readonly text: string | null }[],
  language: Language,
): string {
  const { title, none } = REPORT[language];
  const sections = summaries.map(
    ({ agent, text }) => `\n## ${titleCase(agent)}\n\n${text === null ? none : escapeBody(text)}\n`,
  );
  return `# ${title} - ${date}\n${sections.join("")}`;
}

/** Writes every word with a capital, as Python's `str.title()` does: the Python tool names agents so in headings. */
function titleCase(name: string): string {
  return name.replace(/\p{L}+/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });
}
