import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult, runCommand } from "../../../scripts/release/run-command.ts";
import { toolPath } from "../../../scripts/release/system-tool.ts";

/** Is the text of install.sh. */
export const INSTALLER = readFileSync(join(import.meta.dir, "..", "..", "..", "install.sh"), "utf8");

/** Lists the shells that the installer has to run under, as argument lists. */
export const SHELLS = [["dash"], ["busybox", "sh"], ["bash"]] as const;

/** Lists what the installer calls besides a downloader and a checksum tool. */
export const BASIC_TOOLS = [
  "uname",
  "ldd",
  "mkdir",
  "mktemp",
  "tar",
  "gzip",
  "cut",
  "mv",
  "rm",
  "cp",
  "cat",
  "sh",
];

/** Says how the installer is run: under which shell, in which scratch directory, with which variables. */
export interface Installation {
  readonly shell: readonly string[];
  /** Its home; `tools/` in it becomes the only directory on the PATH. */
  readonly scratch: string;
  readonly tools: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly script?: string;
  readonly arguments?: readonly string[];
  /** Put in front of the shell, as a change of user. */
  readonly prefix?: readonly string[];
}

/** Runs the installer as `curl … | sh` does, the script coming through standard input. */
export async function runInstaller(installation: Installation): Promise<CommandResult> {
  const [shell = "", ...shellArguments] = installation.shell;
  const path = toolDirectory(installation);
  const command = [toolPath(shell), ...shellArguments, "-s", "--", ...(installation.arguments ?? [])];
  return await runCommand([...(installation.prefix ?? []), ...command], {
    cwd: installation.scratch,
    env: { HOME: installation.scratch, PATH: path, ...installation.env },
    stdin: installation.script ?? INSTALLER,
  });
}

/**
 * Changes a part of the installer: how a test makes it believe that it runs elsewhere, since busybox's shell prefers
 * its own tools to those on the PATH.
 * @throws Error when the part is not there.
 */
export function editedInstaller(edits: Readonly<Record<string, string>>): string {
  return Object.entries(edits).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`install.sh has no ${from}`);
    return text.replaceAll(from, () => to);
  }, INSTALLER);
}

function toolDirectory({ scratch, tools }: Installation): string {
  const directory = join(scratch, `tools-${tools.length}-${tools.at(-1)}`);
  if (mkdirSync(directory, { recursive: true }) === undefined) return directory;
  for (const tool of tools) symlinkSync(toolPath(tool), join(directory, tool));
  return directory;
}
