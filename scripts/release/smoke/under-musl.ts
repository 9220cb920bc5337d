import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../run-command.ts";
import { toolPath } from "../system-tool.ts";
import type { SmokeProgram } from "./smoke-program.ts";

const LOADER = "/lib/ld-musl-x86_64.so.1";
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";

/**
 * Prepares a musl program for x64 to run on a glibc machine: musl's own loader and C library, with the machine's
 * libstdc++ and a shim for what that one expects of glibc. The shim goes by the name of glibc's loader, which
 * libstdc++ asks for.
 * @throws Error that names the Debian package when the loader or the C compiler is missing.
 */
export async function programUnderMusl(binary: string, scratch: string): Promise<SmokeProgram> {
  if (!existsSync(LOADER)) throw new Error(`${LOADER} is missing: apt-get install musl`);
  const libraries = join(scratch, "lib");
  for (const name of ["lib", "home", "work"]) mkdirSync(join(scratch, name), { recursive: true });
  for (const name of ["libstdc++.so.6", "libgcc_s.so.1"]) {
    copyFileSync(join(LIBRARIES, name), join(libraries, name));
  }
  const shim = join(libraries, "ld-linux-x86-64.so.2");
  const source = join(import.meta.dir, "musl-shim.c");
  await runOrThrow([toolPath("gcc"), "-shared", "-fPIC", "-nostdlib", "-fno-builtin", "-o", shim, source]);
  return {
    directory: join(scratch, "work"),
    command: [toolPath("env"), `LD_LIBRARY_PATH=${libraries}`, binary],
    env: { HOME: join(scratch, "home") },
  };
}
