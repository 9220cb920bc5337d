import type { MaiError } from "../domain/errors.ts";
import { ioError, isSystemError } from "../store/io-error.ts";

/** Returns the IO_ERROR behind a failed system call, null for any other error. */
export function ioErrorOf(error: unknown): MaiError | null {
  return isSystemError(error) ? ioError(error) : null;
}
