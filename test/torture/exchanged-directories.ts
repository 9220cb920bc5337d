import { cpSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { formatJournalRecord } from "../../src/codec/journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import type { FileSystem } from "../../src/store/file-system.ts";
import type { System } from "../../src/store/system.ts";
import { type Program, Sandbox } from "../support/sandbox.ts";

/** Directories that are exchanged for a symbolic link to one outside. */
export const EXCHANGED = [
  ".mai",
  ".mai/tmp",
  ".mai/journal",
  ".mai/queues",
  ".mai/queues/questions",
  ".mai/locks",
  ".mai/events",
  ".mai/history",
  "async",
  "async/questions",
  "async/history",
] as const;

/** Calls of the port in which something can happen between two others. */
const CALLS = [
  ...[
    "accessSync",
    "fstatSync",
    "fsyncSync",
    "lstatSync",
    "mkdirSync",
    "openSync",
    "readdirSync",
    "readSync",
  ],
  ...["renameSync", "rmdirSync", "statSync", "unlinkSync", "writeSync", "closeSync"],
] as const;

/** How long a directory stays exchanged: for one call of the file system, or from that call on. */
export type Span = "one call" | "from then on";

const LINE = ["issue", "amend", "REQ-001", "seen", "-o", "alice"] as const;

/** A project with a change in flight, to be copied for each case. */
export class ExchangeStage {
  readonly #box: Sandbox;

  private constructor(box: Sandbox) {
    this.#box = box;
  }

  static async make(program?: Program): Promise<ExchangeStage> {
    const box = await Sandbox.withTeam();
    if (program !== undefined) box.program = program;
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    const issue = box.read(".mai/queues/questions/REQ-001.md");
    const changed = `${issue}- by the crash\n`;
    const writes = [".mai/queues/questions/REQ-001.md", "async/questions/REQ-001.md"].map((path) => ({
      ...{ kind: "write" as const, path, before: sha256(issue), after: changed },
    }));
    const appends = [".mai/events", ".mai/history", "async/history"].map((directory) => {
      const path = `${directory}/${box.names(directory)[0]}`;
      return { kind: "append" as const, path, at: box.read(path).length, text: "a line\n" };
    });
    const changes = [...writes, ...appends, { kind: "touch" as const, path: ".mai/locks/REQ-001.lock" }];
    const record = { version: 1, txid: 99, operation: "x", durable: true, changes } as const;
    box.write(".mai/journal/commit.json", formatJournalRecord(record, sha256));
    cpSync(box.cwd, join(box.base, "template"), { recursive: true });
    return new ExchangeStage(box);
  }

  remove(): void {
    this.#box.remove();
  }

  /** Counts the calls that finishing the change in flight and making another one take. */
  async calls(): Promise<number> {
    let count = 0;
    this.#restore();
    await this.#run(() => {
      count += 1;
    });
    return count;
  }

  /** Exchanges a directory right before one call. @returns what changed outside; nothing is right */
  async exchangedAt(directory: string, nth: number, span: Span): Promise<readonly string[]> {
    this.#restore();
    const inside = this.#box.path(directory);
    const [outside, aside] = ["outside", "aside"].map((name) => join(this.#box.base, name)) as [
      string,
      string,
    ];
    // What lies outside has the same names, so that every call finds there what it looks for.
    cpSync(inside, outside, { recursive: true });
    const before = contentsOf(outside);
    let count = 0;
    await this.#run(() => {
      count += 1;
      if (count === nth) {
        renameSync(inside, aside);
        symlinkSync(outside, inside);
      }
      if (count === nth + 1 && span === "one call") {
        rmSync(inside);
        renameSync(aside, inside);
      }
    });
    const after = contentsOf(outside);
    return [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    );
  }

  #restore(): void {
    for (const name of ["work", "outside", "aside"])
      rmSync(join(this.#box.base, name), { recursive: true, force: true });
    cpSync(join(this.#box.base, "template"), this.#box.cwd, { recursive: true });
  }

  async #run(before: () => void): Promise<void> {
    this.#box.seesDescriptors = true;
    this.#box.alterSystem = (system) => counting(system, before);
    await this.#box.run(...LINE);
  }
}

function counting(system: System, before: () => void): System {
  const real = system.fs as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const calls = CALLS.map((name) => [
    name,
    (...args: readonly unknown[]) => {
      before();
      return real[name]?.(...args);
    },
  ]);
  return { ...system, fs: { ...system.fs, ...Object.fromEntries(calls) } as FileSystem };
}

/** Every file below a directory, with mode and text. */
function contentsOf(directory: string): ReadonlyMap<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, mtimeMs } = lstatSync(path);
      const text = entry.isFile() ? readFileSync(path, "latin1") : "";
      return [path, `${mode} ${entry.isFile() ? mtimeMs : ""} ${text}`];
    }),
  );
}
