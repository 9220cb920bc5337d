import { needsSetup, setUpHome } from "../actions/projects/global-home.ts";
import { operatorName } from "../domain/names.ts";
import { answerTo, defineCommand } from "./define-command.ts";

/** `mai setup` */
export const command = defineCommand({
  words: "setup",
  summary:
    "Makes the global home (~/.mai-cli, or MAI_HOME) with the roots of all projects: those named, those that you " +
    "answer on a terminal, else the operating-system user. Optional: 'init' does it too.",
  args: {
    root: { type: "string", repeat: true, valueHint: "A,B", description: "Who may administer every project" },
  },
  errors: ["INVALID_NAME", "ALREADY_EXISTS", "IO_ERROR"],
  examples: ["mai setup", "mai setup --root admin,alice"],
  run(cli, values) {
    const call = cli.callAt(null, {});
    const question = `Who are the roots? Names with commas between, or nothing for ${call.osUser()}: `;
    const typed = values.root.length > 0 || !needsSetup(call) || cli.dryRun ? null : cli.ask(question);
    const named = [...values.root, ...(typed ?? "").split(",")]
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const roots = named.length === 0 ? null : [...new Set(named.map((name) => operatorName(name, "root")))];
    const outcome = setUpHome(call, roots);
    const { path, root, idempotent } = outcome.answer;
    const text = `${path} ${idempotent ? "is set up already" : "is ready"}; root: ${root.join(", ") || "none"}`;
    return answerTo(outcome, { fields: { path, root, idempotent }, text });
  },
});
