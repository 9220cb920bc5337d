import { formatJournalRecord, type JournalRecord } from "../../codec/journal-record.ts";
import { MaiError } from "../../domain/errors.ts";
import { utf8Length } from "../../domain/text.ts";
import { sha256 } from "../digest.ts";
import { checkWritePlaces, lstatOrNull, namesIn, syncDirectory } from "../directories.ts";
import { ioError, isSystemError, type SystemError } from "../io-error.ts";
import {
  DELETED_MIRROR_PATH,
  JOURNAL_DIRECTORY,
  JOURNAL_PATH,
  MIRROR_DIRECTORY,
  TEMP_DIRECTORY,
} from "../project-paths.ts";
import { mostBytesOf, readBytes } from "../read-file.ts";
import { decodeLossy } from "../utf8.ts";
import { absolute, type Workspace } from "../workspace.ts";
import { applyChanges } from "./apply-changes.ts";
import { discardTemp, fillAndRename, openTemp, type TempFile } from "./replace-file.ts";

/** Bytes that one character of a JavaScript text takes at most. */
const BYTES_OF_CHARACTER = 3;
/** Where recovery itself writes and removes. */
const OWN_PLACES = [JOURNAL_PATH, `${TEMP_DIRECTORY}/any`];

/**
 * Commits a change: the rename of its record is the commit point. A fault before it changes nothing; a fault
 * after it leaves the record, and the next command finishes the change.
 * @param temp a temp file that is open already, else one is made
 * @param applied runs when every file is in place, and readers still find the record
 * @returns `pending` when the change is committed but not finished, with the fault
 */
export function commitRecord(
  workspace: Workspace,
  record: JournalRecord,
  temp: TempFile | null,
  applied: () => void,
): { readonly pending: boolean; readonly fault: unknown } {
  writeRecord(workspace, record, temp);
  try {
    if (record.durable) syncDirectory(workspace, JOURNAL_DIRECTORY);
    applyChanges(workspace, record, "first");
    applied();
    clearRecord(workspace, record.durable);
    return { pending: false, fault: null };
  } catch (fault) {
    return { pending: true, fault };
  }
}

/**
 * Finishes what a crash left, under the mutex: a valid record is applied and removed, an invalid one is set
 * aside, and every temp file is an orphan and goes.
 * @throws PERMISSION_DENIED where a symbolic link leads away from where it would write; IO_ERROR for a change that
 * cannot be finished
 */
export function recover(workspace: Workspace): void {
  checkWritePlaces(workspace, OWN_PLACES);
  restoreMirror(workspace);
  const bytes = recordBytes(workspace);
  if (bytes !== null) {
    const record = readRecord(bytes);
    if (record === null) setRecordAside(workspace);
    else finish(workspace, record);
  }
  sweepTemp(workspace);
}

function finish(workspace: Workspace, record: JournalRecord): void {
  // Links may have come since it was written, and whoever made the files may have written it.
  const paths = record.changes.map(({ path }) => path);
  checkWritePlaces(workspace, paths);
  try {
    // The crash may have come before the record's entry was durable: it must not vanish once parts are applied.
    if (record.durable) syncDirectory(workspace, JOURNAL_DIRECTORY);
    applyChanges(workspace, record, "again");
    clearRecord(workspace, record.durable);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw ioError(error, {
      before: "An earlier change cannot be finished: ",
      hint: `It is committed, and every other change waits for it; this one changed nothing. ${whatToMend(error)}, then repeat the command.`,
    });
  }
}

function whatToMend({ code, path = "the file" }: SystemError): string {
  if (code === "EPERM")
    return `Look for attributes that forbid it, of the file or its directory (lsattr), and take them off: chattr -i -a ${path}`;
  if (code === "EBUSY") return `Mount the directory in place of the file ${path}`;
  return "Mend the disk or the permissions";
}

