import { parseJsonObject } from "../../codec/json.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { ioError, isSystemError } from "../../store/io-error.ts";
import { type ProbeLock, tryProbeLock } from "../../store/lock/probe-lock.ts";
import { CONFIG_PATH } from "../../store/project-paths.ts";
import type { Call } from "../call.ts";

/** Both processes of the probe together take at most a second. */
const PROCESS_TIMEOUT_MS = 450;
const BUSY = 75;

/**
 * Proves with a second process that flock(2) excludes on this very directory: the other must get a lock that is
 * free, and must not get one that is held. One second at most; nothing is written.
 */
export async function probeFlock(call: Call): Promise<readonly Finding[]> {
  try {
    return await probe(call);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = ioError(error).message;
    return [finding(error.syscall === "flock" ? "flock_broken" : "probe_not_run", CONFIG_PATH, message)];
  }
}

async function probe(call: Call): Promise<readonly Finding[]> {
  const free = await otherProcess(call);
  if (free === null || !free.got) return [notRun("a second process could not lock the free file")];
  const own = tryProbeLock(call.workspace);
  if (!own.got) return [notRun("another process locks the file")];
  try {
    const held = await otherProcess(call);
    if (held === null || held.file !== own.file) return [notRun("the file was replaced meanwhile")];
    if (!held.got) return [];
    const message = "Two processes held one exclusive flock at the same time.";
    return [finding("flock_broken", CONFIG_PATH, message)];
  } finally {
    own.release();
  }
}

/** What the other process says; null when it did not get so far. */
async function otherProcess({ workspace }: Call): Promise<Pick<ProbeLock, "got" | "file"> | null> {
  const { code, stdout } = await workspace.system.startSelf(
    ["--json", "--project", workspace.root, "selftest", "flock"],
    // The caller has trusted the project, perhaps by a variable that the other process does not get.
    { cwd: workspace.root, env: { MAI_TRUST: workspace.root }, timeoutMs: PROCESS_TIMEOUT_MS },
  );
  const file = parseJsonObject(stdout)?.file;
  if (typeof file !== "string" || (code !== 0 && code !== BUSY)) return null;
  return { got: code === 0, file };
}

function notRun(why: string): Finding {
  return finding("probe_not_run", CONFIG_PATH, `Whether flock excludes here was not proved: ${why}.`);
}
