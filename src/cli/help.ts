import { MaiError } from "../domain/errors.ts";
import { toldCommands, toldSurroundings } from "./command-tree.ts";
import { type Answer, type CommandTree, defineCommand } from "./define-command.ts";
import { findCommand } from "./find-command.ts";
import { helpOfCommand, helpOfGroup } from "./help-text.ts";

/** `mai help` */
export const command = defineCommand({
  words: "help",
  summary:
    "Shows the help of a command, of a group, or of mai: one screen. With --json it tells every argument with its " +
    "schema, errors and examples; without a command the whole tree.",
  args: {
    command: { type: "positional", rest: "list", required: false, description: "Such as issue claim" },
  },
  errors: [],
  examples: ["mai help issue claim", "mai --json help"],
  async run({ tree }, values) {
    const { words, kind, rest } = findCommand(values.command, tree);
    if (rest.length > 0) throw surplus(rest);
    const entry = tree.commands[words];
    if (kind !== "command" || entry === undefined) return treeAnswer(words, tree, helpOfGroup(words, tree));
    const { command } = await entry.load();
    return treeAnswer(words, tree, await helpOfCommand(command));
  },
});

async function treeAnswer(words: string, tree: CommandTree, text: string): Promise<Answer> {
  const commands = await toldCommands(words, tree);
  return { fields: { help: text, commands, ...(words === "" ? toldSurroundings(tree) : {}) }, text };
}

function surplus(rest: readonly string[]): MaiError {
  return new MaiError("USAGE", `${JSON.stringify(rest[0])} is no part of a command.`, {
    hint: "See the commands: mai help",
    fields: { argument: rest[0] },
  });
}
