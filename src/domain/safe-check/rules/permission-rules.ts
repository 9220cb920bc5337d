import type { Call } from "../programs/call.ts";
import { hasOption, readOptions } from "../programs/options.ts";
import type { Shell } from "../shell/shell.ts";
import type { Value } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";
import { PROTECTIONS, type Protection } from "./protected-paths.ts";
import { lossIfUnset, protectionOf, writeDanger } from "./targets.ts";

/** Which protected paths each command may not go into; a home may be given back to its owner. */
const MINDED = {
  chmod: ["root", "system", "home"],
  chown: ["root", "system"],
  chgrp: ["root", "system"],
  setfacl: ["root", "system", "home"],
  chattr: ["root", "system", "home"],
} as const satisfies Record<string, readonly Protection[]>;

/** A mode that lets all others write, or nobody do anything. */
const OPEN_OR_CLOSED =
  /^(?:[0-7]*[2367]|0+|[ugo]*[oa][ugo]*[+=][rwxXst]*w[rwxXst]*|\+[rwxXst]*w[rwxXst]*|a-.*)$/;

/** A mode that sets the user-id bit. */
const SET_USER_ID = /^(?:0?[4567][0-7]{3}|[uga]*[+=][rwxXt]*s[rwxXst]*)$/;

/** Programs that give their user a shell or any file. */
const GIVES_SHELL =
  /(?:^|\/)(?:ba|da|z|k|c|tc|fi)?sh$|(?:^|\/)(?:python[\d.]*|perl|ruby|node|vim?|find|cp|env|awk|tar|nano)$/;

/** Stops changes of rights that reach the system, and set-user-id on programs that give a shell. */
export function detectPermissions(call: Call, shell: Shell): Suspicion | undefined {
  if (!Object.hasOwn(MINDED, call.name)) return undefined;
  const options = readOptions(call.args, call.name === "setfacl" ? "-m -x -M -X" : "--reference --from");
  const modes = call.args.map((arg) => arg.text);
  const isChmod = call.name === "chmod";
  if (isChmod && modes.some((mode) => SET_USER_ID.test(mode))) {
    const program = options.operands.find((operand) => GIVES_SHELL.test(operand.text));
    if (program !== undefined) return { rule: "setuid", subject: program.text };
  }
  const isWide = isChmod && modes.some((mode) => OPEN_OR_CLOSED.test(mode));
  const isDeep = hasOption(options, "-R", "--recursive");
  return options.operands.map((target) => judge(target, { call, shell, isDeep, isWide })).find(Boolean);
}

function judge(
  target: Value,
  how: { readonly call: Call; readonly shell: Shell; readonly isDeep: boolean; readonly isWide: boolean },
): Suspicion | undefined {
  const { directory } = how.shell;
  const protection = protectionOf(target.text, directory) ?? lossIfUnset(target.text, directory);
  const minded: readonly Protection[] = MINDED[how.call.name as keyof typeof MINDED];
  const isMinded = protection !== undefined && minded.includes(protection);
  if (isMinded && (how.isDeep || how.isWide || protection === "root"))
    return { rule: "permissions-protected", subject: `${target.text}: ${PROTECTIONS[protection]}` };
  const danger = how.isWide ? writeDanger(target.text, directory) : undefined;
  return danger && { rule: danger, subject: target.text };
}
