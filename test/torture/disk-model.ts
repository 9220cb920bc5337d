import { dirname } from "node:path";
import type { DiskOperation } from "./disk-operations.ts";

/** Files of a disk by path. */
export type Disk = ReadonlyMap<string, Buffer>;

/** A change of a directory that is not durable yet: lost in a power cut, or not. */
interface EntryChange {
  readonly directory: string;
  readonly remove: string | null;
  readonly add: readonly [path: string, inode: number] | null;
  readonly mkdir: string | null;
  /** A directory that was moved with all that lies in it. */
  readonly move?: readonly [from: string, to: string];
}

/** A disk with a memory: what is in the cache, and what a power cut leaves of it. */
export class DiskModel {
  readonly #cached = new Map<number, Buffer>();
  readonly #durable = new Map<number, Buffer>();
  readonly #live = new Map<string, number>();
  #entries = new Map<string, number>();
  /** Directories whose own entry is not durable. */
  readonly #fresh = new Set<string>();
  #pending: EntryChange[] = [];
  #inodes = 0;

  constructor(files: Disk) {
    for (const [path, bytes] of files) this.#addInode(path, bytes);
    this.#entries = new Map(this.#live);
  }

  /** What a run of the program sees. */
  get live(): Disk {
    return new Map([...this.#live].map(([path, inode]) => [path, this.#cached.get(inode) ?? Buffer.of()]));
  }

  apply(operation: DiskOperation): void {
    const { kind, path } = operation;
    if (kind === "create") this.#create(path);
    if (kind === "write") this.#write(path, operation.bytes, operation.at);
    if (kind === "rename") this.#rename(path, operation.to);
    if (kind === "unlink") this.#unlink(path);
    if (kind === "mkdir") this.#mkdir(path);
    if (kind === "fsync") this.#fsync(path);
  }

  /**
   * Yields disks that a power cut may leave now: of the changes of directories that are not durable any beginning,
   * or, `scattered`, any subset; of data that is not durable nothing, all, a part, or zeros of the right length.
   */
  *afterPowerCut(options: { readonly scattered: boolean; readonly random: () => number }): Generator<Disk> {
    for (const subset of subsets(this.#pending.length, options)) {
      const entries = new Map(this.#entries);
      const lost = new Set(this.#fresh);
      for (const index of subset) applyChange(entries, lost, this.#pending[index]);
      const kept = [...entries].filter(
        ([path]) => ![...lost].some((directory) => path.startsWith(`${directory}/`)),
      );
      const isDirty = kept.some(([, inode]) => !this.#isClean(inode));
      for (const damage of isDirty ? DAMAGES : DAMAGES.slice(0, 1)) {
        yield new Map(kept.map(([path, inode]) => [path, this.#contentAfter(inode, damage)]));
      }
    }
  }

  #isClean(inode: number): boolean {
    return this.#durable.get(inode)?.equals(this.#cached.get(inode) ?? Buffer.of()) ?? false;
  }

  #contentAfter(inode: number, damage: Damage): Buffer {
    const durable = this.#durable.get(inode) ?? Buffer.of();
    const cached = this.#cached.get(inode) ?? Buffer.of();
    return this.#isClean(inode) ? durable : damage(durable, cached);
  }

  #addInode(path: string, bytes: Buffer): number {
    const inode = this.#inodes;
    this.#inodes += 1;
    this.#live.set(path, inode);
    this.#cached.set(inode, bytes);
    this.#durable.set(inode, bytes);
    return inode;
  }

  #create(path: string): void {
    if (this.#live.has(path)) return;
    const add = [path, this.#addInode(path, Buffer.of())] as const;
    this.#pending.push({ directory: dirname(path), add, remove: null, mkdir: null });
  }

  #write(path: string, bytes: Buffer, at: number | null): void {
    const inode = this.#inodeOf(path);
    const old = this.#cached.get(inode) ?? Buffer.of();
    const start = at ?? old.length;
    const gap = Buffer.alloc(Math.max(0, start - old.length));
    const whole = [old.subarray(0, start), gap, bytes, old.subarray(start + bytes.length)];
    this.#cached.set(inode, Buffer.concat(whole));
  }

  /** A rename is one change of the directory that it leads to. */
  #rename(from: string, to: string): void {
    if (!this.#live.has(from)) {
      moveBelow(this.#live, from, to);
      this.#pending.push({ directory: dirname(to), add: null, remove: null, mkdir: null, move: [from, to] });
      return;
    }
    const inode = this.#inodeOf(from);
    this.#live.delete(from);
    this.#live.set(to, inode);
    this.#pending.push({ directory: dirname(to), add: [to, inode], remove: from, mkdir: null });
  }

  #unlink(path: string): void {
    this.#live.delete(path);
    this.#pending.push({ directory: dirname(path), add: null, remove: path, mkdir: null });
  }

  #mkdir(path: string): void {
    this.#fresh.add(path);
    this.#pending.push({ directory: dirname(path), add: null, remove: null, mkdir: path });
  }

  #fsync(path: string): void {
    const inode = this.#live.get(path);
    if (inode !== undefined) {
      this.#durable.set(inode, this.#cached.get(inode) ?? Buffer.of());
      return;
    }
    for (const change of this.#pending.filter(({ directory }) => isSame(directory, path))) {
      applyChange(this.#entries, this.#fresh, change);
    }
    this.#pending = this.#pending.filter(({ directory }) => !isSame(directory, path));
  }

  #inodeOf(path: string): number {
    const inode = this.#live.get(path);
    if (inode === undefined) throw new Error(`The model of the disk has no ${path}`);
    return inode;
  }
}

/** What a power cut makes of data that was not durable. */
type Damage = (durable: Buffer, cached: Buffer) => Buffer;

const DAMAGES: readonly Damage[] = [
  (durable) => durable,
  (_, cached) => cached,
  (durable, cached) => cached.subarray(0, Math.floor((durable.length + cached.length) / 2)),
  (durable, cached) => Buffer.concat([durable, Buffer.alloc(Math.max(0, cached.length - durable.length))]),
];

/** Above this many changes, subsets are drawn at random. */
const MOST_ENUMERATED = 5;
const DRAWN = 40;

function* subsets(
  count: number,
  { scattered, random }: { readonly scattered: boolean; readonly random: () => number },
): Generator<readonly number[]> {
  const all = Array.from({ length: count }, (_, index) => index);
  for (let length = 0; length <= count; length += 1) yield all.slice(0, length);
  if (!scattered) return;
  if (count <= MOST_ENUMERATED) {
    for (let bits = 1; bits < 1 << count; bits += 1) yield all.filter((index) => (bits >> index) & 1);
    return;
  }
  for (let drawn = 0; drawn < DRAWN; drawn += 1) yield all.filter(() => random() < 0.5);
}

function applyChange(entries: Map<string, number>, lost: Set<string>, change: EntryChange | undefined): void {
  if (change === undefined) return;
  if (change.remove !== null) entries.delete(change.remove);
  if (change.add !== null) entries.set(...change.add);
  if (change.mkdir !== null) lost.delete(change.mkdir);
  if (change.move !== undefined) moveBelow(entries, ...change.move);
}

/** Gives everything in a directory the paths that it has after the directory was moved. */
function moveBelow(entries: Map<string, number>, from: string, to: string): void {
  const below = [...entries].filter(([path]) => path.startsWith(`${from}/`));
  if (below.length === 0) throw new Error(`The model of the disk has no ${from}`);
  for (const [path, inode] of below) {
    entries.delete(path);
    entries.set(to + path.slice(from.length), inode);
  }
}

function isSame(one: string, other: string): boolean {
  return (one === "." ? "" : one) === (other === "." ? "" : other);
}
