import { TAR_END, type TarEntry, tarHeader, tarPadding } from "../../codec/tar.ts";
import { MaiError } from "../../domain/errors.ts";
import { discardTemp, writeFully } from "../change/replace-file.ts";
import { sha256 } from "../digest.ts";
import { makeDirectory, syncDirectory } from "../directories.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } from "../file-system.ts";
import { ioError, isSystemError } from "../io-error.ts";
import { unpackedBytes } from "../logs/gzip.ts";
import { giveToOwner } from "../owner-of-new.ts";
import { MUTEX_PATH, TEMP_DIRECTORY } from "../project-paths.ts";
import { readBytes } from "../read-file.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { type Entry, walkProject } from "./walk-project.ts";

/** Name of a backup in the temp directory. */
export const BACKUP_NAME = /^backup-[0-9a-f]{8}$/;
const NAME_BYTES = 4;
/** Uncompressed bytes of one part: each is a gzip file of its own, and gzip files in a row are one. */
const PART_BYTES = 4 * 1024 * 1024;
const OWNER_READS_AND_WRITES = 0o600;
const GROUP = 0o070;

/** Where a part lies in the backup, and what it must unpack to. */
interface Part {
  readonly at: number;
  readonly bytes: number;
  readonly digest: string;
}

/**
 * Packs `.mai` and `async` into a temp file of `.mai`, and reads it back: it is complete, readable and durable, or
 * this throws and nothing is left of it. The file may be read by nobody who may not read all that is in it.
 * @throws IO_ERROR, CORRUPT_FILE where something is neither file, directory nor link
 */
export function backUpProject(workspace: Workspace): void {
  const path = `${TEMP_DIRECTORY}/backup-${workspace.system.randomBytes(NAME_BYTES).toHex()}`;
  try {
    const entries = entriesToKeep(workspace);
    makeDirectory(workspace, TEMP_DIRECTORY, true);
    writeBackup(workspace, path, entries);
    syncDirectory(workspace, TEMP_DIRECTORY);
  } catch (error) {
    discardTemp(workspace, path);
    throw isSystemError(error) ? withoutBackup(error) : error;
  }
}

function withoutBackup(error: Parameters<typeof ioError>[0]): MaiError {
  const { code, message, fields, cause } = ioError(error);
  return new MaiError(code, `The backup could not be made: ${message}`, {
    hint: "Nothing was deleted. Mend that, or delete without a backup: --no-backup",
    fields,
    cause,
  });
}

function entriesToKeep(workspace: Workspace): readonly Entry[] {
  const { entries, faults } = walkProject(workspace, [".mai", "async"]);
  const [fault] = faults;
  if (fault !== undefined) throw fault.error;
  const kept = entries.filter(({ path }) => path !== MUTEX_PATH && !path.startsWith(`${TEMP_DIRECTORY}/`));
  const odd = kept.find(({ kind }) => kind === "other");
  if (odd === undefined) return kept;
  throw new MaiError(
    "CORRUPT_FILE",
    `${odd.path} is neither a file nor a directory: it cannot be backed up.`,
    {
      hint: "Nothing was deleted. Move it away, or delete without a backup: --no-backup",
      fields: { path: odd.path },
    },
  );
}

function writeBackup(workspace: Workspace, path: string, entries: readonly Entry[]): void {
  const { fs } = workspace.system;
  const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
  const fd = fs.openSync(absolute(workspace, path), flags, OWNER_READS_AND_WRITES);
  try {
    restrict(workspace, fd, entries);
    giveToOwner(workspace, fd, { path, stat: fs.fstatSync(fd) });
    const parts = writeParts(workspace, fd, entries);
    fs.fsyncSync(fd);
    for (const part of parts) checkPart(workspace, { fd, path }, part);
  } finally {
    fs.closeSync(fd);
  }
}

/** Whoever may not read one of the files may not read the backup of them all. */
function restrict({ system: { fs, userId } }: Workspace, fd: number, entries: readonly Entry[]): void {
  const files = entries.filter(({ kind }) => kind !== "link");
  const common = files.reduce((mode, entry) => mode & entry.mode, 0o666) | OWNER_READS_AND_WRITES;
  const gids = new Set(files.map(({ gid }) => gid));
  const [gid] = gids;
  const isOneGroup = gids.size === 1 && gid !== undefined && (common & GROUP) !== 0;
  const mode = isOneGroup && hasGroup(fd, gid) ? common : common & ~GROUP;
  fs.fchmodSync(fd, mode);

  function hasGroup(file: number, wanted: number): boolean {
    if (fs.fstatSync(file).gid === wanted) return true;
    try {
      fs.fchownSync(file, userId(), wanted);
      return true;
    } catch (error) {
      if (!isSystemError(error, "EPERM")) throw error;
      return false;
    }
  }
}

function writeParts(workspace: Workspace, fd: number, entries: readonly Entry[]): readonly Part[] {
  const parts: Part[] = [];
  let [waiting, length, at]: [Uint8Array[], number, number] = [[], 0, 0];
  const flush = () => {
    const plain = Buffer.concat(waiting);
    const packed = Bun.gzipSync(plain);
    writeFully(workspace, fd, packed, at);
    parts.push({ at, bytes: packed.length, digest: sha256(plain) });
    at += packed.length;
    [waiting, length] = [[], 0];
  };
  for (const entry of entries) {
    for (const piece of piecesOf(workspace, entry)) {
      waiting.push(piece);
      length += piece.length;
    }
    if (length >= PART_BYTES) flush();
  }
  waiting.push(TAR_END);
  flush();
  return parts;
}

function piecesOf(workspace: Workspace, entry: Entry): readonly Uint8Array[] {
  const { path, mode, uid, gid, mtimeMs } = entry;
  const kind = entry.kind === "file" || entry.kind === "directory" ? entry.kind : "link";
  const facts = { path, mode, uid, gid, mtimeSeconds: Math.floor(mtimeMs / 1000) };
  const header = (more: Pick<TarEntry, "kind" | "size" | "target">) => tarHeader({ ...facts, ...more });
  if (kind === "directory") return [header({ kind, size: 0 })];
  if (kind === "link") {
    const target = workspace.system.fs.readlinkSync(absolute(workspace, path));
    return [header({ kind, size: 0, target })];
  }
  const content = readBytes(workspace.system.fs, absolute(workspace, path));
  // Somebody removed it just now, by hand.
  if (content === null) return [];
  return [header({ kind, size: content.length }), content, tarPadding(content.length)];
}

/** Reads a part back from the disk. @throws CORRUPT_FILE */
function checkPart(
  workspace: Workspace,
  file: { readonly fd: number; readonly path: string },
  part: Part,
): void {
  const packed = Buffer.alloc(part.bytes);
  let done = 0;
  while (done < packed.length) {
    const read = workspace.system.fs.readSync(file.fd, packed, done, packed.length - done, part.at + done);
    if (read === 0) break;
    done += read;
  }
  if (done === packed.length && unpacksTo(packed, file.path, part.digest)) return;
  throw new MaiError("CORRUPT_FILE", "The backup does not read back as it was written.", {
    hint: "Nothing was deleted. Check the disk, or delete without a backup: --no-backup",
    fields: { path: file.path },
  });
}

function unpacksTo(packed: Uint8Array, path: string, digest: string): boolean {
  try {
    return sha256(unpackedBytes(packed, path)) === digest;
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return false;
  }
}
