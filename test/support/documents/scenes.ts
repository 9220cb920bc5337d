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
  const reader = new SceneReader();
  for (const [, , heading, directive, value = "", language, body = ""] of markdown.matchAll(TOKEN)) {
    if (heading !== undefined) reader.title = heading;
    else if (directive !== undefined) reader.takeDirective(directive, value);
    else if (language !== undefined) reader.takeBlock(language, body);
  }
  return reader.scenes;
}

class SceneReader {
  readonly scenes: { title: string; start: string; steps: Step[] }[] = [];
  title = "";
  /** Where the next fenced block goes. */
  #path: string | null = null;
  #answers: string[] = [];

  takeDirective(directive: string, value: string): void {
    if (directive === "fresh") this.scenes.push({ title: this.title, start: value, steps: [] });
    else if (directive === "run") this.#steps().push({ kind: "run", command: value });
    else this.#path = value;
  }

  takeBlock(language: string, text: string): void {
    if (this.#path !== null) {
      this.#steps().push({ kind: "file", path: this.#path, text });
      this.#path = null;
    } else if (language === "console") {
      this.#answers = [];
      this.#steps().push({ kind: "console", lines: shownLines(text), answers: this.#answers });
    } else if (language === "json") this.#answers.push(text);
  }

  #steps(): Step[] {
    const steps = this.scenes.at(-1)?.steps;
    if (steps === undefined)
      throw new Error(`Something to run stands before the first fresh, below '${this.title}'.`);
    return steps;
  }
}

function shownLines(body: string): readonly ShownLine[] {
  const parts = body.split(/^\$ /m);
  if (parts[0] !== "") throw new Error(`A console block begins with output: ${body}`);
  return parts.slice(1).map((part) => {
    const end = part.indexOf("\n");
    return { command: part.slice(0, end), output: part.slice(end + 1) };
  });
}
