import * as nodeFs from "node:fs";

/** The calls that touch files: all of them synchronous, so that nothing interleaves inside the mutex. */
export type FileSystem = Pick<
  typeof nodeFs,
  | "accessSync"
  | "closeSync"
  | "fchmodSync"
  | "fchownSync"
  | "fstatSync"
  | "fsyncSync"
  | "lstatSync"
  | "mkdirSync"
  | "openSync"
  | "readdirSync"
  | "readlinkSync"
  | "readSync"
  | "realpathSync"
  | "renameSync"
  | "rmdirSync"
  | "statSync"
  | "unlinkSync"
  | "writeSync"
>;

/** Flags of open(2) and bits of modes. */
export const {
  O_RDONLY,
  O_RDWR,
  O_APPEND,
  O_WRONLY,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_DIRECTORY,
  W_OK,
  X_OK,
} = nodeFs.constants;

/** The file system of the machine. */
export const machineFileSystem: FileSystem = nodeFs;
