import { MaiError } from "../../domain/errors.ts";
import { OPERATOR } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";

/** `mai issue submit-to-creator`, which older instructions of agents still name. */
export const command = defineCommand({
  words: "issue submit-to-creator",
  summary: "Is gone: mai issue transfer replaced it. Always refuses.",
  args: {
    id: { type: "positional", required: false, description: "Issue" },
    message: { type: "positional", rest: "list", required: false, description: "What you wanted to say" },
    ...OPERATOR,
  },
  errors: [],
  examples: [
    'mai issue transfer REQ-001 alice "done, please review" -o bob',
    "mai issue show REQ-001   # names the creator",
  ],
  run(_cli, values) {
    throw new MaiError("USAGE", "submit-to-creator is gone: mai issue transfer replaced it.", {
      hint: `Hand it over: mai issue transfer ${values.id ?? "ID"} CREATOR "done, please review" -o ${values.operator ?? "NAME"}`,
      fields: { replaced_by: "issue transfer" },
    });
  },
});
