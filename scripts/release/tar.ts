import { TAR_END, tarHeader, tarPadding } from "../../src/codec/tar.ts";

/** Is one file of an archive. */
export interface TarFile {
  /** Its path in the archive, with `/`, at most 100 bytes. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

// 2000-01-01T00:00:00Z: any fixed time would do, and tar programs warn about 1970.
const FIXED_MTIME_SECONDS = 946_684_800;

/**
 * Writes a tar archive in the POSIX ustar format, in the order of the files, all owned by root and with one fixed time:
 * the same files give the same bytes.
 * @throws Error when a path does not fit the format.
 */
export function tarArchive(files: readonly TarFile[]): Uint8Array {
  const blocks = files.flatMap((file) => [header(file), file.content, tarPadding(file.content.length)]);
  return Buffer.concat([...blocks, TAR_END]);
}

function header({ path, content, mode }: TarFile): Uint8Array {
  if (Buffer.byteLength(path) > 100) throw new Error(`too long for a tar header: ${path}`);
  return tarHeader({
    ...{ kind: "file", path, mode, mtimeSeconds: FIXED_MTIME_SECONDS, size: content.length },
    ...{ uid: 0, gid: 0, owner: "root", group: "root" },
  });
}
