import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context, StopSignal } from "../../src/cli/context.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { formatJournalRecord } from "../../src/codec/journal-record.ts";
import { parseJournalRecord } from "../../src/codec/read-journal-record.ts";
import { sha256 } from "../../src/store/digest.ts";
import { machineSystem, type System } from "../../src/store/system.ts";
import { answerFaults } from "./answer-check.ts";
import { withTruePaths } from "./true-paths.ts";

const MINUTE_MS = 60_000;

/** What one command line came to. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A JSON answer with its exit status. */
export type JsonRun = Run & { readonly json: ReturnType<typeof JSON.parse> };

/** A clock that stands still until it is moved, in a zone of a fixed offset. */
export interface TestClock {
  nowMs: number;
  offsetMinutes: number;
}

/** What a sandbox runs. */
export interface Program {
  readonly runCli: (argv: readonly string[], context: Context) => Promise<number>;
  readonly machineSystem: () => System;
}

/** @throws Error for a record that recovery would set aside, or that names a file twice */
function requireSound(text: string): void {
  const record = parseJournalRecord(text, sha256);
  if (record === null) throw new Error(`recovery would not take this record: ${text}`);
  if (formatJournalRecord(record, sha256) !== text) throw new Error(`a file stands twice in: ${text}`);
}

/** A directory with a home beside it, in which command lines run inside the test's own process. */
export class Sandbox {
  readonly base: string;
  readonly cwd: string;
  readonly clock: TestClock = { nowMs: Date.now(), offsetMinutes: 480 };
  env: Record<string, string | undefined>;
  stdin = "";
  stdinIsTerminal = false;
  stdoutIsTerminal = false;
  /** Whoever read the answers went away. */
  stdoutIsClosed = false;
  stderrIsTerminal = false;
  /** Runs whenever a command waits: a signal ends it, null lets the time pass at once. */
  onPause: (ms: number) => StopSignal | null = () => "SIGINT";
  /** The program: a test can put a faulty one in. */
  program: Program = { runCli, machineSystem };
  /** Whether `alterSystem` gets paths as the kernel does, through `/proc/self/fd`. */
  seesDescriptors = false;
  /** Lets a test put another file system, lock or random source in. */
  alterSystem: (system: System) => System = (system) => system;

  constructor() {
    this.base = mkdtempSync(join(tmpdir(), "mai-test-"));
    this.cwd = join(this.base, "work");
    mkdirSync(this.cwd);
    mkdirSync(join(this.base, "home"));
    this.env = { HOME: join(this.base, "home") };
  }

  /** Makes a sandbox with a project in it: agents alice and bob, the root is `admin`. */
  static async withTeam(): Promise<Sandbox> {
    const box = new Sandbox();
    await box.ok("init", "-o", "admin");
    await box.ok("agent", "add", "alice", "-o", "admin");
    await box.ok("agent", "add", "bob", "-o", "admin");
    return box;
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  run(...argv: readonly string[]): Promise<Run> {
    return this.#runIn({ cwd: this.cwd, env: this.env }, argv);
  }

  async #runIn({ cwd, env }: Pick<Context, "cwd" | "env">, argv: readonly string[]): Promise<Run> {
    let stdout = "";
    let stderr = "";
    const context: Context = {
      cwd,
      env,
      system: this.#alteredSystem(),
      stdin: {
        isTerminal: this.stdinIsTerminal,
        readText: () => this.stdin,
        readLine: () => this.#takeLine(),
        chunks: () => this.#chunks(),
      },
      stdout: {
        isTerminal: this.stdoutIsTerminal,
        write: (data) => {
          stdout += Buffer.from(data).toString();
        },
        isClosed: () => this.stdoutIsClosed,
      },
      stderr: {
        isTerminal: this.stderrIsTerminal,
        write: (data) => {
          stderr += Buffer.from(data).toString();
        },
        isClosed: () => false,
      },
      pause: async (ms) => this.onPause(ms),
    };
    const code = await this.program.runCli(argv, context);
    return { code, stdout, stderr };
  }

  /** Runs with `--json` and parses the answer, which has to be as `mai schema` says, without a key more. */
  async json(...argv: readonly string[]): Promise<JsonRun> {
    const run = await this.run("--json", ...argv);
    const json = JSON.parse(run.stdout);
    const faults = answerFaults(json);
    if (faults.length > 0) throw new Error(`mai ${argv.join(" ")} answers otherwise: ${faults.join("; ")}`);
    return { ...run, json };
  }

  /** Runs with `--json` and insists on success. */
  async ok(...argv: readonly string[]): Promise<JsonRun> {
    const run = await this.json(...argv);
    if (run.code !== 0) throw new Error(`mai ${argv.join(" ")} exited with ${run.code}: ${run.stdout}`);
    return run;
  }

  path(name: string): string {
    return join(this.cwd, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Names in a directory, hidden ones too. */
  names(name: string): readonly string[] {
    return readdirSync(this.path(name)).sort();
  }

  move(from: string, to: string): void {
    renameSync(this.path(from), this.path(to));
  }

  delete(name: string): void {
    rmSync(this.path(name), { recursive: true });
  }

  mkdir(name: string): void {
    mkdirSync(this.path(name), { recursive: true });
  }

  mode(name: string): number {
    return statSync(this.path(name)).mode & 0o7777;
  }

  chmod(name: string, mode: number): void {
    chmodSync(this.path(name), mode);
  }

  /** Makes a file look as if it was written so many minutes ago: how tests age a lease. */
  age(name: string, minutes: number): void {
    const seconds = (Date.now() - minutes * MINUTE_MS) / 1000;
    utimesSync(this.path(name), seconds, seconds);
  }

  /** Every file below a directory with its bytes; `mutex` and empty directories do not count. */
  tree(name = "."): ReadonlyMap<string, string> {
    const files = readdirSync(this.path(name), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    return new Map(
      paths
        .filter((path) => !path.endsWith(".mai/mutex"))
        .map((path) => [path.slice(this.cwd.length + 1), readFileSync(path, "latin1")]),
    );
  }

  #takeLine(): string | null {
    if (this.stdin === "") return null;
    const [line = "", ...rest] = this.stdin.split("\n");
    this.stdin = rest.join("\n");
    return line;
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(this.stdin);
  }

  /** What a test puts in sees the paths that are meant, not those that lead through open directories. */
  #alteredSystem(): System {
    const altered = this.alterSystem(this.#system());
    return this.seesDescriptors ? altered : { ...altered, fs: withTruePaths(altered.fs) };
  }

  #system(): System {
    const { clock } = this;
    const machine = this.program.machineSystem();
    return {
      ...machine,
      // What a power cut leaves is tested elsewhere; here it would only be waited for.
      fs: {
        ...machine.fs,
        fsyncSync: () => undefined,
        // Every record of every test must be one that recovery takes.
        renameSync: (from, to) => {
          if (String(to).endsWith("/journal/commit.json")) requireSound(readFileSync(from, "utf8"));
          machine.fs.renameSync(from, to);
        },
      },
      // The program starts itself inside the test's process: locks exclude between descriptors there too.
      startSelf: (argv, start) => this.#runIn({ cwd: start.cwd, env: start.env ?? {} }, argv),
      clock: {
        nowMs: () => clock.nowMs,
        offsetMinutesAt: () => clock.offsetMinutes,
        epochMsOfLocal: (utcMs) => utcMs - clock.offsetMinutes * MINUTE_MS,
      },
    };
  }
}
