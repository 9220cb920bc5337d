import * as fs from "node:fs";
import type { Context, Output } from "./cli/context.ts";
import { runCli } from "./cli/run-cli.ts";
import { MaiError, NOT_UTF8_HINT } from "./domain/errors.ts";
import { stoppablePause } from "./stoppable-pause.ts";
import { machineSystem } from "./store/system.ts";
import { encodeUtf8 } from "./store/utf8.ts";

/** Pause before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 1;
const READ_CHUNK_BYTES = 65_536;
const LINE_FEED = 0x0a;
/** More than any command takes: a batch ends at 16 MiB, an import at 16 Mi characters, which are at most 48 MiB. */
const MOST_INPUT_MIB = 64;
const MIB = 1024 * 1024;

/** Runs one command line in the real process. @returns the exit status */
export function runProcess(argv: readonly string[]): Promise<number> {
  return runCli(argv, { ...processContext(), argumentsAreBroken: () => areBroken(argv) });
}

function processContext(): Context {
  return {
    cwd: currentDirectory(),
    env: process.env,
    system: machineSystem(),
    stdin: {
      isTerminal: isTerminal(0),
      readText: () => readAll(0),
      readLine: () => readLine(0),
      chunks: readChunks,
    },
    stdout: output(1),
    stderr: talk(2),
    pause: stoppablePause(),
  };
}

/** What stands for bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";

/** Bytes that are no text would be stored as something else; where the system does not show them nobody can tell. */
function areBroken(argv: readonly string[]): boolean {
  if (!argv.join(" ").includes(REPLACEMENT)) return false;
  try {
    return decoded(fs.readFileSync("/proc/self/cmdline")) === null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  }
}

/** @returns null for what is no UTF-8 */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
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
    // Asked before anything is done: a fault of this must not come between a change and its answer.
    isTerminal: isTerminal(fd),
    write: (data) => {
      closed ||= !writeAll(fd, typeof data === "string" ? encodeUtf8(data) : data);
    },
    isClosed: () => closed,
  };
}

/** Standard error that takes nothing is no reason to change what a command came to: nobody is left to be told. */
function talk(fd: number): Output {
  const stream = output(fd);
  const { write } = stream;
  return Object.assign(stream, {
    write: (data: string | Uint8Array) => {
      try {
        write(data);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      }
    },
  });
}

/** Device number of `/dev/null`, the character device that is no terminal; the path itself may be missing in a container. */
const NULL_DEVICE: Readonly<Record<string, number>> = { linux: 0x103, darwin: 0x3000002 };

/** Tells a terminal by its kind of file: asking the C library costs more than all else here. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev !== NULL_DEVICE[process.platform];
  } catch (error) {
    // A stream that is closed, or of which the system tells nothing, is none; a fault of it shows when it is used.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) return false;
    throw error;
  }
}

/**
 * Writes everything, through slow and non-blocking pipes too; a closed pipe ends it quietly.
 * @returns whether somebody still reads
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

/** What never ends is refused while there still is memory for it. */
function readAll(fd: number): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(READ_CHUNK_BYTES);
  for (let length = 0; length <= MOST_INPUT_MIB * MIB; ) {
    const read = readChunk(fd, chunk);
    if (read === 0) return textOf(Buffer.concat(chunks));
    if (read < 0) continue;
    chunks.push(Buffer.from(chunk.subarray(0, read)));
    length += read;
  }
  throw new MaiError("INVALID_TEXT", `Standard input has more than ${MOST_INPUT_MIB} MiB.`, {
    hint: "No command takes so much: a text ends at 64 KiB, a batch or an import at 16 MiB.",
  });
}

function textOf(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text !== null) return text;
  throw new MaiError("INVALID_TEXT", "Standard input is not UTF-8.", { hint: NOT_UTF8_HINT });
}

/** Byte by byte, so that nothing of the next line is taken. @returns null at the end of the input */
function readLine(fd: number): string | null {
  const line: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    const read = readChunk(fd, byte);
    if (read === 0 && line.length === 0) return null;
    if (read === 0 || (read > 0 && byte[0] === LINE_FEED)) return Buffer.from(line).toString("utf8");
    if (read > 0) line.push(byte[0] ?? 0);
  }
}

/** Cancelled, even a read that sleeps ends, and with it what keeps the process alive. */
async function* readChunks(until: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = Bun.stdin.stream().getReader();
  until.addEventListener("abort", () => void reader.cancel());
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
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
