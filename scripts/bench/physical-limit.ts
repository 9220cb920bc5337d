import * as fs from "node:fs";
import { LOCK_EX } from "../../src/store/lock/flock-operations.ts";
import { openLibc } from "../../src/store/lock/libc.ts";

const ISSUE = "x".repeat(600);
const LINE = `${"x".repeat(150)}\n`;
const RECORD = "x".repeat(3000);
/** Files that a claim replaces. */
const REPLACED = ["queues/issue", "mirror/issue", "locks/lease", "processing/note", "sequence"];
/** Files that it appends to. */
const APPENDED = ["history/day", "mirror-history/day", "events/day"];
/** Directories whose entries change. */
const TOUCHED = ["queues", "mirror", "locks", "processing", "."];

/** Only what the disk does for one claim: the flock, and the writes, renames and fsyncs of a change in their order. */
export class PhysicalLimit {
  readonly #root: string;
  readonly #libc = openLibc();
  #count = 0;

  constructor(root: string) {
    this.#root = root;
    const files = [...REPLACED, ...APPENDED, "journal/x", "tmp/x"].filter((path) => path.includes("/"));
    const directories = new Set(files.map((path) => path.split("/")[0]));
    for (const directory of directories) fs.mkdirSync(`${root}/${directory}`, { recursive: true });
    for (const file of [...APPENDED, "mutex"]) fs.writeFileSync(`${root}/${file}`, "");
  }

  /** Does it once. @returns milliseconds */
  once(): number {
    const from = Bun.nanoseconds();
    const mutex = fs.openSync(`${this.#root}/mutex`, "r+");
    this.#libc.tryFlock(mutex, LOCK_EX);
    this.#commit();
    fs.closeSync(mutex);
    return (Bun.nanoseconds() - from) / 1e6;
  }

  #commit(): void {
    const record = this.#openTemp();
    fs.writeSync(record.fd, RECORD);
    fs.fsyncSync(record.fd);
    this.#rename(record, "journal/commit");
    this.#syncDirectory("journal");
    this.#writeFiles();
    for (const directory of TOUCHED) this.#syncDirectory(directory);
    fs.unlinkSync(`${this.#root}/journal/commit`);
    this.#syncDirectory("journal");
  }

  /** In the order of a change: everything is written, then made durable, then put in its place. */
  #writeFiles(): void {
    const temps = REPLACED.map((path) => ({ temp: this.#openTemp(), path }));
    for (const { temp } of temps) fs.writeSync(temp.fd, ISSUE);
    const logs = APPENDED.map((path) => fs.openSync(`${this.#root}/${path}`, "a"));
    for (const fd of logs) fs.writeSync(fd, LINE);
    const written = [...temps.map(({ temp }) => temp.fd), ...logs];
    for (const fd of written) this.#libc.startWriting(fd);
    for (const fd of written) fs.fsyncSync(fd);
    for (const fd of logs) fs.closeSync(fd);
    for (const { temp, path } of temps) this.#rename(temp, path);
  }

  #openTemp(): { readonly fd: number; readonly path: string } {
    this.#count += 1;
    const path = `${this.#root}/tmp/${this.#count}`;
    return { fd: fs.openSync(path, "wx"), path };
  }

  #rename(temp: { readonly fd: number; readonly path: string }, to: string): void {
    fs.closeSync(temp.fd);
    fs.renameSync(temp.path, `${this.#root}/${to}`);
  }

  #syncDirectory(path: string): void {
    const fd = fs.openSync(`${this.#root}/${path}`, "r");
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
}
