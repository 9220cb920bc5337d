import { readSetting } from "../../actions/settings/settings.ts";
import { settingText } from "../../output/setting-text.ts";
import { defineCommand } from "../define-command.ts";

/** `mai config get` */
export const command = defineCommand({
  words: "config get",
  summary: "Shows one setting as it holds, its default where the file says nothing. Writes nothing.",
  args: { key: { type: "positional", description: "Such as queues.questions.sla_minutes" } },
  errors: ["NOT_FOUND", "INVALID_QUEUE", "INVALID_AGENT", "CONFIG_INVALID"],
  examples: ["mai config get durability", "mai config get agents.alice.heartbeat_minutes"],
  run(cli, values) {
    const value = readSetting(cli.call({}), values.key);
    return { fields: { key: values.key, value }, text: settingText(value) };
  },
});
