import type { Workspace } from "../workspace.ts";

/** Most files that are kept open. */
const MOST_OPEN = 64;

/**
 * Files that are written but not durable yet. Made durable together they cost the disk fewer flushes than one after
 * the other: the first fsync takes along what the file system has already begun to write of all others.
 */
export class UnsyncedFiles {
  readonly #system: Workspace["system"];
  readonly #durable: boolean;
  #open: number[] = [];

  constructor({ system }: Pick<Workspace, "system">, durable: boolean) {
    this.#system = system;
    this.#durable = durable;
  }

  /** Takes a descriptor over; it is closed when its file is durable. */
  add(fd: number): void {
    this.#open.push(fd);
    if (this.#open.length === MOST_OPEN) this.sync();
  }

  /** Makes every file durable and closes it. @throws a system error; they are closed all the same */
  sync(): void {
    try {
      if (!this.#durable) return;
      if (this.#open.length > 1) for (const fd of this.#open) this.#system.startWriting(fd);
      for (const fd of this.#open) this.#system.fs.fsyncSync(fd);
    } finally {
      this.close();
    }
  }

  /** Closes what is open, durable or not. */
  close(): void {
    const open = this.#open;
    this.#open = [];
    for (const fd of open) this.#system.fs.closeSync(fd);
  }
}
