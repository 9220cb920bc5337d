import { EXIT_CODES } from "../domain/errors.ts";
import { type ToldArgument, toldArguments } from "./argument-schema.ts";
import { GLOBAL_ARGUMENTS } from "./arguments.ts";
import type { CommandEntry, CommandTree } from "./define-command.ts";
import { commandsByTopic, visibleNames } from "./help-topics.ts";

/** One command, told to programs. */
export interface ToldCommand {
  readonly command: string;
  readonly line: string;
  readonly summary: string;
  readonly hidden: boolean;
  readonly arguments: readonly ToldArgument[];
  readonly errors: readonly string[];
  readonly examples: readonly string[];
}

/** Tells the commands whose words begin with these; all of them with none. */
export async function toldCommands(words: string, tree: CommandTree): Promise<readonly ToldCommand[]> {
  const found = Object.entries(tree.commands).filter(
    ([name]) => words === "" || name === words || name.startsWith(`${words} `),
  );
  return Promise.all(found.map(([name, entry]) => toldCommand(name, entry)));
}

/** Tells what stands around the commands: options of all of them, groups, topics, exit statuses. */
export function toldSurroundings(tree: CommandTree): Readonly<Record<string, unknown>> {
  return {
    global_arguments: toldArguments(GLOBAL_ARGUMENTS),
    groups: tree.groups,
    topics: commandsByTopic(visibleNames(tree)).map((topic) => ({
      title: topic.title,
      commands: topic.names,
    })),
    exit_codes: EXIT_CODES,
  };
}

async function toldCommand(name: string, { line, hidden, load }: CommandEntry): Promise<ToldCommand> {
  const { command } = await load();
  const { summary, args, errors, examples } = command;
  return {
    command: name,
    line,
    summary,
    hidden: hidden === true,
    arguments: toldArguments(args),
    errors: [...errors, "USAGE"],
    examples,
  };
}
