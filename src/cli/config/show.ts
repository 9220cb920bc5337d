import { readSettings, readTeamFile } from "../../actions/settings/settings.ts";
import { defineCommand } from "../define-command.ts";

/** `mai config show` */
export const command = defineCommand({
  words: "config show",
  summary:
    "Shows the settings as they hold, defaults filled in; with --toml as a team file that 'config apply' takes. " +
    "Writes nothing.",
  args: { toml: { type: "boolean", description: "As a team file in TOML" } },
  errors: ["CONFIG_INVALID"],
  examples: ["mai config show", "mai config show --toml > mai.toml"],
  run(cli, values) {
    const call = cli.call({});
    const settings = readSettings(call);
    if (!values.toml) return { fields: { settings }, text: JSON.stringify(settings, null, 2) };
    const toml = readTeamFile(call);
    return { fields: { settings, toml }, text: toml.replace(/\n$/, "") };
  },
});
