import type { Call } from "../programs/call.ts";
import { hasOption, readOptions, valuesOf } from "../programs/options.ts";
import type { Shell } from "../shell/shell.ts";
import { literal, type Value } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";
import { isKeptFile } from "./kept-files.ts";
import { writeDanger } from "./targets.ts";

/** Where a command names the files that it writes. */
interface Writer {
  readonly operands?: "all" | "last";
  readonly options?: readonly string[];
  readonly valued?: string;
  /** The command only writes with this option. */
  readonly onlyWith?: readonly string[];
  /** An operand `of=PATH`. */
  readonly prefix?: string;
}

/** Commands that write, replace or remove the files they name. */
const WRITERS = {
  tee: { operands: "all" },
  truncate: { operands: "all", valued: "-s --size -r --reference" },
  shred: { operands: "all", valued: "-n --iterations -s --size" },
  rm: { operands: "all" },
  unlink: { operands: "all" },
  sponge: { operands: "all" },
  cp: { operands: "last", options: ["-t", "--target-directory"], valued: "-t --target-directory -S" },
  mv: { operands: "all", options: ["-t", "--target-directory"], valued: "-t --target-directory -S" },
  ln: { operands: "last", options: ["-t", "--target-directory"], valued: "-t --target-directory -S" },
  install: { operands: "last", options: ["-t"], valued: "-t -m --mode -o --owner -g --group" },
  rsync: { operands: "last", valued: "-e --rsh --exclude --include" },
  scp: { operands: "last", valued: "-i -P -o -F -l -c -J -S" },
  sed: { operands: "all", valued: "-e --expression -f --file", onlyWith: ["-i", "--in-place"] },
  perl: { operands: "all", valued: "-e -E -I -M", onlyWith: ["-i"] },
  ed: { operands: "all" },
  patch: { operands: "last", valued: "-i -p -d -o" },
  curl: { options: ["-o", "--output"], valued: "-o --output" },
  wget: { options: ["-O", "--output-document"], valued: "-O --output-document" },
  sort: { options: ["-o", "--output"], valued: "-o --output -k -t" },
  tar: { options: ["-f", "--file"], valued: "-f --file -C", onlyWith: ["-c", "-r", "-u", "--create"] },
  dd: { prefix: "of=" },
} as const satisfies Record<string, Writer>;

/** Stops writing to devices and to files of the system, by redirection or by a command that writes. */
export function detectWrites(call: Call, shell: Shell): Suspicion | undefined {
  const opened = call.redirects.filter((open) => open.operator.includes(">")).map((open) => open.path);
  const lost = emptiedFiles(call).find((path) => isKeptFile(path.text, shell.directory));
  if (lost !== undefined) return { rule: "delete-protected", subject: lost.text };
  return [...opened, ...writtenFiles(call)].map((path) => judge(path, shell)).find(Boolean);
}

/** `> FILE` without a command, `: > FILE`, `cat /dev/null > FILE`, `cp /dev/null FILE`. */
function emptiedFiles(call: Call): readonly Value[] {
  const readsNothing = call.args[0]?.text === "/dev/null";
  if (call.name === "cp" && readsNothing) return call.args.slice(1);
  const printsNothing = call.words.length === 0 || /^(?::|true)$/.test(call.name);
  return printsNothing || (call.name === "cat" && readsNothing)
    ? call.redirects.filter((open) => /^>\|?$/.test(open.operator)).map((open) => open.path)
    : [];
}

/** Lists the files that a call names for writing. */
export function writtenFiles(call: Call): readonly Value[] {
  const writer: Writer | undefined = Object.hasOwn(WRITERS, call.name)
    ? WRITERS[call.name as keyof typeof WRITERS]
    : undefined;
  if (writer === undefined) return [];
  const { prefix } = writer;
  if (prefix !== undefined) return namedByPrefix(call.args, prefix);
  const options = readOptions(call.args, writer.valued);
  if (writer.onlyWith !== undefined && !hasOption(options, ...writer.onlyWith)) return [];
  const named = valuesOf(options, writer.options ?? []);
  const last = options.operands.slice(-1);
  const operands = writer.operands === "all" ? options.operands : writer.operands === "last" ? last : [];
  const into = [...named, ...last].flatMap((directory) => entriesIn(directory, options.operands));
  return writer.operands === undefined ? named : [...operands, ...named, ...into];
}

function judge(path: Value, shell: Shell): Suspicion | undefined {
  const rule = writeDanger(path.text, shell.directory);
  return rule && { rule, subject: path.text };
}

function namedByPrefix(args: readonly Value[], prefix: string): readonly Value[] {
  return args
    .filter((arg) => arg.text.startsWith(prefix))
    .map((arg) => ({ ...arg, text: arg.text.slice(prefix.length) }));
}

/** `cp key /etc/sudoers.d/` writes `/etc/sudoers.d/key`. */
function entriesIn(directory: Value, sources: readonly Value[]): readonly Value[] {
  return sources
    .slice(0, 16)
    .map((source) => literal(`${directory.text}/${source.text.slice(source.text.lastIndexOf("/") + 1)}`));
}
