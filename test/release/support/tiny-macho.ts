const TEXT_SIZE = 0x3000;
const LINK_EDIT_SIZE = 0x100;

/** Makes a Mach-O executable that runs nowhere and is small enough to sign and to damage: three pages of code, a
 * link-edit segment, and 16 bytes where its signature will be. */
export function tinyMacho(): Buffer {
  const code = Buffer.alloc(TEXT_SIZE + LINK_EDIT_SIZE, "code");
  const commands = [
    segment("__TEXT", { offset: 0, size: TEXT_SIZE }),
    segment("__LINKEDIT", { offset: TEXT_SIZE, size: LINK_EDIT_SIZE + 16 }),
    words([0x1d, 16, code.length, 16]),
  ];
  const size = commands.reduce((total, command) => total + command.length, 0);
  const header = words([0xfeedfacf, 0x01000007, 3, 2, commands.length, size, 0, 0]);
  Buffer.concat([header, ...commands]).copy(code);
  return Buffer.concat([code, Buffer.alloc(16)]);
}

function segment(name: string, place: { readonly offset: number; readonly size: number }): Buffer {
  const command = Buffer.alloc(72);
  command.writeUInt32LE(0x19, 0);
  command.writeUInt32LE(72, 4);
  command.write(name, 8);
  command.writeBigUInt64LE(BigInt(place.offset), 24);
  command.writeBigUInt64LE(BigInt(place.size), 32);
  command.writeBigUInt64LE(BigInt(place.offset), 40);
  command.writeBigUInt64LE(BigInt(place.size), 48);
  return command;
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, index * 4);
  return buffer;
}
