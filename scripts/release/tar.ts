/** Is one file of an archive. */
export interface TarFile {
  /** Its path in the archive, with `/`, at most 100 bytes. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;

// 2000-01-01T00:00:00Z: any fixed time would do, and tar programs warn about 1970.
const FIXED_MTIME_SECONDS = 946_684_800;

/**
 * Writes a tar archive in the POSIX ustar format
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06), in the order of the files,
 * all owned by root and with one fixed time: the same files give the same bytes.
 * @throws Error when a path does not fit the format.
 */
export function tarArchive(files: readonly TarFile[]): Uint8Array {
  const blocks = files.flatMap((file) => [header(file), file.content, padding(file.content.length)]);
  return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((BLOCK - (length % BLOCK)) % BLOCK);
}

function header(file: TarFile): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(file.path) > 100) throw new Error(`too long for a tar header: ${file.path}`);
  block.write(file.path, 0);
  writeOctal(block, { at: 100, digits: 7, value: file.mode });
  writeOctal(block, { at: 108, digits: 7, value: 0 });
  writeOctal(block, { at: 116, digits: 7, value: 0 });
  writeOctal(block, { at: 124, digits: 11, value: file.content.length });
  writeOctal(block, { at: 136, digits: 11, value: FIXED_MTIME_SECONDS });
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  block.write("root", 265);
  block.write("root", 297);
  writeChecksum(block);
  return block;
}

function writeOctal(
  block: Buffer,
  field: { readonly at: number; readonly digits: number; readonly value: number },
) {
  block.write(field.value.toString(8).padStart(field.digits, "0"), field.at);
}

// The sum of all bytes of the header, its own field counted as spaces.
function writeChecksum(block: Buffer) {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148);
}
