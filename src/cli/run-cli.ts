import { openCall, openCallAt, openCallIfHere } from "../actions/open-call.ts";
import { MaiError, NOT_UTF8_HINT } from "../domain/errors.ts";
import { visibleText } from "../domain/text.ts";
import { VERSION } from "../version.ts";
import type { Arguments, GLOBAL_ARGUMENTS, Values } from "./arguments.ts";
import { COMMAND_TREE } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Answer, AnyCommand, CommandContext, RequestFacts } from "./define-command.ts";
import { toMaiError } from "./errors.ts";
import { findCommand } from "./find-command.ts";
import { Printer, wantsJson } from "./printer.ts";
import { splitArguments } from "./split-arguments.ts";

/** Options that need no command. */
const TOP_ARGUMENTS = {
  version: { type: "boolean", description: "Show the version" },
} as const satisfies Arguments;

/**
 * Runs one command line. It never exits and never throws.
 * @returns the exit status
 */
export async function runCli(argv: readonly string[], context: Context): Promise<number> {
  const printer = new Printer(context, wantsJson(argv, context.env));
  try {
    if (context.argumentsAreBroken?.() === true)
      throw new MaiError("USAGE", "An argument is not UTF-8.", { hint: NOT_UTF8_HINT });
    // `-v` is the version only here: after a command it may be an option of that command.
    const found = findCommand(argv[0] === "-v" ? ["--version", ...argv.slice(1)] : argv, COMMAND_TREE);
    printer.command = found.words || null;
    if (found.kind !== "command") return await helpOrRefuse(found.words, found.rest, printer);
    const entry = COMMAND_TREE.commands[found.words];
    if (entry === undefined) throw new MaiError("INTERNAL_ERROR", `No entry for ${found.words}`);
    const { command } = await entry.load();
    return await runCommand(command, found.rest, { context, printer });
  } catch (error) {
    return printer.refuse(toMaiError(error));
  }
}

async function runCommand(
  command: AnyCommand,
  rest: readonly string[],
  { context, printer }: { context: Context; printer: Printer },
): Promise<number> {
  const { values, globals } = splitArguments(rest, command);
  printer.json = globals.json || (globals.format ?? context.env.MAI_FORMAT) === "json";
  printer.dryRun = globals["dry-run"];
  if (globals.help) return printer.answer(command.words, await commandHelp(command));
  const answer = await command.run(commandContext(context, globals, printer), values);
  return "stream" in answer ? printer.stream(answer.stream) : printer.answer(command.words, answer);
}

function commandContext(
  context: Context,
  globals: Values<typeof GLOBAL_ARGUMENTS>,
  printer: Printer,
  request: RequestFacts | null = null,
): CommandContext {
  const { env, system } = context;
  const cwd = request?.cwd ?? context.cwd;
  const facts = {
    cwd,
    env,
    system,
    dryRun: globals["dry-run"],
    project: globals.project,
    warn: request?.warn ?? printer.warn,
    ...(request === null ? {} : { stop: request.stop }),
  };
  return {
    context: request?.cwd === undefined ? context : { ...context, cwd },
    isRequest: request !== null,
    tree: COMMAND_TREE,
    dryRun: globals["dry-run"],
    project: globals.project,
    json: printer.json || request !== null,
    wantsText: !printer.json || request !== null,
    emit: (answer) => printer.emit(answer),
    warn: facts.warn,
    warnAtOnce: request?.warn ?? printer.warnAtOnce,
    forRequest: (own) => commandContext(context, globals, printer, own),
    ask: (question) => (printer.json || request !== null ? null : ask(context, question)),
    call: ({ operator = null, session = null }) => openCall({ ...facts, operator, session }),
    callIfHere: (project) =>
      openCallIfHere({ ...facts, project: project ?? facts.project, operator: null, session: null }),
    callAt: (path, { operator = null }) => openCallAt({ ...facts, operator, session: null }, path),
    text: (value) =>
      value === "-" && request === null ? context.stdin.readText().replace(/\n$/, "") : value,
  };
}

/** A question that nobody sees, or nobody can answer, is not asked. @returns null where no answer came */
function ask({ stdin, stderr }: Context, question: string): string | null {
  if (!stdin.isTerminal || !stderr.isTerminal) return null;
  stderr.write(visibleText(question));
  const answer = stdin.readLine();
  if (answer === null) stderr.write("\n"); // What follows is not to stand behind the question.
  return answer;
}

function versionAnswer(): Answer {
  return { fields: { version: VERSION }, text: `mai ${VERSION}` };
}

async function commandHelp(command: AnyCommand): Promise<Answer> {
  const { helpOfCommand } = await import("./help-text.ts");
  const text = await helpOfCommand(command);
  return { fields: { help: text }, text };
}

/** Without a command: version or help when they are asked for, else an error that shows the help. */
async function helpOrRefuse(words: string, rest: readonly string[], printer: Printer): Promise<number> {
  const { values, globals } = splitArguments(rest, { words, args: words === "" ? TOP_ARGUMENTS : {} });
  printer.json ||= globals.json || globals.format === "json";
  if ("version" in values && values.version) return printer.answer(null, versionAnswer());
  const { helpOfGroup } = await import("./help-text.ts");
  const text = helpOfGroup(words, COMMAND_TREE);
  if (globals.help) return printer.answer(words || null, { fields: { help: text }, text });
  throw new MaiError("USAGE", words === "" ? "No command given." : `mai ${words} needs a command.`, {
    hint: text,
  });
}
