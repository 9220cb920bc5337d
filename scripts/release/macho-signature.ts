import { findSegment, type MachoFile, readMachoFile } from "./macho-file.ts";

/** Is what the check of a signature found: the file is signed well when there is no problem. */
export interface SignatureReport {
  readonly cpu: "x64" | "arm64";
  /** How many pages the signature covers, over all its code directories. */
  readonly pages: number;
  /** One sentence for each thing that macOS would refuse; at most the first few bad pages are named. */
  readonly problems: readonly string[];
}

const MAGIC_SUPER_BLOB = 0xfade0cc0;
const MAGIC_CODE_DIRECTORY = 0xfade0c02;
const VERSION_WITH_EXEC_SEGMENT = 0x20400;
const FLAGS_ADHOC_LINKER_SIGNED = 0x20002;
const EXEC_SEGMENT_MAIN_BINARY = 1n;
const HASH_SHA256 = 2;
const HASH_SIZE = 32;
const PAGE_SIZE_LOG2 = 12;
const DIRECTORY_HEADER_SIZE = 88;
const SUPER_BLOB_HEADER_SIZE = 20;
const SEGMENT_ALIGNMENT = 0x4000;
const NAMED_BAD_PAGES = 5;

/**
 * Checks the embedded signature of a Mach-O file: every page hash and every special slot of every code directory,
 * and that signature and link-edit segment end where the file ends. macOS kills a process as soon as it touches a
 * page whose hash is wrong. The structures are those of `kern/cs_blobs.h` in Apple's xnu.
 * @throws Error when the file is no thin 64-bit Mach-O file.
 */
export function verifyMachoSignature(file: Buffer): SignatureReport {
  const macho = readMachoFile(file);
  if (macho.signature === null) return { cpu: macho.cpu, pages: 0, problems: ["it has no signature"] };
  const blobs = signatureBlobs(file, macho.signature.fileOffset);
  const directories = blobs.filter((blob) => file.readUInt32BE(blob.offset) === MAGIC_CODE_DIRECTORY);
  const checks = directories.map((directory) => checkDirectory(file, { directory, blobs, macho }));
  return {
    cpu: macho.cpu,
    pages: checks.reduce((total, check) => total + check.pages, 0),
    problems: [
      ...layoutProblems(file, macho),
      ...(directories.length === 0 ? ["its signature has no code directory"] : []),
      ...checks.flatMap((check) => check.problems),
    ],
  };
}

/**
 * Signs a Mach-O file ad hoc, in place of the signature that it has, and returns the new file. Ad hoc means: hashes
 * that let macOS run it, and no identity. Identifier and content alone decide the bytes.
 * @throws Error when the file has no signature to replace, or has it anywhere but at its end.
 */
export function signMachoAdHoc(file: Buffer, identifier: string): Buffer {
  const macho = readMachoFile(file);
  if (macho.signature === null) throw new Error("the Mach-O file has no room for a signature");
  const { commandOffset, fileOffset: codeLimit } = macho.signature;
  const linkEdit = findSegment(macho, "__LINKEDIT");
  if (macho.signature.size + codeLimit !== file.length)
    throw new Error("the signature is not at the file's end");

  const size = signatureSize(codeLimit, identifier);
  const code = Buffer.from(file.subarray(0, codeLimit));
  code.writeUInt32LE(size, commandOffset + 12);
  const linkEditSize = codeLimit + size - linkEdit.fileOffset;
  const inMemory = Math.ceil(linkEditSize / SEGMENT_ALIGNMENT) * SEGMENT_ALIGNMENT;
  code.writeBigUInt64LE(BigInt(inMemory), linkEdit.commandOffset + 32);
  code.writeBigUInt64LE(BigInt(linkEditSize), linkEdit.commandOffset + 48);

  const directory = codeDirectory(code, { identifier, textSize: findSegment(macho, "__TEXT").fileSize });
  const signature = Buffer.alloc(size);
  superBlobHeader(directory.length).copy(signature);
  directory.copy(signature, SUPER_BLOB_HEADER_SIZE);
  return Buffer.concat([code, signature]);
}

interface Blob {
  /** What the blob is to the signature; a special slot when below 0x1000. */
  readonly slot: number;
  /** Offset in the file. */
  readonly offset: number;
  readonly size: number;
}

function signatureBlobs(file: Buffer, start: number): readonly Blob[] {
  if (file.readUInt32BE(start) !== MAGIC_SUPER_BLOB) return [];
  return Array.from({ length: file.readUInt32BE(start + 8) }, (_, index) => {
    const offset = start + file.readUInt32BE(start + 16 + index * 8);
    return { slot: file.readUInt32BE(start + 12 + index * 8), offset, size: file.readUInt32BE(offset + 4) };
  });
}

function layoutProblems(file: Buffer, macho: MachoFile): readonly string[] {
  const linkEdit = findSegment(macho, "__LINKEDIT");
  const signatureEnd = (macho.signature?.fileOffset ?? 0) + (macho.signature?.size ?? 0);
  const problems = [];
  if (signatureEnd !== file.length) problems.push("its signature does not end where the file ends");
  if (linkEdit.fileOffset + linkEdit.fileSize !== signatureEnd) {
    problems.push("its __LINKEDIT segment does not end where the signature ends");
  }
  return problems;
}

