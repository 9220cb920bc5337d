import { outputTail } from "../../domain/output-tail.ts";

/** Most of a command's output that is kept for the record, in bytes. */
const KEPT_OUTPUT = 16_384;

/** The last bytes of what a command says, each stream for itself: which of two pipes is read first is chance. */
export class KeptOutput {
  readonly stdout = new KeptBytes();
  readonly stderr = new KeptBytes();

  /** Returns the last lines of both. */
  text(): string {
    return outputTail({ stdout: this.stdout.text(), stderr: this.stderr.text() });
  }
}

/** The last bytes of one stream. */
class KeptBytes {
  #bytes: Uint8Array = new Uint8Array();

  add(bytes: Uint8Array): void {
    const all = Buffer.concat([this.#bytes, bytes]);
    this.#bytes = all.subarray(Math.max(0, all.length - KEPT_OUTPUT));
  }

  text(): string {
    return Buffer.from(this.#bytes).toString("utf8");
  }
}
