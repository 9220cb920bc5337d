/** One entry of an archive; its content follows the header, padded to whole blocks. */
export interface TarEntry {
  readonly kind: "file" | "directory" | "link";
  /** With `/`; of a directory without one at the end. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeSeconds: number;
  /** Bytes of a file; 0 for other kinds. */
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner?: string;
  readonly group?: string;
  /** What a symbolic link points at. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPES = { file: "0", link: "2", directory: "5" } as const satisfies Record<TarEntry["kind"], string>;
const NAME_BYTES = 100;
/** Largest number that the seven octal digits of an owner hold. */
const LARGEST_ID = 0o7777777;

/** Ends an archive. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

/**
 * Writes the header of an entry in the POSIX ustar format, after one in the pax format where a path or an owner does
 * not fit (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_01).
 */
export function tarHeader(entry: TarEntry): Uint8Array {
  const records = paxRecords(entry);
  const plain = ustarHeader({
    ...entry,
    path: entry.kind === "directory" ? `${entry.path}/` : entry.path,
    uid: Math.min(entry.uid, LARGEST_ID),
    gid: Math.min(entry.gid, LARGEST_ID),
    type: TYPES[entry.kind],
  });
  if (records.length === 0) return plain;
  const extended = ustarHeader({
    ...{ path: "pax", mode: 0o600, mtimeSeconds: entry.mtimeSeconds, uid: 0, gid: 0 },
    ...{ size: records.length, type: "x" },
  });
  return Buffer.concat([extended, records, tarPadding(records.length), plain]);
}

/** Returns what fills the last block of a content. */
export function tarPadding(length: number): Uint8Array {
  return new Uint8Array((BLOCK - (length % BLOCK)) % BLOCK);
}

function paxRecords({ kind, path, target = "", uid, gid }: TarEntry): Uint8Array {
  const name = kind === "directory" ? `${path}/` : path;
  return Buffer.concat([
    ...(Buffer.byteLength(name) > NAME_BYTES ? [paxRecord("path", name)] : []),
    ...(Buffer.byteLength(target) > NAME_BYTES ? [paxRecord("linkpath", target)] : []),
    ...(uid > LARGEST_ID ? [paxRecord("uid", String(uid))] : []),
    ...(gid > LARGEST_ID ? [paxRecord("gid", String(gid))] : []),
  ]);
}

/** Its length stands in front and counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function ustarHeader(entry: Omit<TarEntry, "kind"> & { readonly type: string }): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(entry.path, 0, NAME_BYTES);
  writeOctal(block, { at: 100, digits: 7, value: entry.mode });
  writeOctal(block, { at: 108, digits: 7, value: entry.uid });
  writeOctal(block, { at: 116, digits: 7, value: entry.gid });
  writeOctal(block, { at: 124, digits: 11, value: entry.size });
  writeOctal(block, { at: 136, digits: 11, value: Math.max(0, entry.mtimeSeconds) });
  block.write(entry.type, 156);
  block.write(entry.target ?? "", 157, NAME_BYTES);
  block.write("ustar\x0000", 257);
  block.write(entry.owner ?? "", 265, 31);
  block.write(entry.group ?? "", 297, 31);
  writeChecksum(block);
  return block;
}

function writeOctal(
  block: Buffer,
  field: { readonly at: number; readonly digits: number; readonly value: number },
): void {
  block.write(field.value.toString(8).padStart(field.digits, "0"), field.at);
}

/** The sum of all bytes of the header, its own field counted as spaces. */
function writeChecksum(block: Buffer): void {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\x00 `, 148);
}
