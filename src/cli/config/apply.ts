import { applyTeamFile } from "../../actions/settings/settings.ts";
import { changeLines } from "../../output/setting-text.ts";
import { OPERATOR } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

/** `mai config apply` */
export const command = defineCommand({
  words: "config apply",
  summary:
    "Merges a team file (TOML) into .mai/config.json in one change: tables by key, lists whole, nothing goes by " +
    "absence. Shows what changes. Takes a root.",
  args: { file: { type: "positional", description: "Such as mai.toml" }, ...OPERATOR },
  errors: ["NOT_FOUND", "CONFIG_INVALID", "PERMISSION_DENIED"],
  examples: ["mai config apply mai.toml", "mai --dry-run config apply mai.toml"],
  run(cli, values) {
    const outcome = applyTeamFile(cli.call(values), { cwd: cli.context.cwd, path: values.file });
    const { changes, idempotent } = outcome.answer;
    const count = `${changes.length} setting${changes.length === 1 ? "" : "s"} changed by ${values.file}`;
    return answerTo(outcome, {
      fields: { file: values.file, changes, idempotent },
      text: idempotent ? `${values.file} changes nothing` : [`${count}:`, ...changeLines(changes)].join("\n"),
    });
  },
});
