import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.ts";
import { toolPath } from "../system-tool.ts";
import type { SmokeProgram } from "./smoke-program.ts";

/**
 * Lays a root directory that holds a program, the libraries that its loader asks for, `/proc`, an empty `/home` and
 * an empty `/work` to run in: no shell, no `/etc`, no `/dev`.
 */
export async function programInChroot(binary: string, root: string): Promise<SmokeProgram> {
  await installInRoot(binary, { root, path: "/mai" });
  for (const name of ["proc", "home", "work"]) mkdirSync(join(root, name));
  const command = [...enterRoot(root, "/work"), "/mai"];
  return { directory: join(root, "work"), command, env: { HOME: "/home" } };
}

/** Copies a program and the libraries that its loader asks for into a root directory. */
export async function installInRoot(
  program: string,
  place: { readonly root: string; readonly path: string },
): Promise<void> {
  copyInto(place.root, { from: program, path: place.path });
  chmodSync(join(place.root, place.path), 0o755);
  await installLibraries(program, place.root);
}

/** Copies the libraries that a program's loader asks for into a root directory; a static program has none. */
export async function installLibraries(program: string, root: string): Promise<void> {
  const list = await runCommand([toolPath("ldd"), program]);
  if (list.stderr.includes("not a dynamic executable")) return;
  if (list.exitCode !== 0) throw new Error(`ldd ${program}: ${list.stderr}`);
  const libraries = list.stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g);
  for (const [, library = ""] of libraries) copyInto(root, { from: library, path: library });
}

/**
 * Gives the command that runs a program in a root directory with `/proc` mounted, in a mount namespace of its own,
 * so that nothing stays mounted. Without root's rights it takes a user namespace.
 */
export function enterRoot(root: string, directory: string): readonly string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user", "--pid", "--fork"];
  return [toolPath("unshare"), ...asRoot, "--mount", "--mount-proc", `--root=${root}`, `--wd=${directory}`];
}

function copyInto(root: string, file: { readonly from: string; readonly path: string }) {
  const to = join(root, file.path);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(file.from, to);
}
