/** Bytes before the hash in an entry: times, device, inode, mode, owner, size. */
const STAT_BYTES = 40;
const HEADER_BYTES = 12;
const EXTENDED = 0x4000;

/**
 * Returns the paths that git tracks, from the bytes of its index (versions 2 to 4); null when it is of another kind
 * or cut off.
 * @param hashBytes 20 for SHA-1, 32 for SHA-256
 * @see https://git-scm.com/docs/index-format
 */
export function trackedPaths(bytes: Uint8Array, hashBytes: 20 | 32): readonly string[] | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < HEADER_BYTES || data.toString("latin1", 0, 4) !== "DIRC") return null;
  const version = data.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths: string[] = [];
  let at = HEADER_BYTES;
  let before = Buffer.alloc(0);
  for (let left = data.readUInt32BE(8); left > 0; left -= 1) {
    const entry = readEntry(data, { at, version, hashBytes, before });
    if (entry === null) return null;
    paths.push(entry.name.toString("utf8"));
    before = entry.name;
    at = entry.end;
  }
  return paths;
}

interface EntryPlace {
  readonly at: number;
  readonly version: number;
  readonly hashBytes: number;
  /** Name of the entry before: version 4 repeats only what differs. */
  readonly before: Buffer;
}

function readEntry(data: Buffer, place: EntryPlace): { name: Buffer<ArrayBuffer>; end: number } | null {
  const flagsAt = place.at + STAT_BYTES + place.hashBytes;
  if (flagsAt + 2 > data.length) return null;
  const extended = place.version >= 3 && (data.readUInt16BE(flagsAt) & EXTENDED) !== 0;
  const nameAt = flagsAt + (extended ? 4 : 2);
  const kept = place.version === 4 ? readKept(data, nameAt, place.before.length) : { length: 0, end: nameAt };
  const nul = data.indexOf(0, kept.end);
  if (nul === -1) return null;
  const name = Buffer.concat([place.before.subarray(0, kept.length), data.subarray(kept.end, nul)]);
  // Versions 2 and 3 fill up with 1 to 8 NULs to a multiple of eight.
  const end = place.version === 4 ? nul + 1 : place.at + (((nul - place.at) >> 3) + 1) * 8;
  return { name, end };
}

/** A number of variable length says how many bytes of the name before are dropped. */
function readKept(data: Buffer, at: number, before: number): { length: number; end: number } {
  let position = at;
  let byte = data[position] ?? 0;
  let dropped = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    position += 1;
    byte = data[position] ?? 0;
    dropped = ((dropped + 1) << 7) | (byte & 0x7f);
  }
  return { length: Math.max(0, before - dropped), end: position + 1 };
}
