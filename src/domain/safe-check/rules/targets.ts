import { globMatches, hasGlob, simplifyGlob } from "../glob.ts";
import { type CleanPath, cleanPath, isRelative, showPath } from "../paths.ts";
import { UNKNOWN, UNSET } from "../shell/value.ts";
import {
  HARMLESS_DEVICES,
  KEPT_IN_HOME,
  LOST_IF_UNSET,
  type Protection,
  SCRATCH_DIRECTORIES,
  SYSTEM_DIRECTORIES,
  SYSTEM_FILES,
  TOP_DIRECTORIES,
} from "./protected-paths.ts";

/** `/home/$X`, `~/$X/`: the directory in front, if the variable is empty. */
const TAIL_UNSET = new RegExp(`^(.*/)${UNSET}+[/*]*$`);

/** The repository here or above, and those parts of any repository that are its history. */
const HISTORY =
  /^(?:\.\.\/)*\.g(?:it|i?\*)$|(?:^|\/)\.git\/(?:objects(?:\/pack)?|refs(?:\/heads|\/tags)?|logs|HEAD|packed-refs)$/;

/** Longest path that the system takes: a longer one names no file. */
const LONGEST_PATH = 4_096;

/**
 * Says what is lost when the variables in a path, or in the directory that it is in, are empty: `$X/lib` is
 * `/lib` then, `$X*` is everything here, and so is `*` after `cd "$X"`. Nothing for a path without such a variable.
 */
export function lossIfUnset(path: string, directory: string): Protection | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const isInside = isRelative(path) && !path.startsWith(UNSET);
  if (isInside && directory === UNSET)
    return onlyHere(path.replaceAll(UNSET, ""), { directory: ".", isWhole: true });
  const whole = isInside && directory.startsWith(UNSET) ? `${directory}/${path}` : path;
  const rest = whole.replaceAll(UNSET, "");
  if (rest === "" || rest === whole || !isRelative(whole)) return undefined;
  return rest.startsWith("/") ? ofRoot(rest) : onlyHere(rest, { directory, isWhole: false });
}

function ofRoot(path: string): Protection | undefined {
  const protection = protectionOf(path, ".");
  if (protection === "root" || protection === "system" || protection === "home") return protection;
  return LOST_IF_UNSET.some((known) => known === showPath(cleanPath(path, "."))) ? "top" : undefined;
}

/** `rm` refuses `./` by itself: only the contents are lost, or all after a `cd` that led nowhere. */
function onlyHere(
  path: string,
  how: { readonly directory: string; readonly isWhole: boolean },
): Protection | undefined {
  const protection = protectionOf(path, how.directory);
  if (protection !== "here" && protection !== "above") return undefined;
  return how.isWhole || cleanPath(path, how.directory).isContents ? protection : undefined;
}

/** Says what is lost when everything at or in a path is lost; nothing for an ordinary path. */
export function protectionOf(path: string, directory: string): Protection | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const front = TAIL_UNSET.exec(path)?.[1];
  if (front !== undefined && /^[/~]/.test(front)) return protectionOfFront(front, directory);
  const clean = cleanPath(path, directory);
  if (clean.segments.at(-1) === ".mai") return "shared";
  if (clean.base === "~") return protectionInHome(clean);
  return clean.base === "/" ? protectionOfAbsolute(clean) : protectionOfRelative(clean);
}

/** Says whether writing to a path would change a device or a file of the system. */
export function writeDanger(path: string, directory: string): "write-device" | "write-system" | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const shown = showPath(cleanPath(path, directory));
  if (shown.startsWith("/dev/") && !HARMLESS_DEVICES.test(shown.slice("/dev/".length))) return "write-device";
  const isSystem = SYSTEM_FILES.some((file) => globMatches(file, shown) || matchesFixed(shown, file));
  return isSystem ? "write-system" : undefined;
}

function protectionOfFront(front: string, directory: string): Protection | undefined {
  const protection = protectionOf(front, directory);
  return protection === "top" ? undefined : protection;
}

function protectionInHome(path: CleanPath): Protection | undefined {
  if (path.segments.length === 0) return "home";
  const shown = path.segments.join("/");
  return KEPT_IN_HOME.some((kept) => kept === shown) ? "kept" : undefined;
}

function protectionOfRelative(path: CleanPath): Protection | undefined {
  const [first] = path.segments;
  if (first === undefined) return "here";
  if (path.segments.every((segment) => segment === "..")) return "above";
  return HISTORY.test(path.segments.join("/")) ? "repository" : undefined;
}

function protectionOfAbsolute(path: CleanPath): Protection | undefined {
  const [first] = path.segments;
  if (first === undefined || (hasGlob(first) && path.segments.length <= 2)) return "root";
  const shown = showPath(path);
  if (SYSTEM_DIRECTORIES.some((known) => matchesFixed(shown, known))) return "system";
  if (SCRATCH_DIRECTORIES.some((known) => known === shown)) return path.isContents ? undefined : "top";
  const isTop = path.segments.length === 1 && !first.includes(UNKNOWN) && !first.includes(UNSET);
  return isTop || TOP_DIRECTORIES.some((known) => known === shown) ? "top" : undefined;
}

function matchesFixed(path: string, known: string): boolean {
  if (!hasGlob(path)) return path === known;
  return path.split("/").length === known.split("/").length && globMatches(simplifyGlob(path), known);
}
