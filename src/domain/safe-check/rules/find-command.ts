import type { Call } from "../programs/call.ts";
import type { Shell } from "../shell/shell.ts";
import { literal, type Origin, originsOf, unknown, type Value } from "../shell/value.ts";
import { isCredentialPath } from "./credentials.ts";
import { firstLoss, isDeleter } from "./delete-rules.ts";
import type { Suspicion } from "./finding.ts";
import type { Protection } from "./protected-paths.ts";
import { protectionOf } from "./targets.ts";

/** Tests that leave only some of the files. */
const FILTERS =
  /^-(?:i?(?:name|path|wholename|lname|regex)|[acm](?:time|min)|newer.*|[ac]newer|size|empty|user|group|uid|gid|perm|links|inum|samefile|nouser|nogroup)$/;

const STARTS_COMMAND: ReadonlySet<string> = new Set(["-exec", "-execdir", "-ok", "-okdir"]);
const MINDED_FILTERED: readonly Protection[] = ["root", "system"];
const MINDED_UNFILTERED: readonly Protection[] = [
  ...MINDED_FILTERED,
  "top",
  "home",
  "kept",
  "here",
  "above",
  "repository",
  "shared",
];

/** A `find` taken apart. */
interface FindCommand {
  readonly roots: readonly Value[];
  readonly isFiltered: boolean;
  readonly isDeleting: boolean;
  /** It looks for files that hold credentials. */
  readonly isForSecrets: boolean;
  readonly commands: readonly (readonly Value[])[];
}

/** Stops `find` that deletes all of a protected directory, or anything in a directory of the system. */
export function detectFind(call: Call, shell: Shell): Suspicion | undefined {
  const find = readFind(call.args);
  const removes = find.isDeleting || find.commands.some(([name]) => isDeleter(name?.text ?? ""));
  if (!removes) return undefined;
  const minded = find.isFiltered ? MINDED_FILTERED : MINDED_UNFILTERED;
  return firstLoss(find.roots, { minded, directory: shell.directory });
}

/** Lists the commands that `find` starts, with `{}` replaced by what it may stand for. */
export function commandsOfFind(call: Call, shell: Shell): readonly (readonly Value[])[] {
  const find = readFind(call.args);
  const found = concatFound(find, shell);
  return find.commands.map((words) =>
    words.flatMap((word) => (word.text.includes("{}") ? replaceBraces(word, found) : [word])),
  );
}

/** Says what `find` prints: everything in its roots when nothing filters, else what only a run would tell. */
export function outputOfFind(call: Call, shell: Shell): readonly Value[] {
  return concatFound(readFind(call.args), shell);
}

function readFind(args: readonly Value[]): FindCommand {
  const texts = args.map((arg) => arg.text);
  const start = texts.findIndex((text) => !/^-(?:[HLP]|O\d?)$/.test(text));
  const from = start < 0 ? texts.length : start;
  const length = texts.slice(from).findIndex((text) => /^[-(!]/.test(text));
  const end = length < 0 ? texts.length : from + length;
  const roots = args.slice(from, end);
  return {
    roots: roots.length === 0 ? [literal(".")] : roots,
    isFiltered: texts.some((text, index) => FILTERS.test(text) && !/^\**$/.test(texts[index + 1] ?? "x")),
    isDeleting: texts.includes("-delete"),
    isForSecrets: texts.some((text, at) => FILTERS.test(text) && isCredentialPath(texts[at + 1] ?? "")),
    commands: readCommands(args.slice(end)),
  };
}

function readCommands(args: readonly Value[]): readonly (readonly Value[])[] {
  const commands: Value[][] = [];
  let open: Value[] | undefined;
  for (const arg of args) {
    if (STARTS_COMMAND.has(arg.text)) {
      open = [];
      commands.push(open);
    } else if (arg.text === ";" || (arg.text === "+" && open?.at(-1)?.text === "{}")) open = undefined;
    else open?.push(arg);
  }
  return commands;
}

function concatFound(find: FindCommand, shell: Shell): readonly Value[] {
  return find.roots.map((root) => {
    const protection = protectionOf(root.text, shell.directory);
    const isWide = protection === "root" || protection === "system";
    const tree: readonly Origin[] = find.isFiltered ? [] : ["tree"];
    const origins: readonly Origin[] = find.isForSecrets ? ["secret"] : [...root.origins, ...tree];
    return isWide || !find.isFiltered ? { ...root, origins } : unknown(origins);
  });
}

function replaceBraces(word: Value, found: readonly Value[]): readonly Value[] {
  return found.map((value) => ({
    text: word.text.replaceAll("{}", value.text),
    origins: originsOf([word, value]),
  }));
}
