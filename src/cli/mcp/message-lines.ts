import type { RequestId } from "./json-rpc.ts";
import { RequestIdScan } from "./request-id-scan.ts";

/** Largest message, in bytes: the longest text fits, every byte of it escaped. */
export const MAX_MESSAGE_BYTES = 1_048_576;

const LINE_FEED = 0x0a;

/** One message as it came, or what was wrong with it before it could be read, and the id of its request if it shows. */
export type MessageLine =
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "fault"; readonly fault: "not JSON" | "too large"; readonly id: RequestId | null };

/** Cuts the input into lines and reads each as JSON. Of a message that is too large, only its id is kept. */
export class MessageLines {
  #kept: Uint8Array[] = [];
  #size = 0;
  /** Looks for the id of a message that is too large; null while it is not. */
  #scan: RequestIdScan | null = null;

  /** @returns the messages that end in this chunk */
  add(chunk: Uint8Array): readonly MessageLine[] {
    const lines: MessageLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(...this.end());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** Ends the line that is begun; the last one may come without a line feed. */
  end(): readonly MessageLine[] {
    const bytes = Buffer.concat(this.#kept);
    const scan = this.#scan;
    this.#kept = [];
    this.#size = 0;
    this.#scan = null;
    return scan === null ? readMessage(bytes) : [{ kind: "fault", fault: "too large", id: scan.id }];
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > MAX_MESSAGE_BYTES) this.#drop(part);
    // The chunk's memory may be used again for the next one.
    else if (part.length > 0) this.#kept.push(Uint8Array.from(part));
  }

  #drop(part: Uint8Array): void {
    this.#scan ??= new RequestIdScan();
    for (const kept of this.#kept) this.#scan.add(kept);
    this.#kept = [];
    this.#scan.add(part);
  }
}

/** Empty lines are no messages. */
function readMessage(bytes: Uint8Array): readonly MessageLine[] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.trim() === "" ? [] : [{ kind: "message", message: JSON.parse(text) }];
  } catch (error) {
    // Bytes that are no UTF-8, text that is no JSON, or JSON that is nested too deep.
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)
      return [{ kind: "fault", fault: "not JSON", id: new RequestIdScan().add(bytes).id }];
    throw error;
  }
}
