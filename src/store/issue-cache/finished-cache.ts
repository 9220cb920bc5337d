import { cacheTitle, issueOfRow } from "../../codec/issue-cache.ts";
import { checksum } from "../digest.ts";
import type { FileSystem } from "../file-system.ts";
import { openForReading } from "../read-file.ts";
import { decodeLossy, encodeUtf8 } from "../utf8.ts";
import { type CachedQueue, type KnownRow, keptRow } from "./cached-queue.ts";
import { TornCache } from "./torn-cache.ts";

/** Rows that are written, checked and read together: so many are in memory at a time. */
const BLOCK_ROWS = 256;
/**
 * Blocks after which their garbage is collected. By itself the engine lets tens of megabytes come together first; more
 * often would cost more time than memory is worth, and a project with fewer finished issues never comes to it.
 */
const BLOCKS_OF_GARBAGE = 16;
/** Bytes that are read at a time; most blocks are smaller. */
const CHUNK_BYTES = 128 * 1024;
/** Longest beginning of a block: its length, its checksum, and the name of its queue. */
const PREFIX_BYTES = 1024;
const PREFIX = /^([a-z0-9]{1,16}) ((\d{1,12}) ([a-z0-9]{1,16}) ([^ \n]+)) /;

/** Returns what the file of finished issues begins with. */
export function finishedTitle(generation: string): string {
  return `${cacheTitle()} ${generation}\n`;
}

/** Writes rows of one queue as blocks: each has its length, a checksum, and the queue in front. */
export function formatBlocks(queue: string, rows: readonly (readonly unknown[])[]): string {
  let text = "";
  for (let at = 0; at < rows.length; at += BLOCK_ROWS) {
    const json = JSON.stringify(rows.slice(at, at + BLOCK_ROWS));
    const facts = `${encodeUtf8(json).length} ${checksum(json)} ${encodeURIComponent(queue)}`;
    // With a checksum of its own: a block of another queue is skipped, and must not be one by mistake.
    text += `${checksum(facts)} ${facts} ${json}\n`;
  }
  return text;
}

/** The file of finished issues, which is read in pieces: it can be large. */
export class FinishedCache {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #title: string;
  readonly #bytes: number;

  /** @param facts which file it must be, and how much of it counts */
  constructor(
    fs: FileSystem,
    path: string,
    facts: { readonly generation: string; readonly finishedBytes: number },
  ) {
    this.#fs = fs;
    this.#path = path;
    this.#title = finishedTitle(facts.generation);
    this.#bytes = facts.finishedBytes;
  }

  /**
   * Looks at the rows of a queue that count: each but the first ones of an id that are out of date.
   * @throws TornCache
   */
  live(queue: string, { superseded }: CachedQueue, visit: (row: KnownRow) => void): void {
    const left = new Map(superseded);
    this.each(queue, (row) => {
      const stale = left.size === 0 ? 0 : (left.get(row.header.id) ?? 0);
      if (stale === 0) visit(row);
      else left.set(row.header.id, stale - 1);
    });
  }

  /**
   * Looks at all rows of a queue, oldest first.
   * @throws TornCache
   */
  each(queue: string, visit: (row: KnownRow) => void): void {
    const fd = openForReading(this.#fs, this.#path);
    if (fd === null) throw new TornCache();
    try {
      const pieces = new Pieces(this.#fs, fd, this.#bytes);
      const title = encodeUtf8(this.#title);
      if (decodeLossy(pieces.at(0, title.length)) !== this.#title) throw new TornCache();
      let read = 0;
      for (let at = title.length; at < this.#bytes; ) {
        const block = blockAt(pieces, at);
        at = block.next;
        if (block.queue !== queue) continue;
        visitRows(pieces, block, visit);
        read += 1;
        if (read % BLOCKS_OF_GARBAGE === 0) Bun.gc(true);
      }
    } finally {
      this.#fs.closeSync(fd);
    }
  }
}

/** Where the rows of a block stand, and what they are. */
interface Block {
  readonly queue: string;
  readonly from: number;
  readonly length: number;
  readonly sum: string | undefined;
  /** Where the next block begins. */
  readonly next: number;
}

function blockAt(pieces: Pieces, at: number): Block {
  const prefix = PREFIX.exec(decodeLossy(pieces.upTo(at, PREFIX_BYTES)));
  const [whole = "", factsSum, facts = "", length, sum, name = ""] = prefix ?? [];
  if (prefix === null || checksum(facts) !== factsSum) throw new TornCache();
  const from = at + whole.length;
  const next = from + Number(length) + 1;
  return { queue: decodeURIComponent(name), from, length: Number(length), sum, next };
}

function visitRows(
  pieces: Pieces,
  { queue, from, length, sum }: Block,
  visit: (row: KnownRow) => void,
): void {
  const json = decodeLossy(pieces.at(from, length));
  if (checksum(json) !== sum) throw new TornCache();
  for (const row of JSON.parse(json) as readonly unknown[]) {
    const issue = issueOfRow(row);
    if (issue === null || issue.header.queue !== queue) throw new TornCache();
    visit(keptRow(issue));
  }
}

/** Parts of a file, read through one buffer. */
class Pieces {
  readonly #fs: FileSystem;
  readonly #fd: number;
  /** What lies behind does not count. */
  readonly #end: number;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #from = 0;
  #length = 0;

  constructor(fs: FileSystem, fd: number, end: number) {
    this.#fs = fs;
    this.#fd = fd;
    this.#end = end;
  }

  /** @throws TornCache when the file is shorter */
  at(from: number, length: number): Uint8Array {
    const piece = this.upTo(from, length);
    if (piece.length < length) throw new TornCache();
    return piece;
  }

  upTo(from: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.#end - from));
    if (from < this.#from || from + wanted > this.#from + this.#length) this.#fill(from, wanted);
    const start = from - this.#from;
    return this.#buffer.subarray(start, Math.min(start + wanted, this.#length));
  }

  #fill(from: number, wanted: number): void {
    if (wanted > this.#buffer.length) this.#buffer = new Uint8Array(wanted);
    this.#from = from;
    this.#length = 0;
    const room = Math.min(this.#buffer.length, this.#end - from);
    while (this.#length < room) {
      const read = this.#fs.readSync(
        this.#fd,
        this.#buffer,
        this.#length,
        room - this.#length,
        from + this.#length,
      );
      if (read === 0) return;
      this.#length += read;
    }
  }
}
