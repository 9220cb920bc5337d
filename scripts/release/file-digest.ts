import { createReadStream } from "node:fs";

/** Computes the SHA-256 of a file in hexadecimal, a piece at a time, so that no large file is held in memory. */
export async function sha256OfFile(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hasher.update(piece);
  return hasher.digest("hex");
}

/** Computes the SHA-256 of bytes or text in hexadecimal. */
export function sha256Of(content: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex");
}
