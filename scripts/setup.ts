/** Installs what a developer command needs: the locked dependencies, and for the tests the tools of the system. */
import { existsSync } from "node:fs";
import { BUN, runStep } from "./run-step.ts";

/** What the tests use beside Bun and npm: a command or a file, and the Debian package that has it. */
const TOOLS: Readonly<Record<string, string>> = {
  strace: "strace",
  unshare: "util-linux",
  flock: "util-linux",
  mount: "mount",
  chattr: "e2fsprogs",
  script: "bsdutils",
  pgrep: "procps",
  python3: "python3",
  git: "git",
  bash: "bash",
  dash: "dash",
  zsh: "zsh",
  fish: "fish",
  busybox: "busybox",
  shellcheck: "shellcheck",
  curl: "curl",
  wget: "wget",
  openssl: "openssl",
  tar: "tar",
  gzip: "gzip",
  ruby: "ruby",
  gcc: "gcc",
  "qemu-aarch64": "qemu-user",
  "/usr/aarch64-linux-gnu/lib/libc.so.6": "libc6-arm64-cross",
  "/usr/lib/x86_64-linux-gnu/libstdc++.so.6": "libstdc++6",
  "/lib/ld-musl-x86_64.so.1": "musl",
};

/** Installs the locked dependencies. */
export function installDependencies(): void {
  runStep("install the locked dependencies", [BUN, "install", "--frozen-lockfile"]);
}

/** Makes sure that the tools are there: installs them where it may, else names them and ends the process. */
export function installTools(): void {
  const missing = Object.entries(TOOLS).filter(
    ([tool]) => !(tool.startsWith("/") ? existsSync(tool) : Bun.which(tool)),
  );
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    console.error(`The tests need ${packages.join(", ")}. Install them, then run this again.`);
    process.exit(1);
  }
  console.log(`\nThe tests need Debian packages that are missing: ${packages.join(", ")}`);
  runStep("apt-get update", ["apt-get", "update", "-q"], { DEBIAN_FRONTEND: "noninteractive" });
  runStep("apt-get install", ["apt-get", "install", "-qy", "--no-install-recommends", ...packages], {
    DEBIAN_FRONTEND: "noninteractive",
  });
}
