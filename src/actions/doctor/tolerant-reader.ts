import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

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
    return this.#tolerate(path, null, () => this.#view.read(path));
  }

  /** Text of a compressed file; null when there is none, or none that can be unpacked. */
  unpacked(path: string): string | null {
    return this.#tolerate(path, null, () => this.#view.readGzip(path));
  }

  /** Names in a directory; none when it cannot be read. */
  list(directory: string): readonly string[] {
    return this.#tolerate(directory, [], () => this.#view.list(directory));
  }

  #tolerate<Result>(path: string, otherwise: Result, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
      this.faults.set(path, error.message);
      return otherwise;
    }
  }
}
