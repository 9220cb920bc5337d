/** A file system as the kernel names it. */
export interface MountedFileSystem {
  /** Type, such as `ext4` or `fuse.sshfs`. */
  readonly type: string;
  /** Where it is mounted. */
  readonly mountPoint: string;
  /** Options of the mount and of the file system, as words. */
  readonly options: readonly string[];
}

/** File systems on which flock(2) may not exclude, with what is known of each; a prefix ends in `*`. */
const UNSURE: Readonly<Record<string, string>> = {
  nfs: "flock travels to the server only over NFS 4, or with a lock daemon; every machine must mount it alike",
  nfs4: "flock is turned into byte-range locks on the server; every machine must mount it alike",
  cifs: "locks are mandatory on SMB, and may be kept on this machine only",
  smb3: "locks are mandatory on SMB, and may be kept on this machine only",
  smbfs: "locks are mandatory on SMB, and may be kept on this machine only",
  "9p": "flock reaches the host only with the option posixacl or cache=none of some servers",
  virtiofs: "flock is kept inside the virtual machine unless the host's daemon runs with --flock",
  vboxsf: "VirtualBox shared folders do not pass flock on",
  prl_fs: "Parallels shared folders do not pass flock on",
  osxfs: "Docker Desktop's shared folders were seen to lose flock",
  grpcfuse: "Docker Desktop's shared folders were seen to lose flock",
  fakeowner: "Docker Desktop's shared folders were seen to lose flock",
  lustre: "flock excludes between machines only with the mount option flock",
  afs: "flock is kept on this machine only",
  vfat: "files have no owner and no mode, and may change their inode",
  exfat: "files have no owner and no mode, and may change their inode",
  "fuse.*": "it depends on the program behind it whether flock is passed on",
  fuse: "it depends on the program behind it whether flock is passed on",
  fuseblk: "it depends on the program behind it whether flock is passed on",
};

/** Mount options that keep locks on this machine. */
const LOCAL_LOCKS: ReadonlySet<string> = new Set([
  "nolock",
  "local_lock=all",
  "local_lock=flock",
  "localflock",
]);

/** Returns why flock(2) cannot be trusted on a file system, null where nothing speaks against it. */
export function flockDoubt({ type, options }: MountedFileSystem): string | null {
  const local = options.find((option) => LOCAL_LOCKS.has(option));
  if (local !== undefined) return `the mount option ${local} keeps locks on this machine`;
  const family = type.includes(".") ? `${type.slice(0, type.indexOf("."))}.*` : type;
  for (const name of [type, family]) if (Object.hasOwn(UNSURE, name)) return UNSURE[name] ?? null;
  return null;
}
