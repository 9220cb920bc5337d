import { type DoomedProject, deleteDoomed, findDoomedProject } from "../../actions/delete-project.ts";
import { MaiError } from "../../domain/errors.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, type CommandContext, defineCommand } from "../define-command.ts";

/** `mai project delete` */
export const command = defineCommand({
  words: "project delete",
  summary:
    "Deletes a project for good: its .mai and async, nothing else, and its entry in the registry. Asks on a terminal, " +
    "needs --yes elsewhere. Takes a root.",
  args: {
    target: { type: "positional", description: "Path, or registered name" },
    ...OPERATOR,
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
    const outcome = deleteDoomed(call, doomed);
    return answerTo(outcome, {
      fields: { ...fieldsOf(doomed), deleted: true, idempotent: false },
      text: `Project ${doomed.name} deleted (${doomed.path})`,
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
  throw new MaiError("NON_INTERACTIVE", `Deleting ${path} needs a yes, and there is no terminal to ask on.`, {
    hint: "Say so: --yes",
    fields: { name, path, issues },
  });
}
