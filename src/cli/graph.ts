import { readGraph } from "../actions/reading/graph.ts";
import { graphMermaid, graphText } from "../output/graph-text.ts";
import { defineCommand } from "./define-command.ts";

/** `mai graph` */
export const command = defineCommand({
  words: "graph",
  summary:
    "Shows which issues wait for which: below each what waits for it. With an ID all that it waits for and all that " +
    "waits for it. Writes nothing.",
  args: {
    id: { type: "positional", required: false, description: "Only what has to do with this issue" },
    mermaid: { type: "boolean", description: "As a Mermaid flowchart, for Markdown" },
  },
  errors: ["NOT_FOUND"],
  examples: ["mai graph REQ-001", "mai graph --mermaid"],
  run(cli, values) {
    const graph = readGraph(cli.call({}), values.id);
    const text = values.mermaid ? graphMermaid(graph) : graphText(graph);
    return {
      fields: {
        nodes: graph.nodes.map(({ id, title, status, handler, waits }) => ({
          ...{ id, title, status, owner: handler, waits },
        })),
        edges: graph.edges,
        cycles: graph.cycles,
        ...(values.mermaid ? { mermaid: text } : {}),
      },
      text: graph.nodes.length === 0 ? "No unfinished issue waits for another." : text,
    };
  },
});
