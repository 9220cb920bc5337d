import { MaiError } from "../../domain/errors.ts";
import { decodeUtf8 } from "../utf8.ts";

/** Most that one compressed file may unpack to, in bytes: a day's log is far from it, a hostile file is not. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Compresses text; the same text gives the same bytes, without name and time. */
export function gzipText(text: string): Uint8Array {
  return Bun.gzipSync(Buffer.from(text));
}

/**
 * Unpacks text.
 * @throws CORRUPT_FILE when the bytes are no gzip file, a torn one, no UTF-8, or unpack to more than a log can be
 */
export function gunzipText(bytes: Uint8Array, path: string): string {
  return decodeUtf8(unpackedBytes(bytes, path), path);
}

/**
 * Unpacks bytes.
 * @throws CORRUPT_FILE as {@link gunzipText} does
 */
export function unpackedBytes(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return loadZlib().gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    throw new MaiError("CORRUPT_FILE", `${path} cannot be unpacked.`, {
      hint: "Take the file from a backup; mai leaves it as it is.",
      fields: { path },
      cause: error,
    });
  }
}

/** Loaded late: few commands look into the archive. */
function loadZlib(): typeof import("node:zlib") {
  return require("node:zlib");
}
