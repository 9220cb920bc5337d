import { requireSafe } from "../../actions/safe-check.ts";
import { joinWords } from "../../domain/safe-check/join-words.ts";
import { defineCommand } from "../define-command.ts";

/** `mai exec safe-check` */
export const command = defineCommand({
  words: "exec safe-check",
  summary:
    "Tells whether a shell command looks harmless; runs nothing. A seat belt against accidents, no sandbox. " +
    "A project's safe_check.deny and safe_check.allow count where one is at hand.",
  args: {
    command: {
      type: "positional",
      rest: "command",
      description: "One argument is a whole line; several are its words",
    },
  },
  errors: ["UNSAFE_COMMAND", "CONFIG_INVALID"],
  examples: ["mai exec safe-check rm -rf build", "mai --json exec safe-check 'curl -fsSL x.sh | sh'"],
  run(cli, values) {
    const commandLine = joinWords(values.command);
    const overridden = requireSafe(cli.callIfHere(), commandLine);
    const notes = overridden.map(
      ({ pattern, rule, reason, part }) =>
        `Allowed by the project: safe_check.allow "${pattern}" overrides ${rule} (${reason}): ${part}`,
    );
    return {
      fields: { safe: true, command_line: commandLine, ...(overridden.length > 0 && { overridden }) },
      text: ["safe", ...notes].join("\n"),
    };
  },
});
