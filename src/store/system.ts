import type { Clock } from "../domain/time.ts";
import { type FileSystem, machineFileSystem } from "./file-system.ts";
import type { Libc } from "./libc.ts";
import { type StartSelf, startSelf } from "./self-process.ts";

/** Everything outside the program that a change can depend on; tests inject their own. */
export interface System {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Random bytes for temp names and hash ids. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly tryFlock: Libc["tryFlock"];
  /** Waits without giving way to other work of this process. */
  readonly sleepMs: (ms: number) => void;
  /** Number of the effective user. */
  readonly userId: () => number;
  /** Runs this program once more, as another process. */
  readonly startSelf: StartSelf;
}

/** Returns the machine itself. The C library is opened at its first use: reading rarely needs it. */
export function machineSystem(): System {
  let opened: Libc | null = null;
  const libc = () => {
    opened ??= loadLibc();
    return opened;
  };
  return {
    fs: machineFileSystem,
    clock: {
      nowMs: () => Date.now(),
      offsetMinutesAt: (epochMs) => libc().offsetMinutesAt(epochMs),
      epochMsOfLocal: (utcMs) => libc().epochMsOfLocal(utcMs),
    },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    tryFlock: (fd, operation) => libc().tryFlock(fd, operation),
    sleepMs: (ms) => Bun.sleepSync(ms),
    userId: () => process.geteuid?.() ?? 0,
    startSelf,
  };
}

/** Loaded late: most readings need neither a lock nor the zone. */
function loadLibc(): Libc {
  const { openLibc }: typeof import("./libc.ts") = require("./libc.ts");
  return openLibc();
}
