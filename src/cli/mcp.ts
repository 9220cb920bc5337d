import { OPERATOR } from "./arguments.ts";
import { defineCommand } from "./define-command.ts";
import { TOOLS } from "./mcp/tools.ts";

/** `mai mcp` */
export const command = defineCommand({
  words: "mcp",
  summary:
    "Serves the Model Context Protocol on standard input and output, for clients that call tools in place of a " +
    `shell: ${Object.keys(TOOLS).join(", ")}. Each is a command, with its answer and its errors. Ends with its input.`,
  args: {
    ...OPERATOR,
    session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
  },
  errors: [],
  examples: ["mai mcp -o alice", "mai --project /srv/team mcp"],
  async run(cli, { operator, session }) {
    const { serve } = await import("./mcp/serve.ts");
    return { stream: serve(cli, { operator, session }) };
  },
});
