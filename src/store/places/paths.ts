import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../io-error.ts";
import type { System } from "../system.ts";

/** Returns the absolute form of a path that may be relative to `cwd`, without `.` and `..`. @throws INVALID_NAME */
export function resolvePath(cwd: string, path: string): string {
  if (path.includes("\0")) throw new MaiError("INVALID_NAME", "A path cannot hold a NUL character.");
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : `${cwd}/`}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Returns a path without symbolic links; the path itself where it leads nowhere. */
export function realPath(system: System, path: string): string {
  try {
    return system.fs.realpathSync(path);
  } catch (error) {
    if (isSystemError(error)) return path;
    throw error;
  }
}

/** Returns the directory that holds a file or directory; that of `/` is `/`. */
export function parentDirectory(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Returns the path of a name in a directory. */
export function inDirectory(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** What stat(2) says of a path under which there is nothing for us. */
const NOTHING_THERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG"]);

/** Tells whether a path is a regular file or something else, without following a link; null when nothing is there for us. */
export function kindOf(system: System, path: string): "file" | "other" | null {
  try {
    const stat = system.fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    return stat.isFile() ? "file" : "other";
  } catch (error) {
    if (isSystemError(error) && NOTHING_THERE.has(error.code)) return null;
    throw error;
  }
}
