import { type Candidate, completionValues } from "../actions/reading/completion-values.ts";
import { hasControlCharacter, oneLine } from "../domain/text.ts";
import { SHELLS } from "../output/completion-scripts.ts";
import { GUIDE_TOPICS } from "../output/guides.ts";
import type { Argument } from "./arguments.ts";
import { readTypedLine, type TypedLine } from "./completion/typed-line.ts";
import { type ValueSource, valueSource } from "./completion/value-source.ts";
import { type CommandContext, type CommandTree, defineCommand } from "./define-command.ts";
import { toMaiError } from "./errors.ts";
import { visibleNames } from "./help-topics.ts";

/** Columns of a description: what a terminal has left beside the words. */
const TOLD_COLUMNS = 60;
/** Tells a shell to complete names of files. */
const FILES = ":files";

/** `mai complete-words` */
export const command = defineCommand({
  words: "complete-words",
  summary:
    "Prints what may be typed next, one a line with its description after a tab: shells ask this. Never fails, never " +
    "waits; names of a project only inside one. Writes nothing.",
  args: {
    words: {
      type: "positional",
      rest: "list",
      required: false,
      description: "mai and what follows it, after --",
    },
  },
  errors: [],
  examples: ["mai complete-words -- mai issue cl", "mai --json complete-words -- mai issue claim REQ-"],
  async run(cli, values) {
    const { candidates, files } = await candidatesOf(cli, values.words.slice(1));
    const fitting = files ? [] : candidates.filter(isHarmless);
    const told = fitting.map(({ word, told }) => ({
      word,
      told: oneLine(told).slice(0, TOLD_COLUMNS).trimEnd(),
    }));
    const lines = told.map(({ word, told }) => (told === "" ? word : `${word}\t${told}`));
    return {
      fields: { words: told.map(({ word, told }) => ({ word, description: told })), files },
      text: files ? FILES : lines.join("\n"),
    };
  },
});

interface Candidates {
  readonly candidates: readonly Candidate[];
  /** Names of files instead. */
  readonly files: boolean;
}

const NOTHING: Candidates = { candidates: [], files: false };

/** Somebody is typing: a fault of the project is no business of theirs until they press Enter. */
async function candidatesOf(cli: CommandContext, typed: readonly string[]): Promise<Candidates> {
  try {
    const line = await readTypedLine(typed, cli.tree, async (words) => {
      const entry = cli.tree.commands[words];
      return entry === undefined ? {} : (await entry.load()).command.args;
    });
    const found = candidatesFor(cli, line);
    const start = line.current.toLowerCase();
    const candidates = found.candidates.filter(({ word }) => word.toLowerCase().startsWith(start));
    return { ...found, candidates: candidates.map((one) => ({ ...one, word: line.before + one.word })) };
  } catch (error) {
    if (toMaiError(error).code === "INTERNAL_ERROR") throw error;
    return NOTHING;
  }
}

function candidatesFor(cli: CommandContext, line: TypedLine): Candidates {
  if (line.wants === "word") return given(wordsAfter(line.words ?? "", cli.tree));
  if (line.wants === "option") return given(optionsOf(line));
  if (line.wants === "nothing" || line.argument === null) return NOTHING;
  const spec = line.args[line.argument];
  if (spec !== undefined && "options" in spec) return given(named(spec.options ?? []));
  const source = valueSource(line.words ?? "", line.argument);
  return source === null ? NOTHING : fromSource(cli, line, source);
}

function fromSource(cli: CommandContext, line: TypedLine, source: ValueSource): Candidates {
  if (source === "files") return { candidates: [], files: true };
  if (source === "shell") return given(named(SHELLS));
  if (source === "topic") return given(named(GUIDE_TOPICS));
  if (source === "command") return given(wordsAfter("", cli.tree));
  const call = cli.callIfHere(line.project);
  return call === null ? NOTHING : given(completionValues(call, source, line.current));
}

function wordsAfter(group: string, tree: CommandTree): readonly Candidate[] {
  const names = visibleNames(tree);
  if (group !== "") {
    const verbs = names.filter((name) => name.startsWith(`${group} `));
    return verbs.map((name) => ({
      word: name.slice(group.length + 1),
      told: tree.commands[name]?.line ?? "",
    }));
  }
  const single = names.filter((name) => !name.includes(" "));
  return [
    ...single.map((word) => ({ word, told: tree.commands[word]?.line ?? "" })),
    ...Object.entries(tree.groups).map(([word, told]) => ({ word, told })),
  ];
}

function optionsOf({ args, given: already }: TypedLine): readonly Candidate[] {
  return Object.entries(args)
    .filter(([name, spec]) => spec.type !== "positional" && (spec.repeat !== undefined || !already.has(name)))
    .map(([name, spec]: readonly [string, Argument]) => ({ word: `--${name}`, told: spec.description }));
}

function named(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, told: "" }));
}

function given(candidates: readonly Candidate[]): Candidates {
  return { candidates, files: false };
}

/** Whatever names a project holds: one word a line, and none that means something to the script that asks. */
function isHarmless({ word }: Candidate): boolean {
  return word !== "" && !word.startsWith(":") && !/[\t\n]/.test(word) && !hasControlCharacter(word);
}
