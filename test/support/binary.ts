import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Path of the compiled program that the tests of the binary run. */
export const MAI = resolve(import.meta.dir, "../../dist/mai");

/** Mode of a directory that a group shares. */
const SHARED = 0o2770;

/** What one process came to. */
export interface Ended {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started, beside its arguments. */
export interface Start {
  /** Another program than that of the project, such as one with a fault. */
  readonly binary?: string;
  /** Words before the program: `strace …`, `unshare …`. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Takes the process once it runs: to kill it, for instance. */
  readonly started?: (process: Bun.Subprocess) => void;
}

/** Fails with what to do when there is no compiled program. */
export function requireBinary(): void {
  if (!existsSync(MAI)) throw new Error(`${MAI} is missing: compile it first with 'bun run build'.`);
}

/** Fails with the Debian package to install when a tool is missing: a test that needs it never skips. */
export function requireTool(tool: string, debianPackage: string): void {
  if (Bun.which(tool) === null) throw new Error(`${tool} is missing: apt-get install ${debianPackage}`);
}

/** Where projects lie: on the disk of temporary files, or in memory, for harnesses that bring their own faults. */
export type Medium = "disk" | "memory";

const MEMORY = "/dev/shm";

/** Makes an empty directory for one test. */
export function scratchDirectory(medium: Medium): string {
  return mkdtempSync(join(medium === "memory" && isWritable(MEMORY) ? MEMORY : tmpdir(), "mai-binary-"));
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false; // Then the disk does: slower, and just as good.
  }
}

/** A project on disk with an empty home beside it, on which real processes run. */
export class BinaryProject {
  readonly base: string;
  /** Directory that holds `.mai/`. */
  readonly root: string;
  /** The program that runs on it. */
  readonly binary: string;

  constructor(binary: string = MAI, base: string = scratchDirectory("disk")) {
    this.base = base;
    this.binary = binary;
    this.root = join(base, "work");
    mkdirSync(this.root, { recursive: true });
    // Not what the umask gives: modes that are not inherited show.
    chmodSync(this.root, SHARED);
    mkdirSync(join(base, "home"), { recursive: true });
  }

  /** Makes a project and runs command lines in it, each of which must succeed. */
  static async after(
    steps: readonly (readonly string[])[],
    options: { readonly binary?: string; readonly medium?: Medium } = {},
  ): Promise<BinaryProject> {
    requireBinary();
    const project = new BinaryProject(options.binary ?? MAI, scratchDirectory(options.medium ?? "disk"));
    for (const step of steps) await project.ok(...step);
    return project;
  }

  /** Copies everything, home, modes and times included, to a new place beside it: the age of a lease is a file's. */
  copy(): BinaryProject {
    const base = mkdtempSync(join(dirname(this.base), "mai-binary-"));
    cpSync(this.base, base, { recursive: true, preserveTimestamps: true });
    return new BinaryProject(this.binary, base);
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  async run(argv: readonly string[], start: Start = {}): Promise<Ended> {
    const child = Bun.spawn([...(start.under ?? []), start.binary ?? this.binary, ...argv], {
      cwd: this.root,
      env: { HOME: join(this.base, "home"), PATH: process.env.PATH ?? "", ...start.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    start.started?.(child);
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    await child.exited;
    return { code: child.signalCode === null ? child.exitCode : null, stdout, stderr };
  }

  /** Runs and insists on success. */
  async ok(...argv: readonly string[]): Promise<Ended> {
    const ended = await this.run(argv);
    if (ended.code !== 0)
      throw new Error(`mai ${argv.join(" ")}: ${ended.code} ${ended.stdout}${ended.stderr}`);
    return ended;
  }
}
