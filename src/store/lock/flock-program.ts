import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../io-error.ts";
import type { Libc } from "./libc.ts";

/** Absolute paths only: PATH does not decide what is started. */
const PROGRAMS = ["/usr/bin/flock", "/bin/flock", "/run/current-system/sw/bin/flock"];
/** What util-linux and BusyBox answer with `-n` when somebody else has the lock. */
const SOMEBODY_ELSE = 1;
/** The first descriptor behind standard input, output and error. */
const PASSED_AS = 3;

/**
 * Does what mai needs from the C library where the runtime may not make executable memory. The lock belongs to the
 * open file, which the program `flock` gets from mai, and it outlives that program.
 * @param programs absolute paths of `flock`, the first that is there is used
 */
export function libcByProgram(programs: readonly string[] = PROGRAMS): Libc {
  return {
    isBound: false,
    tryFlock: (fd, operation) => tryProgram(programs, [`-${operation === 1 ? "s" : "x"}n`, fd]),
    startWriting: () => undefined,
    offsetMinutesAt: (epochMs) => 0 - new Date(epochMs).getTimezoneOffset(),
    epochMsOfLocal,
  };
}

function tryProgram(programs: readonly string[], [option, fd]: readonly [string, number]): boolean {
  for (const program of programs) {
    const code = run([program, option, `${PASSED_AS}`], fd);
    if (code === null) continue;
    if (code === 0 || code === SOMEBODY_ELSE) return code === 0;
    throw Object.assign(new Error(`${program} ended with ${code}`), {
      code: `status ${code}`,
      syscall: "flock",
    });
  }
  throw noWayToLock(programs);
}

/** @returns its exit status; null when there is no such program */
function run(argv: readonly string[], fd: number): number | null {
  try {
    return Bun.spawnSync([...argv], { stdio: ["ignore", "ignore", "ignore", fd], env: {}, cwd: "/" })
      .exitCode;
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isSystemError(error, "ENOTDIR")) return null;
    throw error;
  }
}

function noWayToLock(programs: readonly string[]): MaiError {
  const message =
    "This process may not make executable memory, so mai cannot call flock(2), " +
    `and none of ${programs.join(", ")} is there to do it.`;
  return new MaiError("IO_ERROR", message, {
    hint:
      "Allow it: systemd without MemoryDenyWriteExecute=, 'ulimit -v unlimited', no BUN_JSC_useJIT. " +
      "Or install util-linux, which has the program flock.",
    fields: { errno: null, syscall: "flock", path: null },
  });
}

function epochMsOfLocal(utcMs: number): number {
  const utc = new Date(utcMs);
  const local = new Date(utcMs);
  local.setFullYear(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate());
  local.setHours(utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds(), utc.getUTCMilliseconds());
  return local.getTime();
}
