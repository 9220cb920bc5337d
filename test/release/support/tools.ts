// Which Debian package brings a tool that does not go by the package's name.
const PACKAGES: Readonly<Record<string, string>> = {
  sha256sum: "coreutils",
  setpriv: "util-linux",
  unshare: "util-linux",
  mount: "util-linux",
  "qemu-aarch64": "qemu-user",
  "qemu-x86_64": "qemu-user",
  ldd: "libc-bin",
};

/**
 * Finds a tool that a test needs. A test never skips for want of one.
 * @throws Error that names the Debian package which has it.
 */
export function toolPath(name: string): string {
  const path = Bun.which(name);
  if (path !== null) return path;
  throw new Error(`this test needs ${name}: apt-get install ${PACKAGES[name] ?? name}`);
}
