import { fileSystemOf } from "../../codec/mount-info.ts";
import type { MountedFileSystem } from "../../domain/doctor/file-systems.ts";
import { isSystemError } from "../io-error.ts";
import { readText } from "../read-file.ts";
import type { System } from "../system.ts";

const MOUNT_INFO = "/proc/self/mountinfo";

/** Returns the file system that a directory lies on; null where the machine does not tell (macOS, no /proc). */
export function mountedFileSystem(system: System, directory: string): MountedFileSystem | null {
  try {
    const text = readText(system.fs, MOUNT_INFO);
    return text === null ? null : fileSystemOf(text, system.fs.realpathSync(directory));
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
