import { dlopen, type FFIFunction } from "bun:ffi";
import { MaiError } from "../../domain/errors.ts";

/** What mai binds: name and types of each function. */
export type Definitions = Readonly<Record<string, FFIFunction>>;

/** How libraries are found and opened; tests inject their own. */
export interface Loader {
  /** @throws where there is no such file, or it cannot be opened */
  readonly open: (path: string, definitions: Definitions) => Readonly<Record<string, unknown>>;
  readonly isThere: (path: string) => boolean;
  /** Absolute paths, the best first. */
  readonly paths: readonly string[];
}

const { readFileSync, lstatSync }: typeof import("node:fs") = require("node:fs");

/** Thrown where the runtime may not make executable memory, without which it calls no function of a library. */
export class NoExecutableMemory extends Error {}

/**
 * Binds functions of the C library that the process runs on: glibc, musl or macOS. It is opened by its absolute
 * path: neither the current directory nor LD_LIBRARY_PATH decides what is loaded.
 * @throws NoExecutableMemory
 * @throws MaiError IO_ERROR for the first library that is there and cannot be opened, or when there is none
 */
export function openCLibrary(definitions: Definitions, loader: Loader = machineLoader()) {
  for (const path of loader.paths) {
    try {
      return loader.open(path, definitions);
    } catch (error) {
      if (error instanceof Error && error.message.includes("requires the JIT"))
        throw new NoExecutableMemory(error.message, { cause: error });
      if (loader.isThere(path)) throw notOpened(`The C library ${path} cannot be opened.`, error);
    }
  }
  throw notOpened(`The C library cannot be found; mai looked for ${loader.paths.join(", ")}.`);
}

/** The disk that the library lies on, or a limit of the process, stands in the way. */
function notOpened(message: string, cause?: unknown): MaiError {
  return new MaiError("IO_ERROR", message, {
    hint: "Nothing was changed. Correct what the system reports about that file, then repeat the command.",
    cause,
  });
}

function machineLoader(): Loader {
  return {
    open: (path, definitions) => dlopen(path, definitions).symbols,
    isThere: (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
    paths: cLibraryPaths({ platform: process.platform, arch: process.arch, readMaps }),
  };
}

/** Where the C library may lie. @param machine.readMaps what Linux says is mapped; empty where /proc is not mounted */
export function cLibraryPaths(machine: {
  readonly platform: string;
  readonly arch: string;
  readonly readMaps: () => string;
}): readonly string[] {
  // Not a file since macOS 11: the loader has it in a cache of its own.
  if (machine.platform === "darwin") return ["/usr/lib/libSystem.B.dylib"];
  const cpu = machine.arch === "arm64" ? "aarch64" : "x86_64";
  const mapped = mappedCLibrary(machine.readMaps());
  return [...(mapped === null ? [] : [mapped]), ...usualPaths(cpu)];
}

/** What the process runs on already, wherever NixOS, Guix or a bundle keeps it. */
const MAPPED =
  / (\/.*\/(?:libc\.so\.6|libc-2\.\d+\.so|(?:ld-musl-|libc\.musl-)[^/]+\.so\.1|libc\.so))(?: \(deleted\))?$/m;

function mappedCLibrary(maps: string): string | null {
  return MAPPED.exec(maps)?.[1] ?? null;
}

function usualPaths(cpu: string): readonly string[] {
  const glibc = [`/lib/${cpu}-linux-gnu`, "/lib64", "/usr/lib64", "/usr/lib", "/lib"];
  return [...glibc.map((directory) => `${directory}/libc.so.6`), `/lib/ld-musl-${cpu}.so.1`];
}

function readMaps(): string {
  try {
    return readFileSync("/proc/self/maps", "latin1");
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return "";
    throw error;
  }
}
