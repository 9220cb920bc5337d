import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import { completionScript, SHELLS } from "../output/completion-scripts.ts";
import { defineCommand } from "./define-command.ts";

/** `mai completions` */
export const command = defineCommand({
  words: "completions",
  summary:
    "Prints the completions of a shell: commands, options, and the queues, agents and ids of the project at hand. " +
    "Load them in the shell's start file. Needs no project.",
  args: { shell: { type: "positional", description: SHELLS.join(", ") } },
  errors: [],
  examples: ['eval "$(mai completions bash)"', "mai completions fish > ~/.config/fish/completions/mai.fish"],
  run(_cli, values) {
    const shell = SHELLS.find((name) => name === values.shell.toLowerCase());
    if (shell === undefined) {
      throw new MaiError("USAGE", `There are no completions for ${JSON.stringify(values.shell)}.`, {
        hint: didYouMean(values.shell, SHELLS, "mai completions --help"),
        fields: { shell: values.shell, shells: SHELLS },
      });
    }
    const script = completionScript(shell);
    return { fields: { shell, script }, text: script.trimEnd() };
  },
});
