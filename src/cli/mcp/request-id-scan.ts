import { isRequestId, type RequestId } from "./json-rpc.ts";

/** Longest key or value that is kept, in bytes. */
const MAX_KEPT_BYTES = 256;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
/** What opens and what closes an object or a list. */
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/**
 * Finds the `id` of a request among bytes that cannot be read as JSON, or are too many. It keeps a few hundred bytes,
 * however many there are, and takes the id only beside a `method`: an answer is not answered.
 */
export class RequestIdScan {
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #isKey = false;
  #kept: number[] = [];
  #key = "";
  #id: RequestId | null = null;
  #hasMethod = false;

  /** Goes on with more bytes of the message. */
  add(bytes: Uint8Array): this {
    for (const byte of bytes) this.#take(byte);
    return this;
  }

  /** Returns the id of the request; null where there is none to be found. */
  get id(): RequestId | null {
    return this.#hasMethod ? this.#id : null;
  }

  #take(byte: number): void {
    if (this.#inText) this.#takeInText(byte);
    else if (byte === QUOTE) this.#inText = this.#keep(byte);
    else if (OPENING.has(byte)) this.#open();
    else if (CLOSING.has(byte)) this.#close();
    else if (this.#depth !== 1) return;
    else if (byte === COLON) this.#endKey();
    else if (byte === COMMA) this.#endValue();
    else this.#keep(byte);
  }

  #takeInText(byte: number): void {
    this.#keep(byte);
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inText = false;
  }

  #open(): void {
    this.#depth += 1;
    this.#kept = [];
    if (this.#depth === 1) this.#isKey = true;
  }

  #close(): void {
    if (this.#depth === 1) this.#endValue();
    this.#depth -= 1;
    this.#kept = [];
  }

  #endKey(): void {
    const key = this.#isKey ? this.#value() : undefined;
    this.#key = typeof key === "string" ? key : "";
    this.#isKey = false;
  }

  #endValue(): void {
    const value = this.#value();
    if (this.#key === "id" && isRequestId(value)) this.#id = value;
    if (this.#key === "method" && typeof value === "string") this.#hasMethod = true;
    this.#key = "";
    this.#isKey = true;
  }

  /** Keeps a byte of the first level. @returns true */
  #keep(byte: number): true {
    if (this.#depth === 1 && this.#kept.length <= MAX_KEPT_BYTES) this.#kept.push(byte);
    return true;
  }

  /** Reads what was kept; undefined for what is no JSON, such as a text that is too long to be kept. */
  #value(): unknown {
    const text = Buffer.from(this.#kept).toString();
    this.#kept = [];
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
