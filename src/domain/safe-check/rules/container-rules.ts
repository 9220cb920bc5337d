import { cleanPath, showPath } from "../paths.ts";
import type { Call } from "../programs/call.ts";
import type { Shell } from "../shell/shell.ts";
import type { Suspicion } from "./finding.ts";

/** Directories of the machine that a container may read but not change. */
const HOST_DIRECTORIES: ReadonlySet<string> = new Set([
  "/",
  "/etc",
  "/boot",
  "/usr",
  "/bin",
  "/lib",
  "/sbin",
  "/root",
]);

/** Stops containers that can change the machine they run on. */
export function detectContainer(call: Call, shell: Shell): Suspicion | undefined {
  const words = call.args.map((arg) => arg.text);
  if (!words.some((word) => word === "run" || word === "create")) return undefined;
  const text = words.join(" ");
  if (/--privileged/.test(text) && /--pid[= ]host/.test(text))
    return { rule: "host-mount", subject: "all processes" };
  const mounts = words.flatMap((word, index) => mountOf(word, words[index + 1] ?? ""));
  const host = mounts.find((mount) => isHost(mount, shell.directory));
  return host === undefined ? undefined : { rule: "host-mount", subject: host };
}

function mountOf(word: string, next: string): readonly string[] {
  if (word === "-v" || word === "--volume" || word === "--mount") return [next];
  const attached = /^(?:-v|--volume=|--mount=)(.+)$/.exec(word)?.[1];
  return attached === undefined ? [] : [attached];
}

function isHost(mount: string, directory: string): boolean {
  const isReadOnly = /(?:^|[:,])(?:ro|readonly)(?:$|,|=true)/.test(mount);
  const source = /(?:^|,)(?:source|src)=([^,]*)/.exec(mount)?.[1] ?? mount.split(":")[0] ?? "";
  if (isReadOnly || !source.startsWith("/")) return false;
  return HOST_DIRECTORIES.has(showPath(cleanPath(source, directory)));
}
