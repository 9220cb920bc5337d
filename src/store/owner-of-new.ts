import type { Stats } from "node:fs";
import { isSystemError } from "./io-error.ts";
import type { System } from "./system.ts";
import type { Workspace } from "./workspace.ts";

const ROOT = 0;

/** What a file system answers that has no owners to give, or a kernel that does not know the user. */
const CANNOT_GIVE: ReadonlySet<string> = new Set([
  ...["EPERM", "EACCES", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"],
]);

type Place = Pick<Workspace, "root" | "system">;
type Owner = Pick<Stats, "uid" | "gid">;

/**
 * Gives what root has just made to the owner and group of `.mai`, so that a command as root locks nobody out. `.mai`
 * itself goes to the owner of its directory, and so does what lies in no project. For other users it does nothing, and
 * where the owner cannot be changed the file stays root's.
 * @param made.path from the root of the place
 * @param made.stat who it belongs to now
 * @param made.replaces the file that it takes the place of: its group stays, and its owner if that is not root
 */
export function giveToOwner(
  place: Place,
  fd: number,
  made: { readonly path: string; readonly stat: Owner; readonly replaces?: Owner },
): void {
  if (place.system.userId() !== ROOT) return;
  const owner = made.replaces?.uid ? made.replaces : ownerFor(place, made.path);
  const gid = made.replaces?.gid ?? owner.gid;
  if (made.stat.uid === owner.uid && made.stat.gid === gid) return;
  try {
    place.system.fs.fchownSync(fd, owner.uid, gid);
  } catch (error) {
    if (!isSystemError(error) || !CANNOT_GIVE.has(error.code)) throw error;
  }
}

/** The owner that was looked up last: one change makes several files. */
const known = new WeakMap<System, { readonly root: string; readonly owner: Owner }>();

/** Files of users are named from the very root of the file system, and belong to no project. */
function ownerFor(place: Place, path: string): Owner {
  const isInProject = place.root !== "" && path !== ".mai";
  const last = known.get(place.system);
  if (isInProject && last?.root === place.root) return last.owner;
  const project = isInProject ? ownerOf(place, ".mai") : null;
  if (project !== null) known.set(place.system, { root: place.root, owner: project });
  return (
    project ?? ownerOf(place, path.slice(0, Math.max(0, path.lastIndexOf("/")))) ?? { uid: ROOT, gid: ROOT }
  );
}

function ownerOf({ root, system }: Place, path: string): Owner | null {
  return (
    system.fs.lstatSync(path === "" ? root || "/" : `${root}/${path}`, { throwIfNoEntry: false }) ?? null
  );
}
