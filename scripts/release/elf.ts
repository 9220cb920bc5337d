/** Is what a Linux system has to have to start an ELF program. */
export interface ElfNeeds {
  readonly cpu: "x64" | "arm64";
  /** The path of the loader that the program asks for. */
  readonly interpreter: string;
  /** The shared libraries that it names, in its order. */
  readonly libraries: readonly string[];
  /** The symbol versions that it asks of them, as `GLIBC_2.17`. */
  readonly symbolVersions: readonly string[];
}

const MACHINES = new Map([
  [62, "x64"],
  [183, "arm64"],
] as const);
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const SEGMENT_INTERPRETER = 3;
const TAG_NEEDED = 1;
const TAG_STRING_TABLE = 5;
const TAG_VERSION_NEEDED = 0x6ffffffe;
const TAG_VERSION_NEEDED_COUNT = 0x6fffffff;

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads what a 64-bit little-endian ELF program needs. The structures are those of `elf.h` and the GNU symbol
 * versioning of the Linux Standard Base.
 * @throws Error when it is no such program.
 */
export function readElfNeeds(file: Buffer): ElfNeeds {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file.readUInt16BE(4) !== 0x0201) {
    throw new Error("no 64-bit little-endian ELF file");
  }
  const cpu = MACHINES.get(file.readUInt16LE(18) as 62);
  if (cpu === undefined) throw new Error(`unknown ELF machine ${file.readUInt16LE(18)}`);
  const segments = readSegments(file);
  const interpreter = segments.find((segment) => segment.kind === SEGMENT_INTERPRETER);
  const dynamic = segments.find((segment) => segment.kind === SEGMENT_DYNAMIC);
  if (interpreter === undefined || dynamic === undefined) throw new Error("no dynamically linked program");
  const tags = readTags(file, dynamic);
  const strings = fileOffset(segments, tagValue(tags, TAG_STRING_TABLE));
  return {
    cpu,
    interpreter: stringAt(file, interpreter.offset),
    libraries: tags.filter(([tag]) => tag === TAG_NEEDED).map(([, value]) => stringAt(file, strings + value)),
    symbolVersions: readVersions(file, { segments, tags, strings }),
  };
}

function readSegments(file: Buffer): readonly Segment[] {
  const table = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = table + index * size;
    return {
      kind: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function readTags(file: Buffer, dynamic: Segment): readonly (readonly [number, number])[] {
  return Array.from({ length: dynamic.size / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return [Number(file.readBigUInt64LE(at)), Number(file.readBigUInt64LE(at + 8))] as const;
  });
}

function tagValue(tags: readonly (readonly [number, number])[], wanted: number): number {
  return tags.find(([tag]) => tag === wanted)?.[1] ?? 0;
}

interface VersionTables {
  readonly segments: readonly Segment[];
  readonly tags: readonly (readonly [number, number])[];
  /** Offset of the string table in the file. */
  readonly strings: number;
}

// A chain of libraries, each with a chain of the versions asked of it.
function readVersions(file: Buffer, { segments, tags, strings }: VersionTables): readonly string[] {
  const count = tagValue(tags, TAG_VERSION_NEEDED_COUNT);
  const found = new Set<string>();
  let library = count === 0 ? 0 : fileOffset(segments, tagValue(tags, TAG_VERSION_NEEDED));
  for (let index = 0; index < count; index++) {
    let version = library + file.readUInt32LE(library + 8);
    for (let left = file.readUInt16LE(library + 2); left > 0; left--) {
      found.add(stringAt(file, strings + file.readUInt32LE(version + 8)));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return [...found].sort();
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const holder = segments.find(
    (segment) =>
      segment.kind === SEGMENT_LOAD && address >= segment.address && address < segment.address + segment.size,
  );
  if (holder === undefined) throw new Error(`no ELF segment holds address 0x${address.toString(16)}`);
  return address - holder.address + holder.offset;
}

function stringAt(file: Buffer, offset: number): string {
  return file.toString("latin1", offset, file.indexOf(0, offset));
}
