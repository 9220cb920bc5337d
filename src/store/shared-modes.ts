import { parseJsonObject } from "../codec/json.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } from "./file-system.ts";
import { isSystemError } from "./io-error.ts";
import { CONFIG_PATH } from "./project-paths.ts";
import { readText } from "./read-file.ts";
import type { System } from "./system.ts";
import { absolute, type Workspace } from "./workspace.ts";

const OWNER_ONLY = 0o600;
const WORLD_WRITABLE = 0o002;
const NAME_BYTES = 8;

/** What was found out about a system and a project last: the file system of a project does not change. */
const known = new WeakMap<System, { readonly root: string; readonly allowed: boolean }>();

/** Tells from the text of config.json whether its project may lie where modes have no effect. */
export function saysSharedModes(config: string | null): boolean {
  return config !== null && parseJsonObject(config)?.allow_shared_modes === true;
}

/**
 * Tells whether the users of a project accepted that everybody may write it. What config.json says counts only where chmod
 * really has no effect: elsewhere anybody who may write the file could say it.
 */
export function allowsSharedModes(place: Pick<Workspace, "root" | "system" | "sharedModes">): boolean {
  if (place.sharedModes === "allowed") return true;
  const last = known.get(place.system);
  if (last?.root === place.root) return last.allowed;
  const config = readText(place.system.fs, absolute(place, CONFIG_PATH));
  const allowed = saysSharedModes(config) && modesAreShared(place.system, absolute(place, ".mai"));
  known.set(place.system, { root: place.root, allowed });
  return allowed;
}

/**
 * Tells whether everybody may write what is made in a directory, and chmod does not change that: on drives of Windows in
 * WSL, NTFS and shared folders of virtual machines. Makes a file there and removes it.
 * @returns false where no file can be made: whoever goes on learns why
 */
export function modesAreShared({ fs, randomBytes }: System, directory: string): boolean {
  const path = `${directory === "/" ? "" : directory}/.mai-probe-${randomBytes(NAME_BYTES).toHex()}`;
  let fd: number;
  try {
    fd = fs.openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
  try {
    return (fs.fstatSync(fd).mode & WORLD_WRITABLE) !== 0;
  } finally {
    fs.closeSync(fd);
    fs.unlinkSync(path);
  }
}
