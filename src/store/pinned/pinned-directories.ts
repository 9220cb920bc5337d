import { type FileSystem, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import type { System } from "../system.ts";
import type { NameIn, Reach } from "./reach.ts";

/** Opens a directory that may be searched and not read; Linux alone has it, elsewhere such a directory is refused. */
const O_PATH = process.platform === "linux" ? 0o10000000 : 0;
/** Most directories that stay open. */
const MOST_OPEN = 48;

/**
 * Directories of a project, each opened once, part by part from the root, through no symbolic link: what is done in them
 * is done there, wherever their names lead by then.
 */
export class PinnedDirectories {
  /** The system that goes by paths: whoever only looks, and writes nothing, spares opening every directory. */
  readonly byPath: System;
  readonly #root: string;
  readonly #prefix: string;
  readonly #fs: FileSystem;
  readonly #reach: Reach;
  /** Descriptor by path from the root, which is the empty one. */
  readonly #open = new Map<string, number>();

  constructor({ root, system }: { readonly root: string; readonly system: System }) {
    this.byPath = system;
    this.#root = root;
    this.#prefix = `${root}/`;
    this.#fs = system.fs;
    this.#reach = system.reach;
  }

  /**
   * Returns a path that means the same file, in its pinned directory, until {@link PinnedDirectories.leave}; one that does not
   * lie below the root as it is.
   * @throws ENOENT, ENOTDIR where a part of the way is missing, or a symbolic link
   */
  enter(path: string): string {
    if (this.#open.size >= MOST_OPEN) this.close();
    if (path.startsWith(this.#prefix)) {
      const { directory, name } = this.#place(path);
      return this.#reach.enter(directory, name);
    }
    return path === this.#root ? this.#reach.enter(this.descriptor(""), ".") : path;
  }

  /** The same for a directory that is pinned itself. */
  enterDirectory(path: string): string {
    if (this.#open.size >= MOST_OPEN) this.close();
    return this.#isInside(path) ? this.#reach.enter(this.descriptor(this.#below(path)), ".") : path;
  }

  leave(): void {
    this.#reach.leave();
  }

  /** Renames inside the project; a directory that was moved is opened anew. */
  rename(from: string, to: string): void {
    if (this.#open.size >= MOST_OPEN) this.close();
    const [source, target] = [this.#place(from), this.#place(to)];
    const { enter, rename } = this.#reach;
    if (rename !== null) rename(source, target);
    else this.#fs.renameSync(enter(source.directory, source.name), enter(target.directory, target.name));
    this.forget(from);
    this.forget(to);
  }

  /** Closes what is open at or below a path, which is another directory from now on, or none. */
  forget(path: string): void {
    const gone = this.#below(path);
    for (const [directory, fd] of this.#open) {
      if (directory !== gone && !directory.startsWith(`${gone}/`)) continue;
      this.#open.delete(directory);
      this.#fs.closeSync(fd);
    }
  }

  close(): void {
    for (const fd of this.#open.values()) this.#fs.closeSync(fd);
    this.#open.clear();
  }

  /** Returns the descriptor of a directory. @param path from the root, `""` for the root itself */
  descriptor(path: string): number {
    return this.#open.get(path) ?? this.#pin(path);
  }

  /** Returns the descriptor of a directory that is open already. */
  known(path: string): number | undefined {
    return this.#open.get(path);
  }

  /** Lets an error of the system name the path that was asked for, not the way that the call took. */
  told(error: unknown, path: string): unknown {
    const isOfTheWay = isSystemError(error) && error.path !== undefined && !this.#isInside(error.path);
    return isOfTheWay ? Object.assign(error, { path }) : error;
  }

  #isInside(path: string): boolean {
    return path.startsWith(this.#prefix) || path === this.#root;
  }

  #below(path: string): string {
    return path.slice(this.#prefix.length);
  }

  #place(path: string): NameIn {
    const slash = path.lastIndexOf("/");
    const directory = this.descriptor(path.slice(this.#prefix.length, slash));
    return { directory, name: path.slice(slash + 1) };
  }

  #pin(path: string): number {
    const fd = path === "" ? this.#opened(this.#root, 0) : this.#openedBelow(this.#prefix + path);
    this.#open.set(path, fd);
    return fd;
  }

  #openedBelow(path: string): number {
    const { directory, name } = this.#place(path);
    try {
      return this.#opened(this.#reach.enter(directory, name), O_NOFOLLOW);
    } catch (error) {
      throw this.told(error, path);
    } finally {
      this.#reach.leave();
    }
  }

  #opened(path: string, noFollow: number): number {
    try {
      return this.#fs.openSync(path, O_RDONLY | O_DIRECTORY | noFollow);
    } catch (error) {
      if (O_PATH === 0 || !isSystemError(error, "EACCES")) throw error;
      return this.#fs.openSync(path, O_PATH | O_DIRECTORY | noFollow);
    }
  }
}
