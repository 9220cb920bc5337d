import { MaiError } from "../domain/errors.ts";

/** An error of a system call. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall?: string;
  readonly path?: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "a mount lies there, or it is in use",
  EDQUOT: "the disk quota is used up",
  EINTR: "the call was interrupted",
  EISDIR: "a directory lies where a file should",
  EIO: "the disk reports an error",
  ELOOP: "a symbolic link lies where a file should",
  EMFILE: "too many open files",
  ENAMETOOLONG: "a name or a path is too long",
  ENFILE: "too many open files on this machine",
  ENOENT: "a directory on the way is missing",
  ENOLCK: "this file system offers no locks",
  ENOSPC: "no space left on the disk",
  ENOTDIR: "a part of the path is no directory",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};

/** What else than the disk or the permissions is to be mended; some calls do not know which file they are about. */
const HINTS: Readonly<Record<string, string>> = {
  EPERM:
    "Nothing was changed. Look at owner, mode and attributes of it (lsattr; chattr -i -a takes them off), then repeat the command.",
  EISDIR: "Nothing was changed. mai doctor names it: move it away, then repeat the command.",
  ELOOP: "Nothing was changed. mai doctor names it: put the file itself there, then repeat the command.",
};

/** Tells whether an error comes from a system call, and with this code where one is given. */
export function isSystemError(error: unknown, code?: string): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code: actual, syscall } = error as Partial<SystemError>;
  // Of a path that is too long for the kernel the runtime says so itself, and names no call.
  const isCall = typeof syscall === "string" || actual === "ENAMETOOLONG";
  return typeof actual === "string" && isCall && (code === undefined || actual === code);
}

const MEND_HINT = "Nothing was changed. Mend the disk or the permissions, then repeat the command.";

/**
 * Returns the IO_ERROR that a failed system call is for users.
 * @param told.before stands before what the system says
 */
export function ioError(
  error: SystemError,
  told: { readonly before?: string; readonly hint?: string } = {},
): MaiError {
  return new MaiError("IO_ERROR", (told.before ?? "") + callText(error), {
    hint: told.hint ?? HINTS[error.code] ?? MEND_HINT,
    fields: { errno: error.code, syscall: error.syscall ?? null, path: error.path ?? null },
    cause: error,
  });
}

/** What the system says of one file or directory that may not be read, whatever becomes of the others. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "ELOOP"]);

/** Returns why one file cannot be read, where that is the fault of this very file; null for any other error. */
export function fileFault(error: unknown): MaiError | null {
  if (error instanceof MaiError) return error.code === "CORRUPT_FILE" ? error : null;
  if (!isSystemError(error) || !OF_ONE_FILE.has(error.code)) return null;
  // A call that names no file tells of something else: whoever could open a file may read it.
  return error.path === undefined ? null : ioError(error);
}

/** Returns what a warning says of a fault: for some errors of the system the runtime knows no words. */
export function faultText(fault: Error): string {
  return isSystemError(fault) ? callText(fault) : fault.message;
}

function callText({ syscall = "path", path, code }: SystemError): string {
  const where = path === undefined ? "" : ` ${path}`;
  return `${syscall}${where}: ${REASONS[code] ?? code} (${code}).`;
}
