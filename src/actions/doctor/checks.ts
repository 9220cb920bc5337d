import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { isSystemError } from "../../store/io-error.ts";
import { checkDependencies, checkDependents } from "./check-dependencies.ts";
import { checkKeys, checkLeftovers, checkMirror, checkSequenceNumbers } from "./check-derived.ts";
import { checkFuture, checkKinds, checkLock, checkModes, checkPlaces } from "./check-files.ts";
import {
  checkArchive,
  checkDoubleIds,
  checkIssueFiles,
  checkQueues,
  checkReferences,
} from "./check-issues.ts";
import { checkKnownIssues } from "./check-known-issues.ts";
import { checkDecisions, checkLeases, checkProcessing, checkUnleasedWork } from "./check-leases.ts";
import { checkClocks, checkEventNumbers, checkHistoryLines } from "./check-logs.ts";
import { checkNames } from "./check-names.ts";
import { checkConfig, checkSequenceFile, checkSummaryStatus } from "./check-settings.ts";
import { checkExecutableMemory, checkFileSystem, checkGit, checkHome } from "./check-surroundings.ts";
import type { Survey } from "./survey.ts";

/** Every check of the files, by what it looks at. */
const CHECKS = {
  settings: checkConfig,
  numbers: checkSequenceFile,
  "daily summary": checkSummaryStatus,
  issues: checkIssueFiles,
  references: checkReferences,
  dependencies: checkDependencies,
  dependents: checkDependents,
  ids: checkDoubleIds,
  queues: checkQueues,
  archive: checkArchive,
  leases: checkLeases,
  "unleased work": checkUnleasedWork,
  processing: checkProcessing,
  decisions: checkDecisions,
  keys: checkKeys,
  events: checkEventNumbers,
  history: checkHistoryLines,
  clocks: checkClocks,
  records: checkKnownIssues,
  mirror: checkMirror,
  "numbers given out": checkSequenceNumbers,
  leftovers: checkLeftovers,
  names: checkNames,
  files: checkKinds,
  places: checkPlaces,
  modes: checkModes,
  lock: checkLock,
  times: checkFuture,
  git: checkGit,
  home: checkHome,
  "file system": checkFileSystem,
  memory: checkExecutableMemory,
} as const satisfies Record<string, (survey: Survey) => readonly Finding[]>;

/** Runs every check; a fault in one does not stop the others. */
export function runChecks(survey: Survey): readonly Finding[] {
  const found = Object.entries(CHECKS).flatMap(([name, check]) => guarded(name, () => check(survey)));
  const unreadable = [...survey.reader.faults].map(([path, message]) => finding("unreadable", path, message));
  const walked = new Set(found.filter(({ code }) => isAboutReading(code)).map(({ path }) => path));
  return [...found, ...unreadable.filter(({ path }) => !walked.has(path))];
}

function isAboutReading(code: Finding["code"]): boolean {
  return code === "unreadable" || code === "symbolic_link";
}

function guarded(name: string, check: () => readonly Finding[]): readonly Finding[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
    return [finding("unreadable", null, `The check of the ${name} stopped: ${error.message}`)];
  }
}
