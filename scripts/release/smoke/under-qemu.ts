import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { toolPath } from "../system-tool.ts";
import type { SmokeProgram } from "./smoke-program.ts";

const ARM64_ROOT = "/usr/aarch64-linux-gnu";

/**
 * Prepares a program for Linux on arm64 to run under QEMU's user-mode emulation with Debian's C library for arm64.
 * @throws Error that names the Debian package when the emulator or the library is missing.
 */
export function programUnderQemu(binary: string, scratch: string): SmokeProgram {
  if (!existsSync(join(ARM64_ROOT, "lib", "ld-linux-aarch64.so.1"))) {
    throw new Error("the C library for arm64 is missing: apt-get install libc6-arm64-cross");
  }
  for (const name of ["home", "work"]) mkdirSync(join(scratch, name), { recursive: true });
  return {
    directory: join(scratch, "work"),
    command: [toolPath("qemu-aarch64"), "-L", ARM64_ROOT, binary],
    env: { HOME: join(scratch, "home") },
  };
}
