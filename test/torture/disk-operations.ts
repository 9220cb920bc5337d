import { relative } from "node:path";

/** One operation that changes a disk, or makes a change durable; paths from the project's root. */
export type DiskOperation =
  | { readonly kind: "create" | "unlink" | "mkdir" | "fsync"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly bytes: Buffer; readonly at: number | null }
  | { readonly kind: "rename"; readonly path: string; readonly to: string };

/** Options of strace whose trace `diskOperations` reads: paths of descriptors, everything in hexadecimal, nothing shortened. */
export const TRACE_OPTIONS = [
  ...["-y", "-xx", "-s", "1000000"],
  ...[
    "-e",
    "trace=openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,mkdir,ftruncate,link",
  ],
] as const;

const TEXT = String.raw`"((?:\\x[0-9a-f]{2})*)"`;
const DESCRIPTOR = String.raw`\d+<([^>]*)>`;
const OPEN = new RegExp(`^openat\\([^,]*, ${TEXT}, ([A-Z_|]+)`);
const OPENED = /^openat\(.* = (\d+)<([^>]*)>$/;
const WRITE = new RegExp(`^p?write(?:64)?\\(${DESCRIPTOR}, ${TEXT}, \\d+(?:, (\\d+))?\\) = (\\d+)`);
const FSYNC = new RegExp(`^fsync\\(${DESCRIPTOR}`);
const RENAME = new RegExp(`^rename\\(${TEXT}, ${TEXT}`);
const NAMED = new RegExp(`^(unlink|mkdir)\\(${TEXT}`);
/** Calls that mai does not make; the model does not know them. */
const UNKNOWN = /^(?:fdatasync|renameat2?|ftruncate|link)\(/;

/** Reads from a trace what a run did to the files below a root. */
export function diskOperations(trace: string, root: string): readonly DiskOperation[] {
  const directories = new Map<string, string>();
  return trace
    .split("\n")
    .filter((line) => / = \d+(?:<[^>]*>)?$/.test(line))
    .flatMap((line) => {
      const [, fd, path] = OPENED.exec(line) ?? [];
      if (fd !== undefined) directories.set(fd, text(path));
      return operationOf(line).map((operation) => throughDirectories(operation, directories));
    })
    .map((operation) => fromRoot(operation, root))
    .filter(({ path }) => !path.startsWith("..") && path !== ".mai/mutex");
}

function operationOf(line: string): readonly DiskOperation[] {
  if (UNKNOWN.test(line)) throw new Error(`The model of the disk does not know ${line.slice(0, 80)}`);
  const open = OPEN.exec(line);
  if (open !== null) return open[2]?.includes("O_CREAT") ? [{ kind: "create", path: text(open[1]) }] : [];
  const write = WRITE.exec(line);
  if (write !== null) {
    const bytes = Buffer.from(text(write[2]), "latin1").subarray(0, Number(write[4]));
    return [
      { kind: "write", path: text(write[1]), bytes, at: write[3] === undefined ? null : Number(write[3]) },
    ];
  }
  const fsync = FSYNC.exec(line);
  if (fsync !== null) return [{ kind: "fsync", path: text(fsync[1]) }];
  const rename = RENAME.exec(line);
  if (rename !== null) return [{ kind: "rename", path: text(rename[1]), to: text(rename[2]) }];
  const named = NAMED.exec(line);
  return named === null ? [] : [{ kind: named[1] as "unlink" | "mkdir", path: text(named[2]) }];
}

/** Says in full what a path through an open directory means. @param directories by descriptor, as they are now */
function throughDirectories(
  operation: DiskOperation,
  directories: ReadonlyMap<string, string>,
): DiskOperation {
  const whole = (path: string) =>
    path.replace(/^\/proc\/self\/fd\/(\d+)/, (_, fd) => directories.get(fd) ?? "/closed");
  return operation.kind === "rename"
    ? { ...operation, path: whole(operation.path), to: whole(operation.to) }
    : { ...operation, path: whole(operation.path) };
}

function fromRoot(operation: DiskOperation, root: string): DiskOperation {
  const path = relative(root, operation.path);
  return operation.kind === "rename"
    ? { ...operation, path, to: relative(root, operation.to) }
    : { ...operation, path };
}

/** Bytes of a text in hexadecimal. */
function text(escaped = ""): string {
  return escaped.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
