import type { Call } from "../programs/call.ts";
import { hasOption, type Options, readOptions, valuesOf } from "../programs/options.ts";
import type { Shell } from "../shell/shell.ts";
import type { Value } from "../shell/value.ts";
import type { Suspicion } from "./finding.ts";
import { PROTECTIONS, type Protection } from "./protected-paths.ts";
import { isRootIfUnset, protectionOf } from "./targets.ts";

/** Commands that remove, with the options that make them go into directories (`always`: they do anyway). */
const DELETERS = {
  rm: { recursive: ["-r", "-R", "--recursive"] },
  rimraf: { recursive: "always" },
  "del-cli": { recursive: "always" },
  del: { recursive: "always" },
  srm: { recursive: ["-r", "-R", "--recursive"] },
  wipe: { recursive: ["-r"] },
  shred: { recursive: [] },
  unlink: { recursive: [] },
  rmdir: { recursive: [] },
  "?": { recursive: ["-r", "-R", "--recursive"] },
} as const satisfies Record<string, { readonly recursive: "always" | readonly string[] }>;

const ALL_PROTECTIONS = Object.keys(PROTECTIONS) as readonly Protection[];
const MINDED_IN_FLAT: readonly Protection[] = ["root", "system", "home"];
const MINDED_BY_MOVE: readonly Protection[] = ["root", "system", "home", "shared"];

/** Stops removals of protected paths, whatever the order and form of the options. */
export function detectDelete(call: Call, shell: Shell): Suspicion | undefined {
  if (!isDeleter(call.name)) return undefined;
  const options = readOptions(call.args, "-n --iterations -s --size");
  if (options.given.has("--no-preserve-root")) return { rule: "delete-protected", subject: PROTECTIONS.root };
  const isRecursive = goesDeep(call.name, options);
  if (call.name === "?" && !isRecursive) return undefined;
  const minded = isRecursive ? ALL_PROTECTIONS : MINDED_IN_FLAT;
  return firstLoss(options.operands, { minded, directory: shell.directory });
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
  const isDeleting = [...options.given].some((option) => option.startsWith("--del"));
  const target = options.operands.at(-1);
  if (!isDeleting || target === undefined) return undefined;
  return firstLoss([target], { minded: ["root", "system", "home", "top"], directory: shell.directory });
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
    if (isRootIfUnset(text)) return { rule: "delete-unset" };
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
