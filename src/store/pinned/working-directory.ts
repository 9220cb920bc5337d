import { dlopen, type Pointer, ptr, read } from "bun:ffi";
import { encodeUtf8 } from "../utf8.ts";
import type { NameIn, WorkingDirectory } from "./reach.ts";

/** Where the calls come from, none of which takes a variable number of arguments. */
export interface WorkingDirectoryCalls {
  /** Absolute path or plain name of the C library. */
  readonly library: string;
  /** `int change(int fd)`: makes an open directory the working one. */
  readonly change: string;
  /** What `change` takes to go back: a descriptor, or -1 for that of the process. */
  readonly own: number;
  /** `int *errno(void)`. */
  readonly errno: string;
}

/** macOS: each thread can have a working directory of its own; -1 gives it that of the process again. */
export const MACOS_CALLS: WorkingDirectoryCalls = {
  library: "/usr/lib/libSystem.B.dylib",
  change: "pthread_fchdir_np",
  own: -1,
  errno: "__error",
};

/** Binds the calls. */
export function openWorkingDirectory(calls: WorkingDirectoryCalls): WorkingDirectory {
  const symbols = dlopen(calls.library, {
    [calls.change]: { args: ["i32"], returns: "i32" },
    [calls.errno]: { args: [], returns: "ptr" },
    renameat: { args: ["i32", "ptr", "i32", "ptr"], returns: "i32" },
  }).symbols as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const check = (syscall: string, result: unknown, path?: string) => {
    if (result !== 0) throw systemError(syscall, read.i32(symbols[calls.errno]?.() as Pointer, 0), path);
  };
  const changeTo = (directory: number) => check(calls.change, symbols[calls.change]?.(directory));
  return {
    enter: changeTo,
    leave: () => changeTo(calls.own),
    rename: (from, to) => check("rename", symbols.renameat?.(...argument(from), ...argument(to)), from.name),
  };
}

function argument({ directory, name }: NameIn): readonly [directory: number, name: Pointer] {
  return [directory, ptr(encodeUtf8(`${name}\0`))];
}

/** The names of errors differ between systems; the runtime knows those of this one. */
function systemError(syscall: string, errno: number, path = "."): Error {
  const { constants }: typeof import("node:os") = require("node:os");
  const code = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
  return Object.assign(new Error(`${syscall} failed: ${code}`), { code, errno: -errno, syscall, path });
}
