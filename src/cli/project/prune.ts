import { pruneProjects } from "../../actions/projects/prune-projects.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai project prune` */
export const command = defineCommand({
  words: "project prune",
  summary:
    "Removes the projects that are gone from the registry, and shows which. Changes no project. A project that you may " +
    "not look at stays.",
  args: {},
  errors: ["CONFIG_INVALID"],
  examples: ["mai project prune", "mai --dry-run project prune"],
  run(cli) {
    const outcome = pruneProjects(cli.callAt(null, {}));
    const pruned = outcome.answer;
    const lines = pruned.map(({ name, path }) => `${name}  ${path}`);
    return answerTo(outcome, {
      fields: { pruned, total: pruned.length, idempotent: pruned.length === 0 },
      text: lines.length === 0 ? "Every registered project is there." : ["Removed:", ...lines].join("\n"),
    });
  },
});
