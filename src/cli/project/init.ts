import { initProject } from "../../actions/projects/init-project.ts";
import { ALLOW_SHARED_MODES, OPERATOR } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { DURABILITY, initAnswer } from "../init.ts";
import { refuseProject } from "../refuse-project.ts";

/** `mai project init` */
export const command = defineCommand({
  words: "project init",
  summary:
    "Makes a directory a project, as 'mai init' does for the current one; makes the directory if need be.",
  args: {
    path: { type: "positional", required: false, description: "Directory (the current one)" },
    ...OPERATOR,
    ...ALLOW_SHARED_MODES,
    yes: { type: "boolean", description: "Also in / or the home directory" },
    ...DURABILITY,
  },
  errors: ["NON_INTERACTIVE", "PERMISSION_DENIED"],
  examples: ["mai project init", "mai project init ../api -o alice"],
  run(cli, values) {
    refuseProject(cli, "project init", "mai project init PATH");
    return initAnswer(
      initProject(cli.callAt(values.path, values), {
        sure: values.yes,
        durability: values.durability ?? "full",
        sharedModes: values["allow-shared-modes"],
      }),
    );
  },
});
