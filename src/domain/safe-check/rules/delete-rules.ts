import { changeDirectory } from "../paths.ts";
import type { Call } from "../programs/call.ts";
import { hasOption, type Options, readOptions, valuesOf } from "../programs/options.ts";
import type { Shell } from "../shell/shell.ts";
import type { Value } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";
import { isKeptFile } from "./kept-files.ts";
import { PROTECTIONS, type Protection } from "./protected-paths.ts";
import { lossIfUnset, protectionOf } from "./targets.ts";

/** Commands that remove, with the options that make them go into directories (`always`: they do anyway). */
const DELETERS = {
  rm: { recursive: ["-r", "-R", "--recursive"] },
  rimraf: { recursive: "always" },
  "del-cli": { recursive: "always" },
  del: { recursive: "always" },
  srm: { recursive: ["-r", "-R", "--recursive"] },
  wipe: { recursive: ["-r"] },
  shred: { recursive: [] },
  truncate: { recursive: [] },
  unlink: { recursive: [] },
  rmdir: { recursive: [] },
  "?": { recursive: ["-r", "-R", "--recursive"] },
} as const satisfies Record<string, { readonly recursive: "always" | readonly string[] }>;

const ALL_PROTECTIONS = Object.keys(PROTECTIONS) as readonly Protection[];
const MINDED_IN_FLAT: readonly Protection[] = ["root", "system", "home"];
const MINDED_BY_SHREDDING: readonly Protection[] = [
  ...MINDED_IN_FLAT,
  "here",
  "kept",
  "repository",
  "shared",
];
const MINDED_BY_MOVE: readonly Protection[] = ["root", "system", "home", "shared"];

/** Stops removals of protected paths, whatever the order and form of the options. */
export function detectDelete(call: Call, shell: Shell): Suspicion | undefined {
  if (!isDeleter(call.name)) return undefined;
  const options = readOptions(call.args, "-n --iterations -s --size");
  if (options.given.has("--no-preserve-root")) return { rule: "delete-protected", subject: PROTECTIONS.root };
  const isRecursive = goesDeep(call.name, options);
  if (call.name === "?" && !isRecursive) return undefined;
  const kept = options.operands.find(({ text }) => isKeptFile(text, shell.directory));
  if (kept !== undefined) return { rule: "delete-protected", subject: kept.text };
  const minded = isRecursive
    ? ALL_PROTECTIONS
    : /^(?:shred|truncate|wipe)$/.test(call.name)
      ? MINDED_BY_SHREDDING
      : MINDED_IN_FLAT;
  const trees = options.operands.filter((operand) => operand.origins.includes("tree"));
  return (
    firstLoss(options.operands, { minded, directory: shell.directory }) ??
    firstLoss(trees, { minded: ALL_PROTECTIONS, directory: shell.directory })
  );
}

/** Stops programs that remove what they pack: `zip -m`, `tar --remove-files`, `7z -sdel`, `rar m`. */
export function detectPacking(call: Call, shell: Shell): Suspicion | undefined {
  const isTar = /tar$/.test(call.name);
  const options = readOptions(call.args, isTar ? "-C --directory -f --file" : "");
  if (!removesPacked(call, options)) return undefined;
  const [into] = isTar ? valuesOf(options, ["-C", "--directory"]) : [];
  const directory = into === undefined ? shell.directory : changeDirectory(shell.directory, into.text);
  return firstLoss(options.operands, { minded: ALL_PROTECTIONS, directory });
}

function removesPacked(call: Call, options: Options): boolean {
  const words = call.args.map((arg) => arg.text);
  if (call.name === "zip") return hasOption(options, "-m", "--move");
  if (/tar$/.test(call.name)) return hasOption(options, "--remove-files");
  if (call.name === "rar") return words[0] === "m" || words[0] === "mf" || words.includes("-df");
  return words.includes("-sdel");
}

/** Stops `mv` of protected paths, and of anything into `/dev/null`. */
export function detectMove(call: Call, shell: Shell): Suspicion | undefined {
  const options = readOptions(call.args, "-t --target-directory -S --suffix");
  const [into] = valuesOf(options, ["-t", "--target-directory"]);
  const target = into ?? options.operands.at(-1);
  const sources = into === undefined ? options.operands.slice(0, -1) : options.operands;
  if (target?.text === "/dev/null") return { rule: "move-protected", subject: "/dev/null keeps nothing" };
  const loss = firstLoss(sources, { minded: MINDED_BY_MOVE, directory: shell.directory });
  return loss && { ...loss, rule: "move-protected" };
}

/** Stops `rsync --delete` into a protected directory. */
export function detectSync(call: Call, shell: Shell): Suspicion | undefined {
  const options = readOptions(call.args, "-e --rsh --exclude --include -f --filter --exclude-from");
  if (options.given.has("--remove-source-files")) {
    const loss = firstLoss(options.operands.slice(0, -1), {
      minded: ALL_PROTECTIONS,
      directory: shell.directory,
    });
    if (loss !== undefined) return loss;
  }
  const isDeleting = [...options.given].some((option) => option.startsWith("--del"));
  const target = options.operands.at(-1);
  if (!isDeleting || target === undefined) return undefined;
  const isEmptying = options.operands.length > 1 && /(?:^|\/)empty\/?$/.test(options.operands[0]?.text ?? "");
  const minded: readonly Protection[] = isEmptying
    ? ALL_PROTECTIONS
    : ["root", "system", "home", "top", "kept", "repository", "shared"];
  return firstLoss([target], { minded, directory: shell.directory });
}

/** Tells whether a command removes its operands. */
export function isDeleter(name: string): name is keyof typeof DELETERS {
  return Object.hasOwn(DELETERS, name);
}

/** Finds the first of some paths whose loss is minded. */
export function firstLoss(
  targets: readonly Value[],
  how: { readonly minded: readonly Protection[]; readonly directory: string },
): Suspicion | undefined {
  for (const { text } of targets) {
    const unset = lossIfUnset(text, how.directory);
    if (unset !== undefined && how.minded.includes(unset))
      return { rule: "delete-unset", subject: PROTECTIONS[unset] };
    const protection = text === "" ? undefined : protectionOf(text, how.directory);
    if (protection !== undefined && how.minded.includes(protection))
      return { rule: "delete-protected", subject: `${text}: ${PROTECTIONS[protection]}` };
  }
  return undefined;
}

function goesDeep(name: keyof typeof DELETERS, options: Options): boolean {
  const { recursive } = DELETERS[name];
  return recursive === "always" || hasOption(options, ...recursive);
}
