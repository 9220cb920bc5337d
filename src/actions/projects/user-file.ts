import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import { resolvePath } from "../../store/places/find-project.ts";
import { readBytes } from "../../store/read-file.ts";
import { decodeUtf8 } from "../../store/utf8.ts";
import type { Call } from "../call.ts";

/**
 * Reads a file that the command line names, relative to the current directory.
 * @throws NOT_FOUND, INVALID_TEXT when it is no UTF-8
 */
export function readUserFile(call: Call, cwd: string, path: string): string {
  const { fs } = call.workspace.system;
  try {
    const bytes = readBytes(fs, resolvePath(cwd, path), "followed");
    if (bytes !== null) return decodeUtf8(bytes, path);
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof MaiError)) throw error;
    throw new MaiError("INVALID_TEXT", `Cannot read ${path}: ${error.message}`, { cause: error });
  }
  throw new MaiError("NOT_FOUND", `There is no file ${path}.`, { fields: { path } });
}
