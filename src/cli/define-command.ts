import type { Call } from "../actions/call.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Arguments, Values } from "./arguments.ts";
import type { Context } from "./context.ts";

/** What a command answers: the fields of its JSON document, and the text for people. */
export interface Answer {
  readonly fields: Readonly<Record<string, unknown>>;
  /** One or more lines, the last without line feed; empty for nothing to say. */
  readonly text: string;
  /** Something was committed: the exit status is 0 even when this answer cannot be printed. */
  readonly changed?: boolean;
  /** The change is committed and the next command finishes it. */
  readonly pending?: boolean;
  readonly exitCode?: number;
}

/** One line of a stream: an object for programs, a line for people. */
export interface StreamLine {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What a command answers that prints as it goes; with JSON one object a line, an error as the last one. */
export interface StreamAnswer {
  readonly stream: AsyncIterable<StreamLine>;
}

/** What one of many requests to a single command has of its own. Its texts are taken as they are: `-` is a text. */
export interface RequestFacts {
  readonly warn: (message: string) => void;
  /** Ends its waits, in place of the signals of the process. */
  readonly stop: AbortSignal;
  /** Absolute path; where it stands, it takes the place of the current directory. */
  readonly cwd?: string;
}

/** What a command can ask for while it runs. */
export interface CommandContext {
  readonly context: Context;
  /** All that can be typed, for commands about commands. */
  readonly tree: CommandTree;
  readonly dryRun: boolean;
  /** What `--project` names; null where it is not given. */
  readonly project: string | null;
  /** The answer goes to a program: nothing stands beside it. */
  readonly json: boolean;
  /** The text is asked for. What is long to tell need not be made where it is not; nor the fields, without JSON. */
  readonly wantsText: boolean;
  /** Prints one answer of a stream: one JSON object a line, or text; the answer of `run` then comes last. */
  readonly emit: (answer: Answer) => Promise<void>;
  /** The project at hand, found at the first call. @throws PROJECT_NOT_FOUND */
  readonly call: (signer: { readonly operator?: string | null; readonly session?: string | null }) => Call;
  /** The same for a command that needs none: null where no project was named (here or anywhere) and none is at hand. */
  readonly callIfHere: (project?: string | null) => Call | null;
  /** The same for a directory that need not be a project yet. */
  readonly callAt: (path: string | null, signer: { readonly operator?: string | null }) => Call;
  /** Resolves a text argument: `-` is standard input, less one line feed at the end. */
  readonly text: (value: string) => string;
  readonly warn: (message: string) => void;
  /** Warns while the command goes on; in JSON with the answer, as ever. */
  readonly warnAtOnce: (message: string) => void;
  /** The same for one of the requests that a command serves while it runs. */
  readonly forRequest: (request: RequestFacts) => CommandContext;
  /** One of the requests that a command serves: standard input and output are not its own. */
  readonly isRequest: boolean;
  /** Asks on the terminal; null where there is none to ask on, or its input ends, or the answer is to be JSON. */
  readonly ask: (question: string) => string | null;
}

/** A command: what it takes, what its help says, what it does. */
export interface Command<A extends Arguments = Arguments> {
  /** As typed, such as `issue claim`. */
  readonly words: string;
  /** What it does and what it writes, in one or two sentences. */
  readonly summary: string;
  readonly args: A;
  /** Errors that its user should expect, beside the usual ones. */
  readonly errors: readonly ErrorCode[];
  readonly examples: readonly [string, string];
  run(cli: CommandContext, values: Values<A>): Answer | StreamAnswer | Promise<Answer | StreamAnswer>;
}

/** A command whose arguments are known only to itself. */
export type AnyCommand = Command<Arguments>;

/** How a command is found: a line for overviews, and the module, loaded only when it is wanted. */
export interface CommandEntry {
  readonly line: string;
  /** Left out of overviews: internal, or there only to say what replaced it. */
  readonly hidden?: true;
  readonly load: () => Promise<{ readonly command: AnyCommand }>;
}

/** Every command by its words, and what the groups of commands are about; the order is that of the help. */
export interface CommandTree {
  readonly commands: Readonly<Record<string, CommandEntry>>;
  readonly groups: Readonly<Record<string, string>>;
}

/** Declares a command; its values are typed by its arguments. */
export function defineCommand<const A extends Arguments>(command: Command<A>): AnyCommand {
  return command as unknown as AnyCommand;
}

/** Joins what an action did with the text and fields that tell it. */
export function answerTo<T>(
  outcome: Outcome<T>,
  told: { readonly fields: Readonly<Record<string, unknown>>; readonly text: string },
): Answer {
  return { ...told, changed: outcome.changed, pending: outcome.pending };
}
