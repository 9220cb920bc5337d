import type { MakeDirectoryOptions } from "node:fs";
import type { FileSystem } from "../file-system.ts";
import { isSystemError } from "../io-error.ts";
import type { System } from "../system.ts";
import { PinnedDirectories } from "./pinned-directories.ts";

/** What can be pinned. */
interface Rooted {
  readonly root: string;
  readonly system: System;
}

/** A place whose directories are pinned. */
export interface Pinned<Place> {
  /** The same place: what is done to files through it cannot be led elsewhere, however directories are exchanged. */
  readonly place: Place;
  /** Closes the directories. */
  close(): void;
}

/** Pins the directories of a place from now on: each is opened when it is first needed. */
export function pinDirectories<Place extends Rooted>(place: Place): Pinned<Place> {
  const pins = new PinnedDirectories(place);
  const fs = pinnedFileSystem(place.system.fs, pins);
  return { place: { ...place, system: { ...place.system, fs, pins } }, close: () => pins.close() };
}

/** Runs `act` on a place with pinned directories. */
export function withPinned<Place extends Rooted, Result>(
  place: Place,
  act: (pinned: Place) => Result,
): Result {
  const pinned = pinDirectories(place);
  try {
    return act(pinned.place);
  } finally {
    pinned.close();
  }
}

/**
 * Laid over, not copied: that would ask `node:fs` for everything it has, and load its streams and promises. Calls are
 * written out where there are many of them in a change: they are interpreted.
 */
function pinnedFileSystem(base: FileSystem, pins: PinnedDirectories): FileSystem {
  /** @param call gets a path that means the same, in its pinned directory */
  function reaching<Result>(path: string, call: (reached: string) => Result): Result {
    try {
      return call(pins.enter(path));
    } catch (error) {
      throw pins.told(error, path);
    } finally {
      pins.leave();
    }
  }
  const calls: { readonly [Name in keyof FileSystem]?: unknown } = {
    openSync: (path: string, flags: number, mode?: number) => {
      try {
        return base.openSync(pins.enter(path), flags, mode);
      } catch (error) {
        throw pins.told(error, path);
      } finally {
        pins.leave();
      }
    },
    lstatSync: (path: string, options?: Absent) => {
      try {
        return base.lstatSync(pins.enter(path), options);
      } catch (error) {
        return orAbsent(pins.told(error, path), options);
      } finally {
        pins.leave();
      }
    },
    statSync: (path: string, options?: Absent) => {
      try {
        return base.statSync(pins.enter(path), options);
      } catch (error) {
        return orAbsent(pins.told(error, path), options);
      } finally {
        pins.leave();
      }
    },
    accessSync: (path: string, mode?: number) => reaching(path, (reached) => base.accessSync(reached, mode)),
    readlinkSync: (path: string) => reaching(path, (reached) => base.readlinkSync(reached)),
    unlinkSync: (path: string) => reaching(path, (reached) => base.unlinkSync(reached)),
    readdirSync: (path: string) => {
      try {
        return base.readdirSync(pins.enterDirectory(path));
      } catch (error) {
        throw pins.told(error, path);
      } finally {
        pins.leave();
      }
    },
    mkdirSync: (path: string, options?: MakeDirectoryOptions) => {
      pins.forget(path);
      reaching(path, (reached) => base.mkdirSync(reached, options));
    },
    rmdirSync: (path: string) => {
      pins.forget(path);
      reaching(path, (reached) => base.rmdirSync(reached));
    },
    renameSync: (from: string, to: string) => {
      try {
        pins.rename(from, to);
      } catch (error) {
        throw pins.told(error, from);
      }
    },
  };
  const fs = Object.create(base);
  for (const name in calls) Object.defineProperty(fs, name, { value: calls[name as keyof FileSystem] });
  return fs;
}

/** What lstat(2) is asked for. */
interface Absent {
  readonly throwIfNoEntry?: boolean;
}

/** Where a directory on the way is missing there is nothing either, and who asked for no error gets none. */
function orAbsent(error: unknown, options: Absent | undefined): undefined {
  if (options?.throwIfNoEntry === false && isSystemError(error, "ENOENT")) return undefined;
  throw error;
}
