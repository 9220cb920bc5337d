import { readUserFile } from "../../actions/projects/user-file.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Arguments, Values } from "../arguments.ts";
import type { CommandContext } from "../define-command.ts";

/** A body, given as it is or as a file. */
export const BODY = {
  body: { type: "string", valueHint: "TEXT|-", description: "What is to be done; - reads standard input" },
  "body-file": { type: "string", valueHint: "F", description: "The same from a file" },
} as const satisfies Arguments;

/**
 * Reads the body that a command line gives, null for none.
 * @throws USAGE for both forms at once, NOT_FOUND, INVALID_TEXT
 */
export function bodyOf(
  cli: CommandContext,
  values: Values<typeof BODY> & { readonly operator: string | null },
): string | null {
  const { body, "body-file": file } = values;
  if (body !== null && file !== null) {
    throw new MaiError("USAGE", "--body and --body-file exclude each other.", {
      hint: "Give one of them.",
    });
  }
  if (file !== null) return readUserFile(cli.call(values), cli.context.cwd, file);
  return body === null ? null : cli.text(body);
}
