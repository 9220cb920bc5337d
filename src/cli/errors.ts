import { ioErrorOf } from "../actions/io-errors.ts";
import { MaiError } from "../domain/errors.ts";

/** Returns any error as what users see: the one catch of the program ends here. */
export function toMaiError(error: unknown): MaiError {
  if (error instanceof MaiError) return error;
  const io = ioErrorOf(error);
  if (io !== null) return io;
  const message = error instanceof Error ? error.message : String(error);
  const trace = error instanceof Error ? (error.stack ?? null) : null;
  return new MaiError("INTERNAL_ERROR", `A fault of mai: ${message}`, {
    hint: "Nothing is known to be lost. Please report it with the command that you typed.",
    fields: { trace },
    cause: error,
  });
}
