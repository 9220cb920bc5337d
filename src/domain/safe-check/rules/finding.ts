/** Rules by id, each with the reason that is shown; the subject (a path, a command) follows in brackets. */
export const RULES = {
  unreadable: "cannot be read, so it cannot be called safe",
  denied: "the project denies it",
  "delete-protected": "would delete something that cannot be brought back",
  "delete-unset":
    "would delete what must stay if a variable is empty; set it on the line, or use the form that stops when it is (NAME:?)",
  "move-protected": "would move away or throw away something that cannot be brought back",
  "permissions-protected": "would change the rights of a system or home directory",
  setuid: "would let anybody become another user",
  "write-device": "would write to a device",
  "write-system": "would change a file the system lives by",
  "disk-tool": "would change disks, partitions or volumes",
  "power-off": "would stop or restart the machine",
  "kill-all": "would end processes that are not yours",
  "fork-bomb": "would start processes without end",
  "infinite-start": "would start background processes without end",
  "download-run": "would run what was just downloaded, unread",
  "decoded-run": "would run text that was encoded, unread",
  "secret-sent": "would send credentials away",
  "remote-shell": "would open a shell to another machine",
  "security-off": "would switch off a protection of the machine",
  "account-change": "would change or remove accounts",
  "schedule-lost": "would remove all scheduled jobs",
  "packages-lost": "would remove packages the system needs",
  "host-mount": "would give a container the whole machine",
} as const satisfies Record<string, string>;

/** Name of a built-in rule. */
export type RuleId = keyof typeof RULES;

/** What was found: the rule, a sentence for people, and the command it was found in. */
export interface Finding {
  readonly rule: RuleId;
  readonly reason: string;
  readonly part: string;
}

/** A finding that the project allows, with the `allow` pattern that let it pass. */
export interface Override extends Finding {
  readonly pattern: string;
}

/** What a detector says before it is known which command it is about. */
export interface Suspicion {
  readonly rule: RuleId;
  readonly subject?: string;
}

const LONGEST_SHOWN = 200;

/** Turns a suspicion about a command into a finding with a sentence. */
export function toFinding(suspicion: Suspicion, part: string): Finding {
  const subject = suspicion.subject === undefined ? "" : ` (${clip(suspicion.subject)})`;
  return { rule: suspicion.rule, reason: RULES[suspicion.rule] + subject, part: clip(part.trim()) };
}

function clip(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`;
}
