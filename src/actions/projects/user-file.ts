import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import { resolvePath } from "../../store/places/paths.ts";
import { MOST_USER_BYTES, readBytes } from "../../store/read-file.ts";
import { decodeUtf8 } from "../../store/utf8.ts";
import type { Call } from "../call.ts";

/**
 * Reads a file that the command line names, relative to the current directory.
 * @throws NOT_FOUND, INVALID_TEXT when it is no UTF-8
 */
export function readUserFile(call: Call, cwd: string, path: string): string {
  return fromUserFile(cwd, path, (absolutePath) => {
    const bytes = readBytes(call.workspace.system.fs, absolutePath, "followed", undefined, MOST_USER_BYTES);
    return bytes === null ? null : decodeUtf8(bytes, path);
  });
}

/**
 * Looks into a file that the command line names, relative to the current directory.
 * @param look gets the absolute path; null where there is no such file
 * @throws NOT_FOUND, INVALID_TEXT when it cannot be read
 */
export function fromUserFile<Found>(
  cwd: string,
  path: string,
  look: (absolutePath: string) => Found | null,
): Found {
  const found = looked(path, () => look(resolvePath(cwd, path)));
  if (found !== null) return found;
  throw new MaiError("NOT_FOUND", `There is no file ${path}.`, {
    hint: "Paths count from the current directory.",
    fields: { path },
  });
}

function looked<Found>(path: string, look: () => Found): Found {
  try {
    return look();
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof MaiError)) throw error;
    throw new MaiError("INVALID_TEXT", `Cannot read ${path}: ${error.message}`, { cause: error });
  }
}
