/** Returns SHA-256 of text (as UTF-8) or bytes, in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(data).digest("hex");
}

/** Returns the digest of a file's bytes, null for a file that is not there. */
export function digestOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : sha256(bytes);
}
