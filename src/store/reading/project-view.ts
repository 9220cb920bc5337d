import type { Clock } from "../../domain/time.ts";
import type { IssueIndex } from "../issue-cache/issue-index.ts";

/** What a command may read of a project; paths from the root. One view shows one state of all files. */
export interface ProjectView {
  /** Text of a file, null when there is none. @throws CORRUPT_FILE when it is no UTF-8 or no regular file */
  read(path: string): string | null;
  /** Text of a compressed file, null when there is none. @throws CORRUPT_FILE when it cannot be unpacked */
  readGzip(path: string): string | null;
  exists(path: string): boolean;
  /** The headers of all issues, mostly from the cache; looked at when they are first asked for. */
  issues(): IssueIndex;
  /** Names in a directory, sorted; none when it is missing. */
  list(directory: string): readonly string[];
  /** Modification time in milliseconds since 1970, null when there is no such file. */
  modifiedMs(path: string): number | null;
  /** Whether some process has this file flocked. */
  isFlocked(path: string): boolean;
  /** What modification times compare with: in a change the file system's own now, in a reading the machine's. */
  fileNowMs(): number;
  readonly clock: Clock;
}
