/**
 * How a name in a directory that is open is reached. Paths are looked up part by part, and whoever may write one of the
 * directories on the way can exchange it meanwhile; an open directory stays the one that it is.
 */
export interface Reach {
  /** Returns a path that means `name` in an open directory (`.` the directory itself), until {@link Reach.leave}. */
  enter(directory: number, name: string): string;
  leave(): void;
  /** Renames between two open directories, where both cannot be entered at once; null where they can. */
  readonly rename: ((from: NameIn, to: NameIn) => void) | null;
}

/** A name in an open directory. */
export interface NameIn {
  /** Descriptor of the directory. */
  readonly directory: number;
  readonly name: string;
}

/** Linux: the kernel itself leads from `/proc/self/fd` to what is open. The runtime does not start without `/proc`. */
export const reachByProc: Reach = {
  enter: (directory, name) => `/proc/self/fd/${directory}/${name}`,
  leave: () => undefined,
  rename: null,
};

/** What moves between open directories where there is no such path. */
export interface WorkingDirectory {
  /** Makes an open directory the one that relative paths start from. */
  enter(directory: number): void;
  /** Makes it the process's own again. */
  leave(): void;
  /** renameat(2). @throws a system error */
  rename(from: NameIn, to: NameIn): void;
}

/** Elsewhere: the directory is the working one while a call runs. Nothing else runs meanwhile: every call is synchronous. */
export function reachByWorkingDirectory(working: WorkingDirectory): Reach {
  return {
    enter: (directory, name) => {
      working.enter(directory);
      return name;
    },
    leave: () => working.leave(),
    rename: (from, to) => working.rename(from, to),
  };
}
