import { MaiError } from "../../domain/errors.ts";
import { visibleText } from "../../domain/text.ts";
import type { AnyCommand, CommandContext } from "../define-command.ts";
import { answerDocument, answerText, refusalDocument } from "../documents.ts";
import { toMaiError } from "../errors.ts";
import type { ClientDirectories } from "./client-directories.ts";
import { fixedArguments, refuseOtherSigner, type Signer } from "./signer.ts";
import { givenObject, type ToolSchema, toolSchema, toolValues } from "./tool-arguments.ts";
import { TOOLS, type ToolName } from "./tools.ts";

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
  readonly command: AnyCommand;
  readonly schema: ToolSchema;
}

/** Loads the command of a tool. */
export async function openTool(name: ToolName, signer: Signer): Promise<OpenTool> {
  const { command } = await TOOLS[name].load();
  const schema = toolSchema(TOOLS[name], { args: command.args, fixed: fixedArguments(signer) });
  return { name, command, schema };
}

/** What all calls of a server have in common. */
export interface Surroundings {
  readonly cli: CommandContext;
  readonly signer: Signer;
  readonly directories: ClientDirectories;
}

/** Runs a tool as the command line would. It never throws: a refusal is a result. */
export async function callTool(
  { cli, signer, directories }: Surroundings,
  { tool, given, stop }: { tool: OpenTool; given: unknown; stop: AbortSignal },
): Promise<ToolResult> {
  const warnings: string[] = [];
  const { words, args } = tool.command;
  const telling = { command: words, dryRun: cli.dryRun, warnings };
  try {
    const object = givenObject(tool.name, given, tool.schema);
    refuseOtherSigner(object, signer);
    const values = toolValues(tool.name, object, { args, schema: tool.schema });
    const request = await directories.forRequest({ warn: (message) => void warnings.push(message), stop });
    const answer = await tool.command.run(request, completed(tool.name, values, signer));
    if ("stream" in answer) throw new MaiError("INTERNAL_ERROR", `${words} answers with a stream`);
    const text = [answerText(answer, cli.dryRun), ...warnings.map((warning) => `WARNING: ${warning}`)];
    return { ...textContent(text), structuredContent: answerDocument(answer, telling), isError: false };
  } catch (thrown) {
    const error = toMaiError(thrown);
    return {
      ...textContent(refusalLines(error)),
      structuredContent: refusalDocument(error, telling),
      isError: true,
    };
  }
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
