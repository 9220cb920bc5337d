/** What stands for a word that a reader has to put in. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  NAME: "alice",
  ID: "REQ-001",
  CREATOR: "alice",
  COMMAND: "true",
  QUEUE: "questions",
  SHELL: "bash",
  DATE: "2026-01-01",
  N: "1",
  TEXT: "words",
};

/** A line of mai: perhaps assignments, then `mai`, its arguments, quoted ones whole, up to what ends a command. */
const LINE =
  /(?:^|[;&|(]|\bdo)[ \t]*(?:\$ )?((?:[A-Z_]+=\S+ )*mai(?: +(?:"[^"\n]*"|'[^'\n]*'|[^\s"'`|;&<>()#]+))+)/gm;
/** What runs a line at set times stands before it. */
const CRON = /^ *(?:[*\d/,-]+ +){5}/gm;

/**
 * Lists the command lines of mai that a page shows, in blocks and in sentences, with something put in for every
 * placeholder. The names of commands alone (`mai issue claim`) are no lines.
 */
export function commandLinesOf(markdown: string): readonly string[] {
  const blocks = [
    ...markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm),
    ...markdown.matchAll(/((?:^ {4}.*\n)+)/gm),
  ];
  const inBlocks = blocks.flatMap(([, text = ""]) => linesIn(text.replace(/\\\n/g, " ").replace(CRON, "")));
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/^ {4}.*$/gm, "");
  const inSentences = [...prose.matchAll(/`(mai [^`]+)`/g)].flatMap(([, text = ""]) => linesIn(text));
  return [...new Set([...inBlocks, ...inSentences])];
}

function linesIn(text: string): readonly string[] {
  return [...text.matchAll(LINE)].map(([, line = ""]) =>
    line
      .replace(/ ?…/g, "")
      .replace(/\b[A-Z]+\b/g, (word) => PLACEHOLDERS[word] ?? word)
      .trim(),
  );
}
