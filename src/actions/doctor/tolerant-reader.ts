import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { NotUtf8 } from "../../store/utf8.ts";

/** Reads what can be read, and remembers what cannot. */
export class TolerantReader {
  /** Message of each file or directory that could not be read, by its path. */
  readonly faults = new Map<string, string>();
  readonly #view: ProjectView;

  constructor(view: ProjectView) {
    this.#view = view;
  }

  /** Text of a file; null when there is none, or none that can be read. */
  text(path: string): string | null {
    return this.#tolerate(path, noText, () => this.#view.read(path));
  }

  /** What can be read of a log: a line that is not UTF-8 hides no other; null when there is no file, or none at all to read. */
  lines(path: string): string | null {
    return this.#tolerate(path, legibleOf, () => this.#view.read(path));
  }

  /** The same of a compressed log. */
  unpackedLines(path: string): string | null {
    return this.#tolerate(path, legibleOf, () => this.#view.readGzip(path));
  }

  /** Names in a directory; none when it cannot be read. */
  list(directory: string): readonly string[] {
    return this.#tolerate(directory, noNames, () => this.#view.list(directory));
  }

  #tolerate<Result>(path: string, otherwise: (fault: Error) => Result, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
      this.faults.set(path, error.message);
      return otherwise(error);
    }
  }
}

function noText(): string | null {
  return null;
}

function noNames(): readonly string[] {
  return [];
}

function legibleOf(fault: Error): string | null {
  return fault instanceof NotUtf8 ? fault.legible : null;
}
