import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BinaryProject, type Ended, requireTool, scratchDirectory } from "./binary.ts";

/** One system call of a run: its name, how many of that name came up to it, and the line of the trace. */
export interface SystemCall {
  readonly name: string;
  readonly nth: number;
  readonly line: string;
}

/** Calls that read or write files, names or locks. */
const FILE_CALLS: ReadonlySet<string> = new Set([
  ...["openat", "close", "read", "pread64", "write", "pwrite64", "fsync", "ftruncate", "getdents64", "flock"],
  ...["statx", "newfstatat", "fstat", "rename", "renameat2", "unlink", "mkdir", "rmdir", "fchmod", "fchown"],
]);

const THE_MUTEX = /"\/proc\/self\/fd\/\d+\/mutex"/;
/** The root and `.mai` are opened right before it. */
const DIRECTORIES_ABOVE = 2;
/** What is told about the process, but not the paths that lead through its descriptors. */
const OF_THE_SYSTEM = /"\/proc\/(?!self\/fd\/)/;

/** Those that need room on the disk. */
const SPENDING: ReadonlySet<string> = new Set(["openat", "write", "pwrite64", "fsync", "rename", "mkdir"]);

/**
 * Stops the program at the calls that are traced alone, which takes half the time of stopping at all of them. It comes
 * with following threads; calls are counted for each thread, and only the main one touches files. Only errors are put
 * in this way: signals get lost.
 */
const QUICKLY = ["-f", "--seccomp-bpf"];

/** Tells whether a call can meet a full disk. */
export function needsRoom(call: SystemCall): boolean {
  return SPENDING.has(call.name) && !call.line.includes("O_RDONLY");
}

/** Runs a command once under strace. @returns its file-system calls from the opening of the mutex and of what it lies in on */
export async function fileCalls(
  project: BinaryProject,
  argv: readonly string[],
): Promise<readonly SystemCall[]> {
  const { trace } = await traced(project, argv, []);
  const calls = numbered(trace);
  const mutex = calls.findIndex(({ name, line }) => name === "openat" && THE_MUTEX.test(line));
  if (mutex === -1) throw new Error(`mai ${argv.join(" ")} takes no mutex`);
  return calls
    .slice(mutex - DIRECTORIES_ABOVE)
    .filter(({ name, line }) => FILE_CALLS.has(name) && !OF_THE_SYSTEM.test(line));
}

/** Runs a command that meets `fault` (`signal=SIGKILL`, `error=EIO`) at one of its calls, or from it on. */
export async function runWithFault(
  project: BinaryProject,
  argv: readonly string[],
  fault: { readonly call: SystemCall; readonly what: string; readonly forever: boolean },
): Promise<{ readonly ended: Ended; readonly hit: boolean }> {
  const { name, nth } = fault.call;
  const when = `${nth}${fault.forever ? "+" : ""}`;
  const quickly = fault.what.startsWith("error=") ? QUICKLY : [];
  const options = [...quickly, "-e", `trace=${name}`, "-e", `inject=${name}:${fault.what}:when=${when}`];
  const { ended, trace } = await traced(project, argv, options);
  return { ended, hit: trace.includes("(INJECTED)") || trace.includes("killed by SIGKILL") };
}

/** Runs a command under strace with more options. @returns how it ended, and the trace */
export async function traced(
  project: BinaryProject,
  argv: readonly string[],
  options: readonly string[],
): Promise<{ readonly ended: Ended; readonly trace: string }> {
  requireTool("strace", "strace");
  const directory = scratchDirectory("memory");
  const path = join(directory, "trace");
  const ended = await project.run(argv, { under: ["strace", "-o", path, ...options] });
  const trace = readFileSync(path, "latin1");
  rmSync(directory, { recursive: true });
  return { ended, trace };
}

function numbered(trace: string): readonly SystemCall[] {
  const counts = new Map<string, number>();
  return trace.split("\n").flatMap((line) => {
    const name = /^(\w+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [{ name, nth, line }];
  });
}