/** Returns the record of a change in flight, null when there is none or it is not valid. */
export function pendingRecord(workspace: Pick<Workspace, "root" | "system">): JournalRecord | null {
  const bytes = recordBytes(workspace);
  return bytes === null ? null : readRecord(bytes);
}

/** There rarely is one, and an error of the system costs more than a look whether there is. */
function recordBytes(workspace: Pick<Workspace, "root" | "system">): Uint8Array | null {
  const stat = lstatOrNull(workspace, JOURNAL_PATH);
  if (stat === null) return null;
  // What no change can have written is set aside unread.
  if (stat.isFile() && stat.size > mostBytesOf(JOURNAL_PATH)) return new Uint8Array();
  return readBytes(workspace.system.fs, absolute(workspace, JOURNAL_PATH));
}

/** Loaded late: there rarely is a record to read. */
function readRecord(bytes: Uint8Array): JournalRecord | null {
  const { parseJournalRecord }: typeof import("../../codec/read-journal-record.ts") =
    require("../../codec/read-journal-record.ts");
  return parseJournalRecord(decodeLossy(bytes), sha256);
}

function writeRecord(workspace: Workspace, record: JournalRecord, temp: TempFile | null): void {
  const text = formatJournalRecord(record, sha256);
  requireFinishable(text);
  const target = { path: JOURNAL_PATH, content: text, durable: record.durable };
  try {
    fillAndRename(workspace, temp ?? openTemp(workspace), target);
  } catch (error) {
    // A rename can fail and yet have happened; then the change is committed, and the rest follows.
    if (!isSystemError(error) || !isCommitted(workspace, text)) throw error;
  }
}

/** A record that could not be read again would never be finished. */
function requireFinishable(text: string): void {
  const most = mostBytesOf(JOURNAL_PATH);
  if (text.length * BYTES_OF_CHARACTER <= most || utf8Length(text) <= most) return;
  throw new MaiError("INVALID_TEXT", `The change has more than ${most} bytes, more than fit into one.`, {
    hint: "Make it in several parts. Nothing was changed.",
    fields: { limit: most },
  });
}

function isCommitted(workspace: Workspace, text: string): boolean {
  const bytes = readBytes(workspace.system.fs, absolute(workspace, JOURNAL_PATH));
  return bytes !== null && sha256(bytes) === sha256(text);
}

function clearRecord(workspace: Workspace, durable: boolean): void {
  workspace.system.fs.unlinkSync(absolute(workspace, JOURNAL_PATH));
  if (durable) syncDirectory(workspace, JOURNAL_DIRECTORY);
}

/** A record that mai did not write whole never reached its commit point; it is kept for a person to look at. */
function setRecordAside(workspace: Workspace): void {
  const name = `bad-${workspace.system.randomBytes(4).toHex()}.json`;
  const { fs } = workspace.system;
  fs.renameSync(absolute(workspace, JOURNAL_PATH), absolute(workspace, `${JOURNAL_DIRECTORY}/${name}`));
  syncDirectory(workspace, JOURNAL_DIRECTORY);
  workspace.warn(
    `A record of a change in flight is not one that mai wrote; nothing of it was done, and it is kept as ${JOURNAL_DIRECTORY}/${name}`,
  );
}

function sweepTemp(workspace: Workspace): void {
  for (const name of namesIn(workspace, TEMP_DIRECTORY)) discardTemp(workspace, `${TEMP_DIRECTORY}/${name}`);
}

/** A deletion that was interrupted before its commit point had moved the mirror: it comes back. */
function restoreMirror(workspace: Workspace): void {
  if (lstatOrNull(workspace, DELETED_MIRROR_PATH) === null) return;
  if (lstatOrNull(workspace, MIRROR_DIRECTORY) === null) {
    workspace.system.fs.renameSync(
      absolute(workspace, DELETED_MIRROR_PATH),
      absolute(workspace, MIRROR_DIRECTORY),
    );
    return;
  }
  workspace.warn(`An interrupted deletion left ${DELETED_MIRROR_PATH} beside async/; it may be removed.`);
}
