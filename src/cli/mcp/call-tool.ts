import { MaiError } from "../../domain/errors.ts";
import { visibleText } from "../../domain/text.ts";
import type { AnyCommand, CommandContext } from "../define-command.ts";
import { answerDocument, answerText, refusalDocument } from "../documents.ts";
import { toMaiError } from "../errors.ts";
import type { ClientDirectories } from "./client-directories.ts";
import { type CallForm, type CallForms, hintWithCalls } from "./hint-calls.ts";
import { fixedArguments, refuseOtherSigner, type Signer } from "./signer.ts";
import { givenObject, type ToolSchema, toolSchema, toolValues } from "./tool-arguments.ts";
import { TOOLS, type Tool, type ToolName } from "./tools.ts";

/** Sleep of a tool that is not told for how long, in milliseconds: many clients give a call up after a minute. */
const DEFAULT_SLEEP_MS = 50_000;

/** What a tool answers: a text for models, and the document that the command line prints with `--json`. */
export type ToolResult = {
  readonly content: { type: "text"; text: string }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError: boolean;
};

/** A tool with the command behind it. */
export interface OpenTool {
  readonly name: ToolName;
  readonly tool: Tool;
  /** Its commands, in the order in which they are chosen. */
  readonly commands: readonly AnyCommand[];
  readonly schema: ToolSchema;
}

/** Loads the commands of a tool. */
export async function openTool(name: ToolName, signer: Signer): Promise<OpenTool> {
  const tool: Tool = TOOLS[name];
  const commands: AnyCommand[] = [];
  for (const { load } of tool.commands) commands.push((await load()).command);
  const schema = toolSchema(tool, { all: commands.map(({ args }) => args), fixed: fixedArguments(signer) });
  return { name, tool, commands, schema };
}

/** Returns the command that the arguments of a call choose. */
function chosen({ tool, commands, name }: OpenTool, object: Readonly<Record<string, unknown>>): AnyCommand {
  const index = tool.commands.findIndex(({ when }) => when === undefined || isGiven(object[when]));
  const command = commands[index];
  if (command === undefined) throw new MaiError("INTERNAL_ERROR", `No command of ${name}`);
  return command;
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && !/^(?:|false|no|0|\[\])$/i.test(String(value));
}

/** What all calls of a server have in common. */
export interface Surroundings {
  readonly cli: CommandContext;
  readonly signer: Signer;
  readonly directories: ClientDirectories;
  /** How hints name what to call next. */
  readonly forms: CallForms;
}

/** Runs a tool as the command line would. It never throws: a refusal is a result. */
export async function callTool(
  { cli, signer, directories, forms }: Surroundings,
  { tool, given, stop }: { tool: OpenTool; given: unknown; stop: AbortSignal },
): Promise<ToolResult> {
  const warnings: string[] = [];
  let telling = { command: tool.commands.at(-1)?.words ?? "", dryRun: cli.dryRun, warnings };
  try {
    const object = givenObject(tool.name, given, tool.schema);
    refuseOtherSigner(object, signer);
    const command = chosen(tool, object);
    const { words, args } = command;
    telling = { ...telling, command: words };
    const { own = {} } = tool.tool;
    const values = toolValues(tool.name, object, { args, schema: tool.schema, own });
    const request = await directories.forRequest({ warn: (message) => void warnings.push(message), stop });
    const answer = await command.run(request, completed(tool.name, values, signer));
    if ("stream" in answer) throw new MaiError("INTERNAL_ERROR", `${words} answers with a stream`);
    const text = [answerText(answer, cli.dryRun), ...warnings.map((warning) => `WARNING: ${warning}`)];
    return { ...textContent(text), structuredContent: answerDocument(answer, telling), isError: false };
  } catch (thrown) {
    const error = forTools(toMaiError(thrown), forms);
    return {
      ...textContent(refusalLines(error)),
      structuredContent: refusalDocument(error, telling),
      isError: true,
    };
  }
}

/** Returns how each command is called: by which tool, and with which arguments. */
export function callForms(tools: readonly OpenTool[], signer: Signer): CallForms {
  const byWords = new Map<string, CallForm>();
  for (const { name, tool, commands } of tools)
    for (const [index, { words, args }] of commands.entries()) {
      const when = tool.commands[index]?.when;
      const chosenBy =
        when !== undefined && Object.hasOwn(tool.own ?? {}, when) ? { [when]: true as const } : {};
      byWords.set(words, { tool: name, args, offers: tool.offers, chosenBy });
    }
  return { byWords, fixed: fixedArguments(signer) };
}

/** Returns the same refusal with a hint that a client of tools can follow. */
function forTools(error: MaiError, forms: CallForms): MaiError {
  const { code, message, fields, hint } = error;
  if (hint === null) return error;
  const own =
    code === "OPERATOR_REQUIRED" ? "Give operator, or start the server with mai mcp -o NAME." : null;
  return new MaiError(code, message, { hint: own ?? hintWithCalls(hint, forms), fields, cause: error });
}

/** Fills in what the call leaves open. */
function completed(
  name: ToolName,
  values: Record<string, unknown>,
  { operator, session }: Signer,
): Parameters<AnyCommand["run"]>[1] {
  const sleeps = name === "mai_wait" || (name === "mai_next" && values.wait === true);
  const given = {
    ...values,
    operator: values.operator ?? operator,
    session: values.session ?? session,
    ...(sleeps ? { timeout: values.timeout ?? DEFAULT_SLEEP_MS } : {}),
  };
  // The values were read by the command's own declaration.
  return given as unknown as Parameters<AnyCommand["run"]>[1];
}

function refusalLines({ code, message, hint, retryable }: MaiError): readonly string[] {
  const later = retryable ? ", may work later" : "";
  return [`ERROR: ${message} (${code}${later})`, ...(hint === null ? [] : [`HINT: ${hint}`])];
}

function textContent(lines: readonly string[]): Pick<ToolResult, "content"> {
  const text = lines.filter((line) => line !== "").join("\n");
  return { content: [{ type: "text", text: visibleText(text) }] };
}
