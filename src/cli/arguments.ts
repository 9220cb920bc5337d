import type { ArgDef } from "citty";

/** What a value must be beside text; checked before a command runs. A duration is read as milliseconds. */
export type ValueKind = "count" | "number" | "date" | "sla" | "limit" | "duration";

/**
 * How the last positional takes all that follow: names, words of a text, a command with options of its own, or words
 * with a sign, where `-x` is a word unless it is an option of the command.
 */
export type RestKind = "list" | "words" | "command" | "signed";

/** One argument of a command: citty's declaration, and what the strict layer over it needs to know. */
export type Argument = ArgDef & {
  readonly description: string;
  /** A list: the option may repeat; commas separate too, unless each value is a text that is taken whole. */
  readonly repeat?: true | "whole";
  /** The last positional takes all that follow: see {@link RestKind}. */
  readonly rest?: RestKind;
  readonly kind?: ValueKind;
  /** `-` stands for standard input. */
  readonly text?: true;
};

/** Arguments of a command by name; positionals in their order. */
export type Arguments = Readonly<Record<string, Argument>>;

/** Value of one argument after the command line was read. */
export type ValueOf<A extends Argument> = A["type"] extends "boolean"
  ? boolean
  : A extends { repeat: true | "whole" } | { rest: RestKind }
    ? readonly string[]
    : A extends { kind: "count" | "number" | "duration" }
      ? number | null
      : A extends { kind: "sla" | "limit" }
        ? number | "none" | null
        : A extends { options: readonly (infer Option)[] }
          ? Option | null
          : A extends { type: "positional"; required: false }
            ? string | null
            : A extends { type: "positional" }
              ? string
              : string | null;

/** Values of a command's arguments. */
export type Values<A extends Arguments> = { readonly [Name in keyof A]: ValueOf<A[Name]> };

/** Options that every command takes. */
export const GLOBAL_ARGUMENTS = {
  project: { type: "string", valueHint: "PATH|NAME", description: "Project to work on" },
  format: { type: "enum", options: ["text", "json"], description: "Form of the answer" },
  json: { type: "boolean", description: "Same as --format json" },
  "dry-run": { type: "boolean", description: "Check everything, change nothing" },
  help: { type: "boolean", alias: "h", description: "Show this help" },
} as const satisfies Arguments;

/** Signs a command. */
export const OPERATOR = {
  operator: { type: "string", alias: "o", valueHint: "NAME", description: "Who signs (else MAI_OPERATOR)" },
} as const satisfies Arguments;

/** Goes with every write to an issue. */
export const ISSUE_WRITE = {
  ...OPERATOR,
  session: { type: "string", valueHint: "S", description: "Tells two processes of one name apart" },
  fence: {
    type: "string",
    kind: "count",
    valueHint: "N",
    description: "Refuse unless this is the current fencing token",
  },
} as const satisfies Arguments;

/** Goes with writes that a lease can stand in the way of. */
export const FORCE = {
  force: { type: "boolean", description: "Override somebody's live lease (roots only, recorded)" },
} as const satisfies Arguments;

/** Option of the commands that make a project. */
export const ALLOW_SHARED_MODES = {
  "allow-shared-modes": {
    type: "boolean",
    description: "Also where everybody may write every file, and chmod has no effect",
  },
} as const satisfies Arguments;
