import type { CommandContext } from "./define-command.ts";

/** Tells whether somebody at a terminal can be asked: never in the way of a program. */
export function canAsk(cli: CommandContext): boolean {
  return cli.context.stdin.isTerminal && !cli.json;
}

/** Asks a question that only a yes answers; on standard error, so that the result stays alone. */
export function askYes(cli: CommandContext, question: string): boolean {
  cli.context.stderr.write(`${question} [y/N] `);
  return /^y(?:es)?$/i.test(cli.context.stdin.readLine()?.trim() ?? "");
}
