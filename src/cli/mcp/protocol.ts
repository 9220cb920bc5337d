import { ValibotJsonSchemaAdapter } from "@tmcp/adapter-valibot";
import { type CallToolResult, McpServer } from "tmcp";
import * as v from "valibot";
import { didYouMean } from "../../domain/nearest.ts";
import { VERSION } from "../../version.ts";
import type { CommandContext } from "../define-command.ts";
import { callForms, callTool, type OpenTool, openTool, type Surroundings } from "./call-tool.ts";
import { ClientDirectories } from "./client-directories.ts";
import type { Server } from "./conversation.ts";
import { errorMessage, isObject, type Message, type RequestId } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";
import { tolerant } from "./tolerant-request.ts";
import { isToolName, TOOLS, type ToolName } from "./tools.ts";

/** Methods that are answered; what else the library would take for one is none. */
const METHODS: ReadonlySet<unknown> = new Set([
  "initialize",
  "ping",
  "server/discover",
  "tools/list",
  "tools/call",
]);

const INSTRUCTIONS =
  "mai shares issues among agents. Loop: mai_next (with wait), work, mai_amend what you find, then mai_transfer to a " +
  "reviewer, or mai_complete if you may accept the work. Stuck: mai_block or mai_escalate. Cannot go on: mai_release. " +
  "Work only on what you hold. After an error with retryable, try again later.";

/** Returns what serves a client of the protocol, in any version that the library knows. */
export async function openProtocol(cli: CommandContext, signer: Signer): Promise<Server> {
  const library = openLibrary();
  const directories = new ClientDirectories(cli);
  const tools: OpenTool[] = [];
  for (const name of Object.keys(TOOLS) as ToolName[]) tools.push(await openTool(name, signer));
  const surroundings = { cli, signer, directories, forms: callForms(tools, signer) };
  for (const tool of tools) addTool(library, tool, surroundings);
  return {
    hear: (method, ask) => directories.hear(method, ask),
    answer: async (given, stop) => {
      const request = tolerant(given);
      const refusal = refusalOf(request);
      if (refusal !== null) return refusal;
      if (request.method === "initialize") directories.greet(request.params);
      try {
        const answer = await library.receive(request as Parameters<typeof library.receive>[0], {
          signal: stop,
        });
        if (!isObject(answer)) return null;
        return request.method === "tools/list" ? { ...answer, result: shortList(answer.result) } : answer;
      } catch (error) {
        if (!v.isValiError(error)) throw error;
        return errorMessage(request.id as RequestId, "params", "The params do not fit the method.");
      }
    },
  };
}

type Library = McpServer<v.GenericSchema>;

function openLibrary(): Library {
  return new McpServer(
    { name: "mai", version: VERSION, description: "Work of many agents through one directory" },
    { adapter: new ValibotJsonSchemaAdapter(), capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
}

function addTool(server: Library, tool: OpenTool, surroundings: Surroundings): void {
  const { title, description, ...rest } = TOOLS[tool.name];
  const readOnlyHint = "readOnly" in rest;
  server.tool(
    {
      name: tool.name,
      title,
      description,
      schema: unchecked(tool.schema),
      annotations: {
        ...(readOnlyHint ? { readOnlyHint } : {}),
        destructiveHint: false,
        openWorldHint: false,
      },
    },
    async (given) => {
      const stop = server.ctx.signal ?? new AbortController().signal;
      // No schema of the answers: it would cost every session more than it tells.
      return (await callTool(surroundings, { tool, given, stop })) as unknown as CallToolResult<undefined>;
    },
  );
}

/** Every session of every client reads the list: what a schema says without being asked is left out of it. */
function shortList(result: unknown): unknown {
  if (!(isObject(result) && Array.isArray(result.tools))) return result;
  const tools = result.tools.map((tool: Message) => {
    const { $schema: _, required, ...schema } = tool.inputSchema as Message;
    const isNeeded = Array.isArray(required) && required.length > 0;
    return { ...tool, inputSchema: { ...schema, ...(isNeeded ? { required } : {}) } };
  });
  return { ...result, tools };
}

/** The tool checks what it is given by itself: wrong arguments are refused as a wrong command line is. */
function unchecked(schema: OpenTool["schema"]): v.GenericSchema<Record<string, unknown>> {
  const validate = (value: unknown) => ({ value: value as Record<string, unknown> });
  return { ...schema, "~standard": { ...schema["~standard"], validate } };
}

/** Refuses what the library would stumble over. */
function refusalOf({ id, method, params }: Message): Message | null {
  if (!METHODS.has(method)) return errorMessage(id as RequestId, "method", "There is no such method.");
  if (params !== undefined && !isObject(params)) {
    return errorMessage(id as RequestId, "params", "The params of a method are an object.");
  }
  if (method !== "tools/call") return null;
  const name = params?.name;
  if (typeof name !== "string")
    return errorMessage(id as RequestId, "params", "The name of a tool is missing.");
  if (isToolName(name)) return null;
  const prefixed = name.startsWith("mai_") ? name : `mai_${name}`;
  const hint = didYouMean(prefixed, Object.keys(TOOLS), "tools/list");
  return errorMessage(id as RequestId, "params", `There is no such tool. ${hint}`);
}
