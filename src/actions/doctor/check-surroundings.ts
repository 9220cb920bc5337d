import { flockDoubt } from "../../domain/doctor/file-systems.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { GIT_FILES, MACHINE_ONLY, missingLines } from "../../domain/git-files.ts";
import { gitView } from "../../store/places/git-tracked.ts";
import { globalRoots, registeredProjects } from "../../store/places/home.ts";
import { mountedFileSystem } from "../../store/places/mounted-file-system.ts";
import { walkProject } from "../../store/places/walk-project.ts";
import type { Survey } from "./survey.ts";

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const WRITTEN_BY_OTHERS = "Others may write to it, so its list of trusted projects does not count";

/** Checks that git leaves alone what belongs to one machine only, and knows how to treat the rest. */
export function checkGit(survey: Survey): readonly Finding[] {
  const git = gitView(survey.call.workspace.system, survey.call.workspace.root);
  if (git === null) return [];
  const tracked = (git.tracked ?? []).filter(isMachineOnly);
  return [
    ...tracked.map((path) => finding("git_tracks", path, "Git tracks it.")),
    ...incompleteGitFiles(survey).map(({ file, missing }) =>
      finding(file.finding, file.path, `It lacks ${missing.join(", ")}.`),
    ),
  ];
}

/** Returns the files for git that lack lines, with those lines; what cannot be read is left alone. */
export function incompleteGitFiles({ reader, view, walk }: Survey) {
  const hasMirror = walk.entries.some(({ path }) => path === "async");
  return GIT_FILES.filter(({ path }) => hasMirror || !path.startsWith("async/")).flatMap((file) => {
    const text = reader.text(file.path);
    const missing = missingLines(file, text);
    const isUnreadable = text === null && view.exists(file.path);
    return missing.length === 0 || isUnreadable ? [] : [{ file, text, missing }];
  });
}

function isMachineOnly(path: string): boolean {
  return MACHINE_ONLY.some(
    (line) => path === `.mai/${line}` || (line.endsWith("/") && path.startsWith(`.mai/${line}`)),
  );
}

/** Checks the home that all projects of a user share. */
export function checkHome({ call: { home } }: Survey): readonly Finding[] {
  if (home === null) return [];
  return [
    ...invalid(() => globalRoots(home), `${home.root}/config.json`),
    ...invalid(() => registeredProjects(home), `${home.root}/registry.json`),
    ...walkProject({ root: home.root, system: home.system }, ["."])
      .entries.filter(({ kind, mode }) => kind !== "link" && (mode & OTHERS) !== 0)
      .filter(({ path }) => path === "." || /^\.\/[a-z]+\.json$/.test(path))
      .map(({ path, mode }) =>
        finding(
          "home_open",
          path === "." ? home.root : `${home.root}/${path.slice(2)}`,
          `${(mode & OTHERS_WRITE) === 0 ? "Others may read it" : WRITTEN_BY_OTHERS} (mode ${mode.toString(8).padStart(4, "0")}).`,
        ),
      ),
  ];
}

function invalid(read: () => unknown, path: string): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return [finding("home_invalid", path, error.message)];
  }
}

/** Checks that nothing speaks against the file system that the project lies on. */
export function checkFileSystem({ call: { workspace } }: Survey): readonly Finding[] {
  const mounted = mountedFileSystem(workspace.system, workspace.root);
  const doubt = mounted === null ? null : flockDoubt(mounted);
  if (mounted === null || doubt === null) return [];
  return [finding("file_system_unsure", null, `The project lies on ${mounted.type}: ${doubt}.`)];
}

/** Checks that mai may call the C library; else another program has to lock for it, which takes longer. */
export function checkExecutableMemory({ call }: Survey): readonly Finding[] {
  if (call.workspace.system.isLibcBound()) return [];
  const message = "This process may not make executable memory: mai starts the program flock for each lock.";
  return [finding("no_executable_memory", null, message)];
}
