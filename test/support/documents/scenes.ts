/** One `$ command` of a console block, with the output that the document shows. */
export interface ShownLine {
  readonly command: string;
  readonly output: string;
}

/** What a scene does, in the order of the document. */
export type Step =
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "console"; readonly lines: readonly ShownLine[]; readonly answers: readonly string[] };

/** Part of a document that is run on a project of its own, under the heading that it begins below. */
export interface Scene {
  readonly title: string;
  /** Name of the situation that it starts from. */
  readonly start: string;
  readonly steps: readonly Step[];
}

const TOKEN = /^(#+) (.+)$|^<!-- (fresh|run|file): (.+) -->$|^```(\w+)\n([\s\S]*?)^```$/gm;

/**
 * Reads what a Markdown document runs. `<!-- fresh: NAME -->` starts a scene, `<!-- run: COMMAND -->` runs what readers
 * need not see, `<!-- file: PATH -->` makes a file of the next fenced block; `json` blocks belong to the console block above.
 */
export function readScenes(markdown: string): readonly Scene[] {
  const scenes: { title: string; start: string; steps: Step[] }[] = [];
  let title = "";
  let path: string | null = null;
  let answers: string[] = [];
  for (const [, , heading, directive, value = "", language, body = ""] of markdown.matchAll(TOKEN)) {
    if (heading !== undefined) title = heading;
    if (directive === "fresh") scenes.push({ title, start: value, steps: [] });
    if (directive === "file") path = value;
    const steps = scenes.at(-1)?.steps;
    if (directive === "run") steps?.push({ kind: "run", command: value });
    if (language === undefined) continue;
    if (path !== null) {
      steps?.push({ kind: "file", path, text: body });
      path = null;
    } else if (language === "console") {
      if (steps === undefined) throw new Error(`A console block stands before the first fresh: ${body}`);
      answers = [];
      steps.push({ kind: "console", lines: shownLines(body), answers });
    } else if (language === "json") answers.push(body);
  }
  return scenes;
}

function shownLines(body: string): readonly ShownLine[] {
  const parts = body.split(/^\$ /m);
  if (parts[0] !== "") throw new Error(`A console block begins with output: ${body}`);
  return parts.slice(1).map((part) => {
    const end = part.indexOf("\n");
    return { command: part.slice(0, end), output: part.slice(end + 1) };
  });
}
