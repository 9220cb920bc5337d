import { type Pointer, ptr, read } from "bun:ffi";
import type { LocalZone } from "../../domain/time.ts";
import { NoExecutableMemory, openCLibrary } from "./c-library.ts";
import type { FlockOperation } from "./flock-operations.ts";

const LOCK_NB = 4;

/** EWOULDBLOCK (11 on Linux, 35 on macOS) and EINTR (4): the caller comes again, until its wait is over. */
const COME_AGAIN: ReadonlySet<number> = new Set([4, 11, 35]);

/** Size of `struct tm` and place of `tm_gmtoff` in it: the same on 64-bit glibc, musl and macOS. */
const TM_BYTES = 64;
const TM_GMTOFF = 40;

const SYNC_FILE_RANGE_WRITE = 2;
const LINUX_DEFINITIONS = {
  sync_file_range: { args: ["i32", "i64", "i64", "u32"], returns: "i32" },
} as const;

/** What mai takes from the C library. */
export interface Libc extends LocalZone {
  /** False where the runtime may not make executable memory: the program `flock` locks then, which takes longer. */
  readonly isBound: boolean;
  /**
   * Tries flock(2) without waiting. @returns whether the lock was got
   * @throws Error with `code` and `syscall` for anything but "somebody else has it"
   */
  tryFlock(fd: number, operation: FlockOperation): boolean;
  /** Asks the kernel to begin writing a file to the disk, without waiting: a hint, which some systems do not know. */
  startWriting(fd: number): void;
}

/** Opens the C library that the process runs on: glibc, musl or macOS. */
export function openLibc(): Libc {
  try {
    return boundLibc(loadSymbols());
  } catch (error) {
    if (!(error instanceof NoExecutableMemory)) throw error;
    const { libcByProgram }: typeof import("./flock-program.ts") = require("./flock-program.ts");
    return libcByProgram();
  }
}

function boundLibc(symbols: Symbols): Libc {
  const errno = () => read.i32(symbols.errno() as Pointer, 0);
  return {
    isBound: true,
    tryFlock(fd, operation) {
      if (symbols.flock(fd, operation | LOCK_NB) === 0) return true;
      const code = errno();
      if (COME_AGAIN.has(code)) return false;
      throw flockError(code);
    },
    startWriting: (fd) => void symbols.sync_file_range?.(fd, 0, 0, SYNC_FILE_RANGE_WRITE),
    offsetMinutesAt: (epochMs) => offsetMinutes(symbols, epochMs),
    epochMsOfLocal: (utcMs) => epochOfLocal(symbols, utcMs),
  };
}

interface Symbols {
  readonly flock: (fd: number, operation: number) => number;
  readonly errno: () => Pointer | null;
  readonly localtime_r: (time: Pointer, tm: Pointer) => Pointer | null;
  readonly mktime: (tm: Pointer) => bigint | number;
  /** Linux only. */
  readonly sync_file_range?: (fd: number, offset: number, bytes: number, flags: number) => number;
}

function loadSymbols(): Symbols {
  const errno = process.platform === "darwin" ? "__error" : "__errno_location";
  const definitions = {
    flock: { args: ["i32", "i32"], returns: "i32" },
    [errno]: { args: [], returns: "ptr" },
    localtime_r: { args: ["ptr", "ptr"], returns: "ptr" },
    mktime: { args: ["ptr"], returns: "i64" },
    ...(process.platform === "linux" ? LINUX_DEFINITIONS : {}),
  } as const;
  const symbols = openCLibrary(definitions);
  return { ...symbols, errno: symbols[errno] } as unknown as Symbols;
}

function flockError(errno: number): Error {
  const code = errno === 37 || errno === 77 ? "ENOLCK" : `errno ${errno}`;
  return Object.assign(new Error(`flock failed: ${code}`), { code, errno: -errno, syscall: "flock" });
}

function offsetMinutes(symbols: Symbols, epochMs: number): number {
  const seconds = new BigInt64Array([BigInt(Math.floor(epochMs / 1000))]);
  const tm = new Uint8Array(TM_BYTES);
  symbols.localtime_r(ptr(seconds), ptr(tm));
  return Math.round(Number(new DataView(tm.buffer).getBigInt64(TM_GMTOFF, true)) / 60);
}

function epochOfLocal(symbols: Symbols, utcMs: number): number {
  const utc = new Date(utcMs);
  const tm = new Int32Array(TM_BYTES / 4);
  tm.set([utc.getUTCSeconds(), utc.getUTCMinutes(), utc.getUTCHours(), utc.getUTCDate(), utc.getUTCMonth()]);
  tm[5] = utc.getUTCFullYear() - 1900;
  tm[8] = -1; // tm_isdst: the zone decides
  return Number(symbols.mktime(ptr(tm))) * 1000 + utc.getUTCMilliseconds();
}
