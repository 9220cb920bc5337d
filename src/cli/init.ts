import { type InitAnswer, initProject } from "../actions/projects/init-project.ts";
import type { Outcome } from "../domain/outcome.ts";
import { ALLOW_SHARED_MODES, type Arguments, OPERATOR } from "./arguments.ts";
import { type Answer, answerTo, defineCommand } from "./define-command.ts";
import { refuseProject } from "./refuse-project.ts";

/** What the changes of a new project survive; `config set durability` changes it later. */
export const DURABILITY = {
  durability: {
    type: "enum",
    options: ["full", "process"],
    description: "What changes survive: a power cut too (full), or only kill -9",
  },
} as const satisfies Arguments;

/** `mai init` */
export const command = defineCommand({
  words: "init",
  summary:
    "Makes the current directory a project: writes .mai/ (the truth) and async/ (the readable mirror), and registers it. " +
    "The operator becomes root. Again: changes nothing.",
  args: {
    ...OPERATOR,
    ...ALLOW_SHARED_MODES,
    yes: { type: "boolean", description: "Also in / or the home directory" },
    ...DURABILITY,
  },
  errors: ["NON_INTERACTIVE", "PERMISSION_DENIED"],
  examples: ["mai init", "mai init -o alice"],
  run(cli, values) {
    refuseProject(cli, "init", "mai project init PATH");
    return initAnswer(
      initProject(cli.callAt(null, values), {
        sure: values.yes,
        durability: values.durability ?? "full",
        sharedModes: values["allow-shared-modes"],
      }),
    );
  },
});

/** Tells what `init` and `project init` did. */
export function initAnswer(outcome: Outcome<InitAnswer>): Answer {
  const { name, path, root, idempotent, workTree } = outcome.answer;
  const text = idempotent
    ? `${name}: already a project (${path})`
    : `Project ${name} is ready in ${path}; root: ${root.join(", ")}`;
  const shared =
    workTree === undefined ? "" : `\nAll work trees of this repository share it, ${workTree} too.`;
  return answerTo(outcome, {
    fields: { name, path, root, idempotent, ...(workTree === undefined ? {} : { work_tree: workTree }) },
    text: text + shared,
  });
}
