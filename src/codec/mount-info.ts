import type { MountedFileSystem } from "../domain/doctor/file-systems.ts";

/**
 * Finds the file system that a path lies on in the text of `/proc/self/mountinfo`; null when the text names none.
 * Of mounts at the same place the last one covers the others.
 * @param path absolute, without symbolic links
 * @see proc_pid_mountinfo(5)
 */
export function fileSystemOf(text: string, path: string): MountedFileSystem | null {
  let best: MountedFileSystem | null = null;
  for (const line of text.split("\n")) {
    const mount = parseMount(line);
    if (mount === null || !covers(mount.mountPoint, path)) continue;
    if (best === null || mount.mountPoint.length >= best.mountPoint.length) best = mount;
  }
  return best;
}

/** Fields: id, parent, device, root, mount point, options, optional fields, `-`, type, source, super options. */
function parseMount(line: string): MountedFileSystem | null {
  const [before = "", after] = line.split(" - ");
  const mountPoint = before.split(" ")[4];
  if (after === undefined || mountPoint === undefined) return null;
  const options = before.split(" ")[5] ?? "";
  const [type = "", , superOptions = ""] = after.split(" ");
  return {
    type,
    mountPoint: unescapeOctal(mountPoint),
    options: [...new Set([...options.split(","), ...superOptions.split(",")])].filter(
      (option) => option !== "",
    ),
  };
}

function covers(mountPoint: string, path: string): boolean {
  return mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
}

/** The kernel writes blanks, tabs, line feeds and backslashes as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
