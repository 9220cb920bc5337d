import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import type { CommandTree } from "./define-command.ts";
import { isOption } from "./split-arguments.ts";

/** What the words of a command line lead to. */
export interface FoundCommand {
  /** Full words of a command, or of a group, or empty for mai itself. */
  readonly words: string;
  readonly kind: "command" | "group" | "top";
  /** All other arguments in their order; options before the words stand first. */
  readonly rest: readonly string[];
}

/** Global options that take the next argument. */
const VALUE_OPTIONS: ReadonlySet<string> = new Set(["--project", "--format"]);

/**
 * Finds the command that a command line names; global options may stand before and between its words.
 * @throws USAGE with the nearest name
 */
export function findCommand(argv: readonly string[], tree: CommandTree): FoundCommand {
  const options: string[] = [];
  let words = "";
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    if (isOption(argument)) {
      options.push(argument);
      if (VALUE_OPTIONS.has(argument) && index + 1 < argv.length) options.push(argv[++index] ?? "");
      continue;
    }
    if (argument === "--") return found(words, [...options, ...argv.slice(index)]);
    words = words === "" ? argument : `${words} ${argument}`;
    if (Object.hasOwn(tree.commands, words))
      return { words, kind: "command", rest: [...options, ...argv.slice(index + 1)] };
    if (!Object.hasOwn(tree.groups, words)) throw unknown(words, tree);
  }
  return found(words, options);
}

function found(words: string, rest: readonly string[]): FoundCommand {
  return { words, kind: words === "" ? "top" : "group", rest };
}

function unknown(words: string, tree: CommandTree): MaiError {
  const space = words.lastIndexOf(" ");
  const group = space === -1 ? "" : words.slice(0, space);
  const names = Object.keys(tree.commands).flatMap((name) => {
    if (group === "") return [name.split(" ")[0] ?? name];
    return name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [];
  });
  const word = words.slice(space + 1);
  const listing = group === "" ? "mai --help" : `mai ${group} --help`;
  return new MaiError(
    "USAGE",
    `mai${group === "" ? "" : ` ${group}`} has no command ${JSON.stringify(word)}.`,
    {
      hint: didYouMean(word, new Set(names), listing),
      fields: { word },
    },
  );
}
