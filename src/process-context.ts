import * as fs from "node:fs";
import type { Context, Output } from "./cli/context.ts";
import { runCli } from "./cli/run-cli.ts";
import { machineSystem } from "./store/system.ts";

/** Pause before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 1;
const READ_CHUNK_BYTES = 65_536;

/** Runs one command line in the real process. @returns the exit status */
export function runProcess(argv: readonly string[]): Promise<number> {
  return runCli(argv, processContext());
}

function processContext(): Context {
  return {
    cwd: currentDirectory(),
    env: process.env,
    system: machineSystem(),
    stdin: { isTerminal: isTerminal(0), readText: () => readAll(0) },
    stdout: output(1),
    stderr: output(2),
  };
}

/** A directory that was removed under us has no name; then only absolute paths lead anywhere. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "/";
    throw error;
  }
}

function output(fd: number): Output {
  let closed = false;
  return {
    isTerminal: isTerminal(fd),
    write: (text) => {
      closed = !writeAll(fd, Buffer.from(text));
    },
    isClosed: () => closed,
  };
}

/** A character device that is not the null device: asking libc whether it is a terminal costs more than all else here. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev !== fs.statSync("/dev/null").rdev;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBADF") return false;
    throw error;
  }
}

/**
 * Writes everything, through slow and non-blocking pipes too; a closed pipe ends it quietly.
 * @returns false for a closed pipe
 */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      Bun.sleepSync(FULL_PIPE_PAUSE_MS);
    }
  }
  return true;
}

function readAll(fd: number): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(READ_CHUNK_BYTES);
  for (;;) {
    const read = readChunk(fd, chunk);
    if (read === 0) return Buffer.concat(chunks).toString("utf8");
    if (read > 0) chunks.push(Buffer.from(chunk.subarray(0, read)));
  }
}

/** @returns bytes read, 0 at the end, -1 when there is nothing yet */
function readChunk(fd: number, chunk: Buffer): number {
  try {
    return fs.readSync(fd, chunk, 0, chunk.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EOF") return 0;
    if (code !== "EAGAIN") throw error;
    Bun.sleepSync(FULL_PIPE_PAUSE_MS);
    return -1;
  }
}
