/** Installs what a developer command needs: the locked dependencies, and for the tests the tools of the system. */
import { existsSync } from "node:fs";
import { BUN, runStep } from "./run-step.ts";

/** Tools that the tests use beside Bun: command, and the Debian package that has it. */
const TOOLS: Readonly<Record<string, string>> = {
  strace: "strace",
  unshare: "util-linux",
  setpriv: "util-linux",
  git: "git",
};

/** Installs the locked dependencies. */
export function installDependencies(): void {
  runStep("install the locked dependencies", [BUN, "install", "--frozen-lockfile"]);
}

/** Makes sure that the tools are there: installs them where it may, else names them and ends the process. */
export function installTools(): void {
  const missing = Object.entries(TOOLS).filter(([command]) => Bun.which(command) === null);
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