interface DirectoryUnderCheck {
  readonly directory: Blob;
  readonly blobs: readonly Blob[];
  readonly macho: MachoFile;
}

function checkDirectory(file: Buffer, { directory, blobs, macho }: DirectoryUnderCheck) {
  const at = directory.offset;
  const hashes = at + file.readUInt32BE(at + 16);
  const specialSlots = file.readUInt32BE(at + 24);
  const codeSlots = file.readUInt32BE(at + 28);
  const codeLimit = file.readUInt32BE(at + 32);
  const pageSize = 2 ** file.readUInt8(at + 39);
  if (file.readUInt8(at + 36) !== HASH_SIZE || file.readUInt8(at + 37) !== HASH_SHA256) {
    return { pages: codeSlots, problems: ["a code directory uses another hash than SHA-256"] };
  }
  const problems = [];
  if (codeLimit !== macho.signature?.fileOffset) {
    problems.push(`the signature covers ${codeLimit} bytes, not all ${macho.signature?.fileOffset}`);
  }
  if (codeSlots !== Math.ceil(codeLimit / pageSize)) {
    problems.push(`the signature has ${codeSlots} page hashes for ${codeLimit} bytes`);
  }
  problems.push(...badPages(file, { hashes, codeSlots, codeLimit, pageSize }));
  for (const blob of blobs) {
    if (blob.slot === 0 || blob.slot > specialSlots) continue;
    const content = file.subarray(blob.offset, blob.offset + blob.size);
    const expected = file.subarray(hashes - blob.slot * HASH_SIZE, hashes - (blob.slot - 1) * HASH_SIZE);
    if (!sha256(content).equals(expected)) problems.push(`special slot ${blob.slot} has a wrong hash`);
  }
  return { pages: codeSlots, problems };
}

interface PageTable {
  /** Offset of the first page's hash in the file. */
  readonly hashes: number;
  readonly codeSlots: number;
  readonly codeLimit: number;
  readonly pageSize: number;
}

function badPages(file: Buffer, table: PageTable): readonly string[] {
  const bad = Array.from({ length: table.codeSlots }, (_, page) => page).filter((page) => {
    const start = page * table.pageSize;
    const content = file.subarray(start, Math.min(start + table.pageSize, table.codeLimit));
    const at = table.hashes + page * HASH_SIZE;
    return !sha256(content).equals(file.subarray(at, at + HASH_SIZE));
  });
  if (bad.length === 0) return [];
  const named = bad.slice(0, NAMED_BAD_PAGES).join(", ");
  return [
    `${bad.length} of ${table.codeSlots} pages have a wrong hash (${named}${bad.length > 5 ? ", …" : ""})`,
  ];
}

function signatureSize(codeLimit: number, identifier: string): number {
  const pages = Math.ceil(codeLimit / 2 ** PAGE_SIZE_LOG2);
  const directory = DIRECTORY_HEADER_SIZE + Buffer.byteLength(identifier) + 1 + pages * HASH_SIZE;
  return Math.ceil((SUPER_BLOB_HEADER_SIZE + directory) / 16) * 16;
}

// One blob: a code directory in slot 0.
function superBlobHeader(directoryLength: number): Buffer {
  const words = [MAGIC_SUPER_BLOB, SUPER_BLOB_HEADER_SIZE + directoryLength, 1, 0, SUPER_BLOB_HEADER_SIZE];
  return bigEndianWords(words);
}

function codeDirectory(
  code: Buffer,
  options: { readonly identifier: string; readonly textSize: number },
): Buffer {
  const pageSize = 2 ** PAGE_SIZE_LOG2;
  const pages = Math.ceil(code.length / pageSize);
  const identifier = Buffer.from(`${options.identifier}\0`);
  const hashOffset = DIRECTORY_HEADER_SIZE + identifier.length;
  const length = hashOffset + pages * HASH_SIZE;
  const version = [MAGIC_CODE_DIRECTORY, length, VERSION_WITH_EXEC_SEGMENT, FLAGS_ADHOC_LINKER_SIGNED];
  const slots = [hashOffset, DIRECTORY_HEADER_SIZE, 0, pages, code.length];
  const header = Buffer.alloc(DIRECTORY_HEADER_SIZE);
  bigEndianWords([...version, ...slots]).copy(header);
  header.set([HASH_SIZE, HASH_SHA256, 0, PAGE_SIZE_LOG2], 36);
  header.writeBigUInt64BE(BigInt(options.textSize), 72);
  header.writeBigUInt64BE(EXEC_SEGMENT_MAIN_BINARY, 80);
  const hashes = Array.from({ length: pages }, (_, page) =>
    sha256(code.subarray(page * pageSize, (page + 1) * pageSize)),
  );
  return Buffer.concat([header, identifier, ...hashes]);
}

function bigEndianWords(words: readonly number[]): Buffer {
  const buffer = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) buffer.writeUInt32BE(word, index * 4);
  return buffer;
}

function sha256(content: Uint8Array): Buffer {
  return Buffer.from(new Bun.CryptoHasher("sha256").update(content).digest());
}
