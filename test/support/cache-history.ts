import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli/run-cli.ts";
import type { FileSystem } from "../../src/store/file-system.ts";
import { machineSystem } from "../../src/store/system.ts";
import { type Program, Sandbox } from "./sandbox.ts";

const SOUND: Program = { runCli, machineSystem };
const QUEUES = ["questions", "reviews"] as const;
const CACHE = ".mai/cache";
/** Enough that the cache is worth keeping, few enough that a history takes a moment. */
const FIRST_ISSUES = 24;
const STATES = ["OPEN", "IN_PROGRESS", "BLOCKED", "COMPLETED", "DISCARDED", "AMENDED", "nonsense"] as const;
const QUESTIONS = [
  ["queue", "check", "--all", "--limit", "1000"],
  ["queue", "check", "questions"],
  ["issue", "list", "--limit", "1000"],
  ["issue", "list", "--status", "COMPLETED", "--limit", "5"],
  ["status"],
  ["queue", "blockers"],
  ["prime", "-o", "alice"],
  ["next", "-o", "alice", "--any", "--dry-run"],
] as const;

/** Longer than a file that changed is not trusted. */
const LONG_AGO_MS = 50;
const QUIET_QUESTIONS = QUESTIONS.slice(-2);

/** A number from 0 up to, not including, `below`; the same for the same seed. */
type Random = (below: number) => number;

/** Which files of issues. */
type Which = "any" | "finished" | "unfinished";

/** How a commit ends that does not end well. */
type Interruption = "not noted" | "noted in part" | "not applied";

/**
 * A project that lives through changes by mai, by hand, and damage to its cache, in a random order. After each, what
 * readers are told has to be what they are told without any cache.
 */
export class CacheHistory {
  readonly #box: Sandbox;
  readonly #random: Random;
  #interruption: Interruption | null = null;
  /** Files of issues that were looked at. */
  readonly #looked = new Set<string>();
  /** A clock tick that lasts: no file bears a later time. */
  #frozenMs: number | null = null;
  #missed: string | null = null;
  #number = 0;
  #older: ReadonlyMap<string, string> = new Map();

