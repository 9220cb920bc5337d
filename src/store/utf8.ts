import { MaiError } from "../domain/errors.ts";

/** A byte order mark is a character like any other: a rewrite keeps it. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LOSSY_DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** A file that should be UTF-8 and is not. */
export class NotUtf8 extends MaiError {
  /** As much as can be read of it, for those who read line by line; never to be written back. */
  readonly legible: string;

  constructor(path: string, bytes: Uint8Array, cause: TypeError) {
    super("CORRUPT_FILE", `${path} is not UTF-8.`, {
      hint: "Mend the file by hand; mai leaves it as it is.",
      fields: { path },
      cause,
    });
    this.legible = decodeLossy(bytes);
  }
}

/**
 * Decodes UTF-8 without losing a byte.
 * @throws CORRUPT_FILE as a {@link NotUtf8}
 */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return DECODER.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new NotUtf8(path, bytes, error);
  }
}

/** Decodes UTF-8 as far as it is some; what is none becomes U+FFFD. */
export function decodeLossy(bytes: Uint8Array): string {
  return LOSSY_DECODER.decode(bytes);
}

/** Encodes text as UTF-8. The first `Buffer` of a process costs ten times as much (docs/performance.md). */
export function encodeUtf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}
