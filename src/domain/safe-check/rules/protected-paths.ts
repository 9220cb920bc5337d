/** How a protected path matters; every rule says which of these it minds. */
export type Protection =
  | "root"
  | "system"
  | "top"
  | "home"
  | "kept"
  | "here"
  | "above"
  | "repository"
  | "shared";

/** How a protection is called in a reason. */
export const PROTECTIONS = {
  root: "the root directory",
  system: "a system directory",
  top: "a whole top-level directory",
  home: "a whole home directory",
  kept: "a directory of personal files or keys",
  here: "the whole current directory",
  above: "a directory above the current one",
  repository: "the history of the repository",
  shared: "the shared work of the project",
} as const satisfies Record<Protection, string>;

/** Directories that belong to the system: losing one, or its rights, loses the machine. */
export const SYSTEM_DIRECTORIES = [
  "/bin",
  "/boot",
  "/dev",
  "/efi",
  "/etc",
  "/home",
  "/lib",
  "/lib32",
  "/lib64",
  "/proc",
  "/run",
  "/sbin",
  "/sys",
  "/usr",
  "/var",
  "/Applications",
  "/Library",
  "/System",
  "/Users",
  "/private",
  "/usr/bin",
  "/usr/include",
  "/usr/lib",
  "/usr/lib64",
  "/usr/libexec",
  "/usr/sbin",
  "/usr/share",
  "/var/db",
  "/var/lib",
  "/var/lib/docker",
  "/var/lib/dpkg",
  "/var/lib/mysql",
  "/var/lib/postgresql",
  "/var/lib/rpm",
  "/var/spool",
  "/etc/apt",
  "/etc/cron.d",
  "/etc/init.d",
  "/etc/network",
  "/etc/pam.d",
  "/etc/security",
  "/etc/ssh",
  "/etc/ssl",
  "/etc/sudoers.d",
  "/etc/systemd",
] as const satisfies readonly string[];

/** Directories two levels deep that count as a top-level one. */
export const TOP_DIRECTORIES = [
  "/usr/local",
  "/var/log",
  "/mnt/c",
  "/mnt/d",
] as const satisfies readonly string[];

/** Top-level directories whose contents may go, though not they themselves. */
export const SCRATCH_DIRECTORIES = ["/tmp"] as const satisfies readonly string[];

/** Directories that a path means when the variable in front is empty, beside those of the system. */
export const LOST_IF_UNSET = [
  "/opt",
  "/srv",
  "/mnt",
  "/media",
  "/usr/local",
  "/var/log",
] as const satisfies readonly string[];

/** Directories of a home that hold what cannot be fetched again. */
export const KEPT_IN_HOME = [
  ".ssh",
  ".gnupg",
  ".gnupg/private-keys-v1.d",
  "Library/Keychains",
  ".aws",
  ".kube",
  ".config",
  ".local",
  ".local/share",
  ".password-store",
  ".mai-cli",
  "Desktop",
  "Documents",
  "Downloads",
  "Library",
  "Movies",
  "Music",
  "Pictures",
  "Videos",
] as const satisfies readonly string[];

/** Files the system lives by: no command may write, replace or remove one. `*` also crosses slashes. */
export const SYSTEM_FILES = [
  "/boot/*",
  "/etc/cron.*/*",
  "/etc/crontab",
  "/etc/fstab",
  "/etc/group",
  "/etc/gshadow",
  "/etc/init.d/*",
  "/etc/inittab",
  "/etc/ld.so.preload",
  "/etc/nsswitch.conf",
  "/etc/pam.d/*",
  "/etc/passwd",
  "/etc/profile",
  "/etc/rc.local",
  "/etc/shadow",
  "/etc/ssh/*",
  "/etc/sudoers",
  "/etc/sudoers.d/*",
  "/proc/sys/kernel/*",
  "/proc/sysrq-trigger",
  "/sys/firmware/*",
  "/sys/power/*",
  "/sys/block/*",
  "/var/spool/cron/*",
  "~/.ssh/authorized_keys",
  ..."bash cat chmod chown cp dash env init login ls mv rm sh su sudo systemctl"
    .split(" ")
    .flatMap((name) => [`/bin/${name}`, `/usr/bin/${name}`, `/sbin/${name}`, `/usr/sbin/${name}`]),
] as const satisfies readonly string[];

/** Entries of `/dev` that are no hardware one could harm. */
export const HARMLESS_DEVICES =
  /^(?:null|zero|full|random|urandom|std(?:in|out|err)|fd(?:\/.*)?|tty.*|pts\/.*|ptmx|console|shm\/.+|mqueue\/.+|tcp\/.*|udp\/.*|log|snd\/.*)$/;
