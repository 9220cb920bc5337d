import type { Finding, FindingCode } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { ChangeSet, FileEdit } from "../../store/change/change-set.ts";
import { isSystemError } from "../../store/io-error.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { actorOf, type Call } from "../call.ts";
import { readTeamForChange } from "../team.ts";
import { dependentsMendings } from "./check-dependencies.ts";
import { numbersOf } from "./check-derived.ts";
import { gitFileEdits, processingEdits } from "./derived-edits.ts";
import { type EventJoin, eventJoin } from "./join-branches.ts";
import { type MirrorState, mirrorStates } from "./mirror-state.ts";
import { type Survey, surveyProject } from "./survey.ts";

/** Files of the mirror that one transaction writes: a journal record holds them all. */
const FILES_PER_CHANGE = 200;

/** What takes a survey of the whole project under the mutex to mend. */
const SURVEYED: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "sequence_behind",
  "processing_orphan",
  "processing_missing",
  "gitignore_incomplete",
  "gitattributes_incomplete",
  "dependents_stale",
  "events_joined",
  "mirror_stray",
]);
const COPIED: ReadonlySet<FindingCode> = new Set<FindingCode>(["mirror_missing", "mirror_stale"]);

/** What a transaction mends, and how its line in the log says it. */
interface Mending {
  readonly summary: string;
  readonly files: readonly FileEdit[];
  readonly numbers: ReturnType<typeof numbersOf>;
}

/**
 * Mends what is derived, in journalled transactions that decide under the mutex by what is there then: the numbers
 * first, since every transaction counts on. What cannot be written is a warning, and stays found.
 * @param findings what an examination found: only that is mended
 */
export function mendProject(call: Call, findings: readonly Finding[]): void {
  const codes = new Set(findings.filter(({ fixable }) => fixable).map(({ code }) => code));
  if (codes.size === 0) return;
  try {
    // Taking the mutex finishes an interrupted change and sweeps temp files, whatever else is to do.
    change(call, (view) =>
      codes.isDisjointFrom(SURVEYED) ? null : surveyedMending(surveyProject(call, view), codes),
    );
    if (!codes.isDisjointFrom(COPIED)) copyMirror(call);
  } catch (error) {
    if (!(error instanceof MaiError) && !isSystemError(error)) throw error;
    call.workspace.warn(`Not everything could be mended: ${error.message}`);
  }
}

function change(call: Call, mend: (view: ProjectView) => Mending | null): void {
  changeProject(call.workspace, "doctor --fix", (view) => {
    const { config } = readTeamForChange(view, call);
    const mending = mend(view);
    const idle = mending === null || (mending.files.length === 0 && mending.numbers === null);
    const changes = idle ? null : changesOf(call, view, mending);
    return { answer: null, changes: changes && { ...changes, durable: config.durability === "full" } };
  });
}

function changesOf(call: Call, view: ProjectView, mending: Mending): Omit<ChangeSet, "durable"> {
  const { summary, files, numbers } = mending;
  const actor = actorOf(call);
  return {
    atMs: view.clock.nowMs(),
    files,
    history: [{ actor, event: "doctor_fix", summary }],
    events: [{ type: "project.mended", actor, data: { summary } }],
    ...(numbers === null ? {} : { ids: numbers.ids, lastSeq: numbers.seq }),
  };
}

function surveyedMending(survey: Survey, codes: ReadonlySet<FindingCode>): Mending {
  const join = codes.has("events_joined") ? eventJoin(survey) : null;
  const numbers = numbersMended(survey, join);
  // Comparing the whole mirror takes long: others wait for the mutex meanwhile.
  const states = codes.has("mirror_stray") ? mirrorStates(survey) : [];
  const strays = states.filter(({ state }) => state === "stray");
  const files = [
    ...(join?.files ?? []),
    ...processingEdits(survey),
    ...gitFileEdits(survey),
    ...dependentsMendings(survey),
    ...strays.map(({ mirror }) => ({ path: mirror, text: null, mirror: null })),
  ];
  const parts = [...(numbers === null ? [] : ["numbers moved forward"]), ...files.map(({ path }) => path)];
  return { summary: `Doctor mended ${parts.join(", ")}`, files, numbers };
}

/** Events that were joined count up to more than the file of numbers says. */
function numbersMended(survey: Survey, join: EventJoin | null): Mending["numbers"] {
  const numbers = numbersOf(survey);
  if (join === null) return numbers;
  return { seq: Math.max(join.lastSeq, numbers?.seq ?? 0), ids: numbers?.ids ?? {} };
}

/** Copies sources over their mirrors, some at a time; which ones is found out without the mutex. */
function copyMirror(call: Call): void {
  const states = readProject(call.workspace, (view) => mirrorStates(surveyProject(call, view)));
  const behind = states.filter(({ source }) => source !== null);
  for (let start = 0; start < behind.length; start += FILES_PER_CHANGE) {
    const some = behind.slice(start, start + FILES_PER_CHANGE);
    change(call, (view) => copiesOf(view, some));
  }
}

function copiesOf(view: ProjectView, states: readonly MirrorState[]): Mending {
  const files = states.flatMap(({ mirror, source }) => {
    const text = source === null ? null : view.read(source);
    return text === null ? [] : [{ path: mirror, text, mirror: null }];
  });
  return { summary: `Doctor rebuilt copies in async/: ${files.length}`, files, numbers: null };
}
