import { UNKNOWN, UNSET } from "./shell/value.ts";

/** A path without `.`, `..` and doubled slashes; `isContents` when it names all that is in a directory (`/*`). */
export interface CleanPath {
  readonly base: "/" | "~" | ".";
  readonly segments: readonly string[];
  readonly isContents: boolean;
}

/** Globs that match all, or all hidden, entries of a directory. */
const ALL_ENTRIES = /^(?:\*+|\?\*|\.\*|\.\?+\*|\.\[[^\]]*\]\*|\.\[[^\]]*\]|\.\.\?\*|!\(.*\))$/;

/** Resolves a path against the directory that `cd` has led to, and cleans it. */
export function cleanPath(path: string, directory: string): CleanPath {
  const whole = isRelative(path) ? `${directory}/${path}` : path;
  const home = /^(?:~[^/]*|\$\{?HOME\}?)(?=\/|$)/.exec(whole);
  const base = home !== null ? "~" : whole.startsWith("/") ? "/" : ".";
  const rest = home === null ? whole : whole.slice(home[0].length);
  const cleaned = climb(rest.split("/"), base);
  return foldHome({ base: cleaned.base, ...splitContents(cleaned.segments) });
}

/** Joins a directory change onto the present directory. */
export function changeDirectory(directory: string, target: string): string {
  if (target === "-" || target.includes(UNKNOWN)) return UNKNOWN;
  if (target.includes(UNSET)) return directoryIfUnset(target);
  const { base, segments, isContents } = cleanPath(target, directory);
  const path = [base === "/" ? "" : base, ...segments, ...(isContents ? ["*"] : [])].join("/");
  return path === "" ? "/" : path;
}

/** `cd "$X"` leads nowhere if the variable is empty, `cd "$X/lib"` to `/lib`: what is unset stays in front. */
function directoryIfUnset(target: string): string {
  const rest = target.replaceAll(UNSET, "");
  if (rest === "") return UNSET;
  return target.startsWith(UNSET) && rest.startsWith("/") ? `${UNSET}${rest}` : UNKNOWN;
}

/** Writes a clean path as people write it. */
export function showPath(path: CleanPath): string {
  return `${path.base === "/" ? "" : path.base}/${path.segments.join("/")}`;
}

/** Names one file of the line's own making, however its path is written. */
export function fileKey(path: string, directory: string): string {
  const clean = cleanPath(path, directory);
  return `${clean.base}:${clean.segments.join("/")}`;
}

/** Tells whether a path starts neither at the root nor at a home. */
export function isRelative(path: string): boolean {
  return !/^(?:[/~]|\$\{?HOME\b)/.test(path);
}

function climb(
  raw: readonly string[],
  base: CleanPath["base"],
): { base: CleanPath["base"]; segments: readonly string[] } {
  const segments: string[] = [];
  let root: CleanPath["base"] = base;
  for (const segment of raw) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else if (root === ".") segments.push("..");
    else if (root === "~") {
      root = "/";
      segments.push("home");
    }
  }
  return { base: root, segments };
}

function splitContents(segments: readonly string[]): Pick<CleanPath, "segments" | "isContents"> {
  let end = segments.length;
  while (end > 0 && ALL_ENTRIES.test(segments[end - 1] ?? "")) end--;
  return { segments: segments.slice(0, end), isContents: end < segments.length };
}

/** `/home/alice/x`, `/Users/alice/x` and `/root/x` are a home as `~/x` is. */
function foldHome(path: CleanPath): CleanPath {
  const [first, second] = path.segments;
  if (path.base !== "/") return path;
  if (first === "root") return { ...path, base: "~", segments: path.segments.slice(1) };
  if ((first === "home" || first === "Users") && second !== undefined)
    return { ...path, base: "~", segments: path.segments.slice(2) };
  return path;
}
