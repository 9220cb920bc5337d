import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { sha256OfFile } from "./file-digest.ts";
import { runOrThrow } from "./run-command.ts";
import type { Target } from "./targets.ts";

/**
 * Returns the path of Bun's executable for a platform: the running one where it is the same file, else a cached
 * copy, else a download through Bun's own package client, whatever registry that is set up for. Its digest is
 * compared with the pinned one each time.
 * @throws Error when the package cannot be had, or holds another executable than the pinned one.
 */
export async function obtainBaseExecutable(target: Target, bunVersion: string): Promise<string> {
  if ((await sha256OfFile(process.execPath)) === target.baseSha256) return process.execPath;
  const cached = join(cacheDirectory(), `bun-${bunVersion}`, target.name, "bun");
  if (!existsSync(cached)) await download(target, { version: bunVersion, into: cached });
  await verify(target, cached);
  return cached;
}

function cacheDirectory(): string {
  const { MAI_BUILD_CACHE: own, XDG_CACHE_HOME: shared, HOME: home } = process.env;
  if (own) return own;
  if (shared) return join(shared, "mai-build");
  return home ? join(homedir(), ".cache", "mai-build") : join(tmpdir(), "mai-build-cache");
}

// The client is asked for one package by its exact version, in a directory of its own, and for the target's
// platform in place of this machine's, since it leaves out packages of another platform.
async function download(target: Target, wanted: { readonly version: string; readonly into: string }) {
  const parent = join(wanted.into, "..");
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, "download-"));
  try {
    const dependencies = { [target.basePackage]: wanted.version };
    writeFileSync(join(scratch, "package.json"), JSON.stringify({ private: true, dependencies }));
    await runOrThrow(installCommand(target, join(scratch, "cache")), { cwd: scratch });
    const executable = join(scratch, "node_modules", target.basePackage, "bin", "bun");
    await verify(target, executable);
    renameSync(executable, wanted.into);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// A package cache of its own: Bun's shared one holds unpacked files, which it does not check again, and would be
// linked to the file that is kept here.
function installCommand(target: Target, cache: string): readonly string[] {
  const platform = ["--os", target.os, "--cpu", target.cpu];
  const quiet = ["--ignore-scripts", "--no-progress", "--cache-dir", cache];
  return [process.execPath, "install", ...quiet, ...platform];
}

async function verify(target: Target, path: string) {
  const found = await sha256OfFile(path);
  if (found === target.baseSha256) return;
  throw new Error(
    `${path} is not the pinned ${target.basePackage}: SHA-256 ${found}, expected ${target.baseSha256}. ` +
      "Delete it and build again; if it stays so, do not release.",
  );
}
