import { type FileSystem, O_NONBLOCK, O_RDONLY } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { notAFile } from "./read-file.ts";

/** Bytes of a large file that are looked at together. */
const PIECE_BYTES = 262_144;

/** Returns SHA-256 of text (as UTF-8) or bytes, in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(data).digest("hex");
}

/** Returns the digest of a file's bytes, null for a file that is not there. */
export function digestOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : sha256(bytes);
}

/**
 * Returns size and SHA-256 of a file of any size, null when there is none; symbolic links are followed, and it never
 * waits on a FIFO.
 * @throws CORRUPT_FILE when it is no regular file
 */
export function digestOfFile(
  fs: FileSystem,
  path: string,
): { readonly bytes: number; readonly sha256: string } | null {
  const fd = openOrNull(fs, path);
  if (fd === null) return null;
  try {
    if (!fs.fstatSync(fd).isFile()) throw notAFile(path);
    const hasher = new Bun.CryptoHasher("sha256");
    const piece = Buffer.alloc(PIECE_BYTES);
    let bytes = 0;
    for (;;) {
      const read = fs.readSync(fd, piece, 0, piece.length, null);
      if (read === 0) return { bytes, sha256: hasher.digest("hex") };
      hasher.update(piece.subarray(0, read));
      bytes += read;
    }
  } finally {
    fs.closeSync(fd);
  }
}

function openOrNull(fs: FileSystem, path: string): number | null {
  try {
    return fs.openSync(path, O_RDONLY | O_NONBLOCK);
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return null;
    throw error;
  }
}

/** Returns a quick digest of text, for recognising what was torn: nothing that anybody would forge. */
export function checksum(text: string): string {
  return Bun.hash(text).toString(36);
}
