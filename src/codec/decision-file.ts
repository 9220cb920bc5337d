import type { Language } from "../domain/config.ts";
import type { Evidence } from "../domain/evidence.ts";
import { evidenceLines } from "../domain/evidence-text.ts";
import { phrasesOf } from "../domain/phrases.ts";
import { escapeBody } from "./escape-lines.ts";

const LABELS = {
  zh: { title: "结论 - Issue", section: "结论", conclusion: "结论：", actor: "处理人：", evidence: "证据：" },
  en: {
    title: "Decision - Issue",
    section: "Decision",
    conclusion: "Decision:",
    actor: "By:",
    evidence: "Evidence:",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** One conclusion to be written. */
export interface Conclusion {
  readonly ts: string;
  readonly actor: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Returns the text of a decision file with one more conclusion; `before` is null for a new file. */
export function withConclusion(
  before: string | null,
  id: string,
  conclusion: Conclusion,
  language: Language,
): string {
  const labels = LABELS[language];
  const start = before ?? `# ${labels.title} ${id}\n`;
  const gap = start.endsWith("\n") ? "\n" : "\n\n";
  return `${start}${gap}## ${labels.section} @ ${conclusion.ts}

**${labels.conclusion}** ${escapeBody(conclusion.text)}
**${labels.actor}** ${conclusion.actor}
${evidenceSection(conclusion, language)}`;
}

/** Under a label of its own, which no line of a conclusion can forge. */
function evidenceSection({ evidence }: Conclusion, language: Language): string {
  if (evidence.length === 0) return "";
  const lines = evidenceLines(evidence, phrasesOf(language)).map(escapeBody);
  return `**${LABELS[language].evidence}** ${evidence.length}\n\n${lines.join("\n")}\n`;
}
