/** Is one segment of a Mach-O file: where it lies in memory and in the file, in bytes. */
export interface MachoSegment {
  readonly name: string;
  /** Offset of its load command in the file. */
  readonly commandOffset: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

/** Is what a signer has to know of a 64-bit Mach-O file. */
export interface MachoFile {
  readonly cpu: "x64" | "arm64";
  readonly isExecutable: boolean;
  readonly segments: readonly MachoSegment[];
  /** Where the signature lies; null in an unsigned file. */
  readonly signature: {
    readonly commandOffset: number;
    readonly fileOffset: number;
    readonly size: number;
  } | null;
}

const MAGIC_64 = 0xfeedfacf;
const TYPE_EXECUTE = 2;
const HEADER_SIZE = 32;
const COMMAND_SEGMENT_64 = 0x19;
const COMMAND_CODE_SIGNATURE = 0x1d;
const CPUS = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
] as const);

/**
 * Reads the header and the load commands of a thin 64-bit Mach-O file. The structures are those of
 * `mach-o/loader.h` in Apple's xnu.
 * @throws Error when it is no such file, or is cut short.
 */
export function readMachoFile(file: Buffer): MachoFile {
  if (file.length < HEADER_SIZE || file.readUInt32LE(0) !== MAGIC_64)
    throw new Error("no 64-bit Mach-O file");
  const cpu = CPUS.get(file.readUInt32LE(4) as 0x01000007);
  if (cpu === undefined) throw new Error(`unknown Mach-O processor 0x${file.readUInt32LE(4).toString(16)}`);
  const commands = loadCommands(file);
  const signature = commands.find((command) => command.kind === COMMAND_CODE_SIGNATURE);
  return {
    cpu,
    isExecutable: file.readUInt32LE(12) === TYPE_EXECUTE,
    segments: commands
      .filter((command) => command.kind === COMMAND_SEGMENT_64)
      .map((command) => readSegment(file, command.offset)),
    signature:
      signature === undefined
        ? null
        : {
            commandOffset: signature.offset,
            fileOffset: file.readUInt32LE(signature.offset + 8),
            size: file.readUInt32LE(signature.offset + 12),
          },
  };
}

/**
 * Finds a segment by its name.
 * @throws Error when the file has none of that name.
 */
export function findSegment(macho: MachoFile, name: string): MachoSegment {
  const segment = macho.segments.find((candidate) => candidate.name === name);
  if (segment === undefined) throw new Error(`the Mach-O file has no segment ${name}`);
  return segment;
}

function loadCommands(file: Buffer): readonly { readonly kind: number; readonly offset: number }[] {
  const count = file.readUInt32LE(16);
  const end = HEADER_SIZE + file.readUInt32LE(20);
  const commands = [];
  let offset = HEADER_SIZE;
  for (let index = 0; index < count; index++) {
    const size = file.readUInt32LE(offset + 4);
    if (size < 8 || offset + size > end) throw new Error(`Mach-O load command ${index} is out of bounds`);
    commands.push({ kind: file.readUInt32LE(offset), offset });
    offset += size;
  }
  return commands;
}

function readSegment(file: Buffer, commandOffset: number): MachoSegment {
  const name = file.toString("latin1", commandOffset + 8, commandOffset + 24);
  return {
    name: name.replace(/\0+$/, ""),
    commandOffset,
    fileOffset: Number(file.readBigUInt64LE(commandOffset + 40)),
    fileSize: Number(file.readBigUInt64LE(commandOffset + 48)),
  };
}