  private constructor(box: Sandbox, seed: number) {
    this.#box = box;
    this.#random = randomOf(seed);
    box.alterSystem = (system) => ({ ...system, fs: this.#fileSystem(system.fs) });
  }

  static async start(program: Program | null, seed: number): Promise<CacheHistory> {
    const box = new Sandbox();
    if (program !== null) box.program = program;
    const history = new CacheHistory(box, seed);
    await box.ok("init", "-o", "admin");
    await box.ok("agent", "add", "alice", "-o", "admin");
    for (let count = 0; count < FIRST_ISSUES; count += 1) history.#addByHand();
    return history;
  }

  end(): void {
    this.#box.remove();
  }

  /** One change, and then the questions. @returns what differs with and without the cache; null for nothing */
  async step(): Promise<string | null> {
    const [name, act] = this.#pick(this.#steps());
    await act();
    if (this.#missed !== null) return this.#missed;
    // Those who leave a change in flight to others come first: the others finish it.
    const asked = [this.#pick(QUIET_QUESTIONS), this.#pick(QUESTIONS), this.#pick(QUESTIONS)];
    for (const argv of asked) {
      const told = await this.#ask(argv);
      const right = await this.#askWithoutCache(argv);
      if (told !== right) return `after ${name}: mai ${argv.join(" ")}\n${told}\n${right}`;
    }
    return null;
  }

  /** Number of finished issues that are looked at when only mai has been at work since the last reading. */
  async looksAfterCommit(): Promise<number> {
    for (const { id } of this.#files()) await this.#box.run("issue", "complete", id, "done", "-o", "admin");
    // What changed a moment before it is read is kept without its state.
    await Bun.sleep(LONG_AGO_MS);
    rmSync(this.#box.path(CACHE), { recursive: true, force: true });
    await this.#ask(["queue", "check"]);
    await this.#box.ok("issue", "new", "questions", "One more", "-o", "alice");
    this.#looked.clear();
    await this.#ask(["queue", "check"]);
    return this.#looked.size;
  }

  #steps(): readonly (readonly [string, () => unknown])[] {
    const own = [["a change", () => this.#change()] as const];
    return [
      ...[...own, ...own, ...own, ...own],
      ["a quiet moment", () => this.#settle()],
      ["a finished issue that is opened again", () => this.#reopenSettled()],
      ["a file that was added under the hands of mai", () => this.#addDuringChange()],
      ["a file that was added", () => this.#addByHand()],
      ["a file that was removed", () => this.#withFile((path) => unlinkSync(path))],
      ["a file that was replaced", () => this.#withFile((path) => this.#replace(path))],
      ["a file that was edited in place", () => this.#withFile((path) => this.#edit(path), "unfinished")],
      ["two edits in one moment", () => this.#twoEdits()],
      ["a directory that was touched", () => utimesSync(this.#queuePath("questions"), 1, 1)],
      ["a directory that was put aside", () => this.#swapDirectory()],
      ["a cache that was removed", () => this.#damage(rmSync)],
      ["a cache that was torn", () => this.#damage(tear)],
      ["a cache with a byte that is another", () => this.#damage((path) => flip(path, this.#random))],
      ["a cache that was put back", () => this.#putBack()],
      ["a change that was not noted", () => this.#change("not noted")],
      ["a change that was noted in part", () => this.#change("noted in part")],
      ["a change that is in flight", () => this.#change("not applied")],
    ];
  }

  /** Nobody does anything, and somebody reads: what the reader keeps is old enough to be believed. */
  async #settle(): Promise<void> {
    await Bun.sleep(LONG_AGO_MS);
    rmSync(this.#box.path(CACHE), { recursive: true, force: true });
    await this.#ask(["issue", "list", "--limit", "1000"]);
  }

  async #reopenSettled(): Promise<void> {
    await this.#settle();
    const file = this.#pick(this.#files("finished"));
    if (file !== undefined) await this.#box.run("issue", "reopen", file.id, "not yet", "-o", "admin");
  }

  /** The change of mai says how the directory was before, and that is not what the cache knows. */
  async #addDuringChange(): Promise<void> {
    await this.#settle();
    this.#addByHand();
    for (const queue of QUEUES) await this.#box.run("issue", "new", queue, "New", "-o", "admin");
  }

  async #change(interruption: Interruption | null = null): Promise<void> {
    this.#interruption = interruption;
    await this.#box.run(...this.#anyChange(), "-o", "admin");
    this.#interruption = null;
  }

  #anyChange(): readonly string[] {
    const id = this.#pick(this.#files()).id;
    return this.#pick([
      ["issue", "new", this.#pick(QUEUES), "New"],
      ["issue", "new", this.#pick(QUEUES), "Another", "--priority", "P0"],
      ["issue", "claim", id],
      ["issue", "block", id, "no key"],
      ["issue", "complete", id, "done"],
      ["issue", "complete", id, "done again"],
      ["issue", "reopen", id, "not yet"],
      ["issue", "discard", id, "no more"],
      ["issue", "amend", id, "seen"],
      ["issue", "edit", id, "--title", `Title ${this.#random(1000)}`],
      ["issue", "edit", id, "--queue", this.#pick(QUEUES)],
      ["log", "write", "alice", "note", "unrelated"],
      ["next", "--any"],
      ["lock", "guardian"],
    ]);
  }

  async #ask(argv: readonly string[]): Promise<string> {
    const run = await this.#box.json(...argv);
    // Two queues can give one id: the order of the two is nobody's promise.
    return JSON.stringify(run.json, (_, value) => (Array.isArray(value) ? sorted(value) : value));
  }

  async #askWithoutCache(argv: readonly string[]): Promise<string> {
    const [path, aside] = [this.#box.path(CACHE), this.#box.path("cache-aside")];
    const kept = existsSync(path);
    if (kept) renameSync(path, aside);
    const { program } = this.#box;
    this.#box.program = SOUND;
    const told = await this.#ask(argv);
    this.#box.program = program;
    rmSync(path, { recursive: true, force: true });
    if (kept) renameSync(aside, path);
    return told;
  }

  #addByHand(): void {
    this.#number += 1;
    const queue = this.#pick(QUEUES);
    mkdirSync(this.#queuePath(queue), { recursive: true });
    this.#write(`${this.#queuePath(queue)}/HND-${String(this.#number).padStart(3, "0")}.md`);
  }

  #write(path: string): void {
    tickAfter(path);
    tickAfter(path.slice(0, path.lastIndexOf("/")));
    writeFileSync(path, issueText(this.#pick(STATES), this.#random(1000)));
  }

  #replace(path: string): void {
    const temp = this.#box.path("by-hand.md");
    writeFileSync(temp, issueText(this.#pick(STATES), this.#random(1000)));
    renameSync(temp, path);
  }

  #edit(path: string): void {
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(/^# (\[[^\]]*\]).*/m, `# $1 Edit ${this.#random(1000)}`),
    );
  }

  async #twoEdits(): Promise<void> {
    const [file] = this.#files("unfinished");
    if (file === undefined) return;
    this.#write(file.path);
    rmSync(this.#box.path(CACHE), { recursive: true, force: true });
    this.#frozenMs = statSync(file.path).ctimeMs;
    for (const title of ["Same length 1", "Same length 2", "Same length 3"]) {
      writeFileSync(file.path, issueText("OPEN", 0).replace(/^(# \S+) .*/, `$1 ${title}`));
      // Whoever reads between two edits of one clock tick must not take the first for the last.
      await this.#ask(["queue", "check"]);
      const seen = await this.#ask(["issue", "list", "--limit", "1000"]);
      if (!seen.includes(title)) this.#missed = `an edit in the same clock tick as a reading: ${title}`;
    }
    this.#frozenMs = null;
  }

  #withFile(act: (path: string) => void, which: Which = "any"): void {
    const file = this.#pick(this.#files(which));
    if (file === undefined) return;
    tickAfter(file.path);
    tickAfter(file.path.slice(0, file.path.lastIndexOf("/")));
    act(file.path);
  }

  /** Takes a directory away and puts it back, as `git stash` and `git stash pop` do. */
  async #swapDirectory(): Promise<void> {
    const path = this.#queuePath("reviews");
    if (!existsSync(path)) return;
    renameSync(path, this.#box.path("reviews-aside"));
    await this.#ask(["queue", "check"]);
    rmSync(path, { recursive: true, force: true });
    renameSync(this.#box.path("reviews-aside"), path);
  }

  #damage(act: (path: string) => void): void {
    const path = this.#box.path(CACHE);
    if (!existsSync(path)) return;
    const names = readdirSync(path);
    if (names.length > 0) act(`${path}/${this.#pick(names)}`);
  }

  #putBack(): void {
    const path = this.#box.path(CACHE);
    if (!existsSync(path)) return;
    const names = readdirSync(path);
    const now = new Map(names.map((name) => [name, readFileSync(`${path}/${name}`, "latin1")]));
    for (const [name, text] of this.#older) writeFileSync(`${path}/${name}`, text, "latin1");
    this.#older = now;
  }

  #files(which: Which = "any") {
    const files = QUEUES.flatMap((queue) => {
      const directory = this.#queuePath(queue);
      return (existsSync(directory) ? readdirSync(directory) : []).map((name) => ({
        path: `${directory}/${name}`,
        id: name.slice(0, -3),
      }));
    });
    const finished = /\*\*状态：\*\* (?:\S+ )?(?:COMPLETED|DISCARDED)/;
    const told = which === "any" ? null : which === "finished";
    return files.filter(({ path }) => told === null || finished.test(readFileSync(path, "utf8")) === told);
  }

  #frozen<Stat extends { mtimeMs: number | bigint; ctimeMs: number | bigint } | undefined>(stat: Stat): Stat {
    if (stat !== undefined && this.#frozenMs !== null) {
      stat.mtimeMs = Math.min(Number(stat.mtimeMs), this.#frozenMs);
      stat.ctimeMs = Math.min(Number(stat.ctimeMs), this.#frozenMs);
    }
    return stat;
  }

  #look(path: unknown): void {
    if (/queues\/.*\.md$/.test(String(path))) this.#looked.add(String(path));
  }

  #queuePath(queue: string): string {
    return this.#box.path(`.mai/queues/${queue}`);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random(items.length)] as Item;
  }

  /** Counts what is opened, and interrupts a change where that was asked for. */
  #fileSystem(fs: FileSystem): FileSystem {
    const refused = () =>
      Object.assign(new Error("EIO: deliberately"), { code: "EIO", errno: -5, syscall: "write" });
    return {
      ...fs,
      openSync: (path, ...rest) => {
        this.#look(path);
        if (this.#interruption === "not noted" && String(path).endsWith("cache/issues")) throw refused();
        return fs.openSync(path, ...rest);
      },
      lstatSync: ((path: string, options) => {
        this.#look(path);
        return this.#frozen(fs.lstatSync(path, options));
      }) as FileSystem["lstatSync"],
      fstatSync: ((fd: number) => this.#frozen(fs.fstatSync(fd))) as FileSystem["fstatSync"],
      renameSync: (from, to) => {
        if (this.#interruption === "not applied" && /\.mai\/queues\//.test(String(to))) throw refused();
        fs.renameSync(from, to);
      },
      writeSync: ((fd: number, bytes: Uint8Array, ...rest: [number, number, number | null]) => {
        const isNote = this.#interruption === "noted in part" && Buffer.from(bytes).includes('{"from":');
        if (!isNote) return fs.writeSync(fd, bytes, ...rest);
        fs.writeSync(fd, bytes.subarray(0, bytes.length >> 1));
        throw refused();
      }) as FileSystem["writeSync"],
    };
  }
}

function issueText(state: string, number: number): string {
  const priority = ["P0", "P1", "P2"][number % 3];
  return `# [X-001] Case ${number}\n\n**处理方：** @alice\n**优先级：** ${priority}\n**创建时间：** 2026-01-01T00:00:00.${String(number).padStart(3, "0")}+00:00\n**状态：** ${state}\n\n---\n\n## 问题描述\n\nCase\n\n## 处理记录\n\n`;
}

/** Waits until what is written now bears a later time than a file has: within one clock tick nothing can tell. */
function tickAfter(path: string): void {
  const stat = existsSync(path) ? statSync(path) : null;
  const probe = join(tmpdir(), `mai-tick-${process.pid}`);
  while (stat !== null) {
    const fd = openSync(probe, "w");
    const nowMs = fstatSync(fd).mtimeMs;
    closeSync(fd);
    if (nowMs > stat.ctimeMs) break;
  }
  rmSync(probe, { force: true });
}

function tear(path: string): void {
  const text = readFileSync(path, "latin1");
  writeFileSync(path, text.slice(0, Math.floor(text.length * 0.6)), "latin1");
}

function flip(path: string, random: Random): void {
  const text = readFileSync(path, "latin1");
  const letters = [...text.matchAll(/[a-z]/g)].map(({ index }) => index);
  const at = letters[random(letters.length)] ?? 0;
  writeFileSync(path, `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`, "latin1");
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function randomOf(seed: number): Random {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}
