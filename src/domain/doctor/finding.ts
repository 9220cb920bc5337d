/** How bad a finding is: notes are worth knowing and do not make a project unsound. */
export type Severity = "error" | "warning" | "note";

/** What the doctor can find: how bad it is, whether `--fix` mends it, and what a person does next. */
export const FINDING_KINDS = {
  config_missing: error("Make the project again: mai init"),
  config_invalid: error("Mend the file by hand; nothing is written until it is sound."),
  format_too_new: error("Install a newer mai; this one can still read the project."),
  queue_missing: warning("Make it: mai queue create QUEUE --owner NAME"),
  home_invalid: error("Mend the file by hand, or move it away."),
  home_open: warning("chmod 700 on the directory, 600 on its files"),
  unreadable: error("Mend the file or its permissions by hand; mai leaves it as it is."),
  issue_invalid: error("Mend the file by hand; mai leaves it as it is."),
  odd_name: warning(
    "Compare it with the file that it is a copy of, take over what you need, and move it out of .mai/.",
  ),
  id_mismatch: error("Decide which is right, and mend the title or the file's name by hand."),
  queue_mismatch: warning(
    "Decide which is right: mai issue edit ID --queue QUEUE, or mend the field by hand.",
  ),
  queue_unknown: note("Add it: mai queue create QUEUE --owner NAME"),
  double_id: error("Name each as QUEUE/ID, and give one of them a new id by hand."),
  archive_unfinished: warning("Bring it back: mai archive --restore ID"),
  ref_missing: warning("Refer to another: mai issue edit ID --ref ID"),
  blocker_missing: warning("Nobody can claim it: mai issue depend ID --on BLOCKER --remove -o NAME"),
  dependency_cycle: error("Nobody can claim any of them: mai issue depend ID --on BLOCKER --remove -o NAME"),
  dependents_stale: fixable(),
  time_invalid: warning("Mend the timestamp by hand: 2026-04-30T19:23:47.120+08:00"),
  unleased_work: note("Whoever works on it claims it again: mai issue claim ID -o NAME"),
  lease_stale: warning("Release it: mai lock guardian"),
  lease_orphan: warning("Remove the file by hand when nobody needs it."),
  lease_unneeded: warning("Release it: mai lock release ID -o NAME --force"),
  lease_invalid: warning("It counts as held by 'unknown' until it goes stale; then: mai lock guardian"),
  fence_behind: error("Set the fence in the issue file to the number in the lease, by hand."),
  processing_orphan: fixable(),
  processing_missing: fixable(),
  decision_invalid: error(
    "Decide which side is right, and take out the lines of the markers; nothing is added before that.",
  ),
  decision_orphan: warning("Put the issue file back, or move the decision away by hand."),
  key_invalid: warning("Remove the file; a command with that key then acts once more."),
  summary_invalid: error("Mend it by hand, or drop the round: mai daily-summary reset"),
  temp_orphan: fixable(),
  change_unfinished: fixable(),
  change_finished: note("Nothing to do."),
  set_aside: warning("Compare it with the file that it names, take over what you need, then remove it."),
  mirror_missing: fixable(),
  mirror_stale: fixable(),
  mirror_stray: fixable(),
  mirror_last_copy: warning("Put the source back from this copy, or remove the copy by hand."),
  mirror_foreign: note("async/ is a copy for reading; keep your own files elsewhere."),
  sequence_invalid: error(
    "Mend it, or move it away: mai then starts after the highest numbers that it finds.",
  ),
  sequence_behind: fixable(),
  event_invalid: error("Take the line from a backup; mai reads over it."),
  event_gap: error("Take the lost lines from a backup; readers of the stream have missed them."),
  event_repeat: error(
    "Two changes did not see each other: check how this file system locks (mai selftest race).",
  ),
  events_joined: fixable(),
  events_lost: error("Take the lost lines from a backup; the next event keeps its distance."),
  events_begin_late: note("Older event files were moved away; nothing to do when that was you."),
  history_invalid: note("mai shows the line as it is."),
  issue_lost: error("Take the issue file from a backup or from git."),
  record_missing: error("Take the records from a backup or from git, or write them anew: mai issue amend"),
  clock_backwards: note("Check the clocks of the machines that share the project."),
  from_future: warning("Check the clock that wrote it, then: touch FILE"),
  symbolic_link: error("Put the file itself there; mai follows no symbolic links."),
  wrong_kind: error("Nothing can be written there: move it away, and mai makes what it needs."),
  open_to_all: error("mai does not write there until only its users may: chmod -R o-w .mai async"),
  shared_modes: note("Move the project to a file system with modes when others use this machine."),
  lockable_by_readers: note("To prevent that, and let them read on: chmod go-r .mai"),
  world_writable: warning("chmod o-w FILE"),
  not_your_own: note("Run mai as that user: files that another user makes may lock it out."),
  other_owner: warning(
    "chown it to the owner of .mai, or share the project through a group (docs/storage.md).",
  ),
  other_group: warning("chgrp it to the group of .mai, and chmod g+s on the directories."),
  group_locked_out: warning("chmod -R g+rwX .mai async"),
  git_tracks: error("git rm --cached it: it belongs to one machine only."),
  gitignore_incomplete: fixable(),
  gitattributes_incomplete: fixable(),
  file_system_unsure: warning("See docs/reliability.md; prove it on this directory: mai selftest race"),
  flock_broken: error(
    "Do not share this directory: flock(2) does not exclude here. Use a local file system.",
  ),
  no_executable_memory: warning(
    "Allow it: systemd without MemoryDenyWriteExecute=, 'ulimit -v unlimited', no BUN_JSC_useJIT.",
  ),
  probe_not_run: note("Prove it by hand: mai selftest race --dir PATH"),
} as const satisfies Record<string, FindingKind>;

interface FindingKind {
  readonly severity: Severity;
  readonly fixable: boolean;
  readonly hint: string;
}

/** Name of a kind of finding. */
export type FindingCode = keyof typeof FINDING_KINDS;

/** One thing that is wrong, or worth knowing. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** From the project's root; absolute outside of it; null where no single file is meant. */
  readonly path: string | null;
  readonly message: string;
  /** Whether `--fix` mends it. */
  readonly fixable: boolean;
  readonly hint: string;
}

/** Makes a finding; how bad it is follows from its code. */
export function finding(code: FindingCode, path: string | null, message: string): Finding {
  const { severity, fixable: canFix, hint } = FINDING_KINDS[code];
  return { severity, code, path, message, fixable: canFix, hint };
}

/** Tells whether nothing worse than notes was found. */
export function isSound(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === "note");
}

const ORDER: readonly Severity[] = ["error", "warning", "note"];
const KIND_ORDER: ReadonlyMap<string, number> = new Map(
  Object.keys(FINDING_KINDS).map((code, index) => [code, index]),
);

/** Orders findings: the worst first, then by kind as the table has them, then by path. */
export function compareFindings(a: Finding, b: Finding): number {
  const bySeverity = ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);
  const byKind = (KIND_ORDER.get(a.code) ?? 0) - (KIND_ORDER.get(b.code) ?? 0);
  return bySeverity || byKind || ((a.path ?? "") < (b.path ?? "") ? -1 : 1);
}

function error(hint: string) {
  return { severity: "error", fixable: false, hint } as const;
}

function warning(hint: string) {
  return { severity: "warning", fixable: false, hint } as const;
}

function note(hint: string) {
  return { severity: "note", fixable: false, hint } as const;
}

function fixable() {
  return { severity: "warning", fixable: true, hint: "Mend it: mai doctor --fix" } as const;
}
