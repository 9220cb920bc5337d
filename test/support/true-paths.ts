import { readlinkSync } from "node:fs";
import type { FileSystem } from "../../src/store/file-system.ts";

const THROUGH_DESCRIPTOR = /^(\/proc\/self\/fd\/\d+)\/(.*)$/s;

/** Returns the path that a path through an open directory stands for; any other as it is. */
export function truePath(path: unknown): unknown {
  const [, descriptor, name] = (typeof path === "string" && THROUGH_DESCRIPTOR.exec(path)) || [];
  if (descriptor === undefined) return path;
  const directory = readlinkSync(descriptor);
  return name === "." ? directory : `${directory === "/" ? "" : directory}/${name}`;
}

/** Calls whose first argument is a path. */
const ON_PATHS = [
  ...["accessSync", "lstatSync", "mkdirSync", "openSync", "readdirSync", "readlinkSync", "renameSync"],
  ...["rmdirSync", "statSync", "unlinkSync"],
];

/** Lets a file system of a test see the paths that are meant; laid over, since some tests look whether it is copied. */
export function withTruePaths(fs: FileSystem): FileSystem {
  const calls = fs as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const seeing = (name: string) => ({
    value: (first: unknown, second: unknown, ...rest: readonly unknown[]) =>
      calls[name]?.(truePath(first), name === "renameSync" ? truePath(second) : second, ...rest),
  });
  return Object.create(fs, Object.fromEntries(ON_PATHS.map((name) => [name, seeing(name)])));
}
