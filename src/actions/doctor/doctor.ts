import type { MountedFileSystem } from "../../domain/doctor/file-systems.ts";
import { type Finding, isSound } from "../../domain/doctor/finding.ts";
import { mountedFileSystem } from "../../store/places/mounted-file-system.ts";
import type { Call } from "../call.ts";
import { examineProject } from "./examine-project.ts";
import { mendProject } from "./mend-project.ts";

/** What `doctor` answers. */
export interface Diagnosis {
  /** What is wrong now, the worst first; in a dry run of mending, what would still be wrong. */
  readonly findings: readonly Finding[];
  /** What was mended, or in a dry run would be. */
  readonly fixed: readonly Finding[];
  /** Nothing worse than notes. */
  readonly sound: boolean;
  /** What the project lies on; null where the machine does not tell. */
  readonly fileSystem: MountedFileSystem | null;
}

/** Examines the project at hand; with `fix` mends what is derived, and examines it again. */
export async function diagnose(call: Call, options: { readonly fix: boolean }): Promise<Diagnosis> {
  const { root, system, dryRun } = call.workspace;
  const before = await examineProject(call);
  if (options.fix) mendProject(call, before);
  const after = options.fix ? await findingsAfter(call, before, dryRun) : before;
  const left = new Set(after.map(keyOf));
  return {
    findings: after,
    fixed: before.filter((entry) => entry.fixable && !left.has(keyOf(entry))),
    sound: isSound(after),
    fileSystem: mountedFileSystem(system, root),
  };
}

async function findingsAfter(
  call: Call,
  before: readonly Finding[],
  dryRun: boolean,
): Promise<readonly Finding[]> {
  if (dryRun) return before.filter(({ fixable }) => !fixable);
  return before.some(({ fixable }) => fixable) ? examineProject(call) : before;
}

function keyOf({ code, path }: Finding): string {
  return `${code} ${path}`;
}
