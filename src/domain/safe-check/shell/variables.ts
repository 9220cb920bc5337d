import type { Shell } from "./shell.ts";
import { concat, LONGEST_VALUE, literal, NOTHING, UNSET, unknown, type Value } from "./value.ts";

/** Variables that every shell or runner sets: not empty, and their value mostly unknown. */
const ALWAYS_SET = {
  HOME: literal("~"),
  SHELL: literal("bash"),
  BASH: literal("bash"),
  IFS: literal(" \t\n"),
  USER: unknown(),
  LOGNAME: unknown(),
  HOSTNAME: unknown(),
  PATH: literal("/usr/local/bin:/usr/bin:/bin"),
  UID: unknown(),
  EUID: unknown(),
  PPID: unknown(),
  RANDOM: unknown(),
  SECONDS: unknown(),
  LINENO: unknown(),
  TMPDIR: unknown(),
  RUNNER_TEMP: unknown(),
  GITHUB_WORKSPACE: unknown(),
  CI_PROJECT_DIR: unknown(),
} as const satisfies Record<string, Value>;

const SPECIAL_PARAMETERS: ReadonlySet<string> = new Set(["?", "$", "!", "-", "_"]);

/** Reads a parameter as the shell would: its values (several for an array or for `$@`), or unset. */
export function readParameter(name: string, shell: Shell): readonly Value[] {
  if (name === "@" || name === "*") return shell.positional;
  if (name === "#") return [literal(String(shell.positional.length))];
  if (name === "0") return [literal("bash")];
  if (/^[0-9]+$/.test(name))
    return shell.variables.get(name) ?? [shell.positional[Number(name) - 1] ?? NOTHING];
  if (SPECIAL_PARAMETERS.has(name)) return [unknown()];
  return shell.variables.get(name) ?? readOutside(name, shell);
}

/** Reads a parameter where `set -u` counts: a variable that nothing sets stops the shell, so it is never empty. */
export function readOrStop(name: string, shell: Shell): readonly Value[] {
  const values = readParameter(name, shell);
  if (!shell.stopsAtUnset || shell.variables.has(name)) return values;
  return values.map((value) => (value.text === UNSET ? unknown() : value));
}

/** Reads a parameter as one text. */
export function readScalar(name: string, shell: Shell): Value {
  const values = readParameter(name, shell);
  return name === "@" || name === "*" ? concat(values, " ") : (values[0] ?? NOTHING);
}

/** Sets a variable. */
export function assign(
  shell: Shell,
  assignment: { readonly name: string; readonly values: readonly Value[] },
): void {
  const kept = assignment.values.map((value) =>
    value.text.length > LONGEST_VALUE ? unknown(value.origins) : value,
  );
  shell.variables.set(assignment.name, kept);
}

function readOutside(name: string, shell: Shell): readonly Value[] {
  if (name === "PWD") return [literal(shell.directory)];
  if (Object.hasOwn(ALWAYS_SET, name)) return [ALWAYS_SET[name as keyof typeof ALWAYS_SET]];
  return [literal(UNSET)];
}
