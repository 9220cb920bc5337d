// Which Debian package brings a tool that does not go by the package's name.
const PACKAGES: Readonly<Record<string, string>> = {
  env: "coreutils",
  ldd: "libc-bin",
  "qemu-aarch64": "qemu-user",
  setpriv: "util-linux",
  sha256sum: "coreutils",
  unshare: "util-linux",
};

/**
 * Finds a tool that a check needs. A check never skips for want of one.
 * @throws Error that names the Debian package which has it.
 */
export function toolPath(name: string): string {
  const path = Bun.which(name);
  if (path !== null) return path;
  throw new Error(`${name} is missing: apt-get install ${PACKAGES[name] ?? name}`);
}
