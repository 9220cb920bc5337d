/** A file that tells git how to treat a project; lines that people add stay. */
export interface GitFile {
  /** From the project's root. */
  readonly path: string;
  /** What the doctor finds where lines are missing. */
  readonly finding: "gitignore_incomplete" | "gitattributes_incomplete";
  readonly lines: readonly string[];
}

/** What belongs to one machine: git leaves it alone. */
export const MACHINE_ONLY = [
  "mutex",
  "tmp/",
  "journal/",
  "cache/",
  "locks/",
  "processing/",
  "keys/",
] as const;

/** Files that `init` writes in a repository. Line ends are never converted; lines of logs from two branches are kept. */
export const GIT_FILES: readonly GitFile[] = [
  { path: ".mai/.gitignore", finding: "gitignore_incomplete", lines: MACHINE_ONLY },
  {
    path: ".mai/.gitattributes",
    finding: "gitattributes_incomplete",
    lines: [
      "* -text",
      "events/*.jsonl merge=union",
      "history/*.log merge=union",
      "sequence.json merge=union",
      "dependents/* merge=union",
    ],
  },
  {
    path: "async/.gitattributes",
    finding: "gitattributes_incomplete",
    lines: ["* -text", "history/*.log merge=union"],
  },
];

/**
 * Returns the lines that such a file lacks.
 * @param text null where there is no file
 */
export function missingLines({ lines }: GitFile, text: string | null): readonly string[] {
  const there = new Set((text ?? "").split("\n").map(essence));
  return lines.filter((line) => !there.has(essence(line)));
}

/** A team may have chosen another merge driver for the same files. */
function essence(line: string): string {
  const [pattern = "", ...attributes] = line.trim().split(/\s+/);
  const bare = pattern.replace(/^\//, "").replace(/\/$/, "");
  return [bare, ...attributes.map((attribute) => attribute.replace(/^merge=.*/, "merge"))].join(" ");
}
