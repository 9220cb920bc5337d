import {
  type DoomedProject,
  deleteDoomed,
  findDoomedProject,
} from "../../actions/projects/delete-project.ts";
import { MaiError } from "../../domain/errors.ts";
import { shellWord } from "../../domain/shell-word.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, type CommandContext, defineCommand } from "../define-command.ts";

/** `mai project delete` */
export const command = defineCommand({
  words: "project delete",
  summary:
    "Deletes a project: its .mai and async, nothing else, and its entry in the registry. Leaves a backup where they " +
    "were and says how to unpack it. Asks on a terminal, needs --yes elsewhere. Takes a root.",
  args: {
    target: { type: "positional", description: "Path, or registered name" },
    ...OPERATOR,
    "no-backup": { type: "boolean", description: "Leave no backup" },
    yes: { type: "boolean", description: "Do not ask" },
  },
  errors: ["PROJECT_NOT_FOUND", "AMBIGUOUS_ID", "NON_INTERACTIVE", "PERMISSION_DENIED"],
  examples: ["mai project delete team -o admin", "mai project delete ./old -o admin --yes"],
  run(cli, values) {
    const call = cli.callAt(null, values);
    const doomed = findDoomedProject(call, { cwd: cli.context.cwd, text: values.target });
    if (!values.yes && !isConfirmed(cli, doomed)) {
      const fields = { ...fieldsOf(doomed), deleted: false, idempotent: true };
      return { fields, text: "Nothing was deleted." };
    }
    const outcome = deleteDoomed(call, doomed, { backup: values["no-backup"] ? "none" : "made" });
    const { backup } = outcome.answer;
    const unpack = backup === null ? null : `tar -xpzf ${shellWord(backup)} -C ${shellWord(doomed.path)}`;
    const lines = unpack === null ? [] : [`Backup: ${backup}`, `To unpack it: ${unpack}`];
    return answerTo(outcome, {
      fields: { ...fieldsOf(doomed), backup, unpack, deleted: true, idempotent: false },
      text: [`Project ${doomed.name} deleted (${doomed.path})`, ...lines].join("\n"),
    });
  },
});

function fieldsOf({ name, path, issues }: DoomedProject): Readonly<Record<string, unknown>> {
  return { name, path, issues };
}

function isConfirmed(cli: CommandContext, { name, path, issues }: DoomedProject): boolean {
  const answer = cli.ask(
    `Delete project ${name} in ${path} with ${issues} issue${issues === 1 ? "" : "s"}? [y/N] `,
  );
  if (answer !== null) return /^y(?:es)?$/i.test(answer.trim());
  throw new MaiError("NON_INTERACTIVE", `Deleting ${path} needs a yes, and none came.`, {
    hint: "Say so: --yes",
    fields: { name, path, issues },
  });
}
