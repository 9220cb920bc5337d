import type { Call } from "../programs/call.ts";
import { readOptions } from "../programs/options.ts";
import { NOTHING } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";

/** Stops `crontab` that installs an empty table: `crontab - < /dev/null`, `echo | crontab -`. */
export function detectCrontab(call: Call): Suspicion | undefined {
  const { given, operands } = readOptions(call.args, "-u");
  const reads = operands[0] === undefined ? given.size === 0 : operands[0].text === "-";
  const isClosed = call.redirects.some((open) => open.operator === "<" && open.path.text === "/dev/null");
  const isEmpty = call.stdin !== NOTHING && call.stdin.text.trim() === "";
  return reads && (isClosed || isEmpty) ? { rule: "schedule-lost" } : undefined;
}
