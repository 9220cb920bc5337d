import type { Language } from "./config.ts";

/** The escalation that ended, and the words it ended with. */
interface Decided {
  readonly id: string;
  readonly text: string;
}

/** Remarks that mai itself puts into records, in both languages; `zh` reads as the Python tool writes it. */
const PHRASES = {
  zh: {
    completed: (text: string, evidence: number) =>
      `完成${evidence === 0 ? "" : `（证据 ${evidence} 项）`}：${text}`,
    confirmed: (evidence: number) => `确认完成${evidence === 0 ? "" : `（证据 ${evidence} 项）`}`,
    evidence: "证据",
    command: (command: string) => `命令 ${command}，`,
    commandFound: (exitCode: number, seconds: string) => `退出码 ${exitCode}，用时 ${seconds} 秒`,
    file: (path: string) => `文件 ${path}，`,
    fileFound: (bytes: number, sha256: string) => `${bytes} 字节，sha256 ${sha256}`,
    transferred: (handler: string, message: string) =>
      `转交给 @${handler}${message === "" ? "" : `：${message}`}`,
    rejected: (text: string) => `退回重做：${text}`,
    reopened: (text: string) => `重新打开：${text}`,
    discarded: (text: string) => `废弃工单：${text}`,
    unblocked: () => "解除阻塞",
    undone: (what: string) => `撤销 ${what}`,
    tookOver: (holder: string) => `接管 @${holder} 的过期租约`,
    expired: (holder: string) => `@${holder} 的租约已过期，由 guardian 释放`,
    released: (holder: string) => `释放 @${holder} 的租约`,
    releasedStale: (holder: string) => `释放 @${holder} 的过期租约`,
    escalated: (id: string) => `升级为 ${id}`,
    escalation: (id: string) => `升级自 ${id}`,
    decided: ({ id, text }: Decided) => `${id} 的决定：${text}`,
    notDecided: ({ id, text }: Decided) => `${id} 未作决定，已废弃：${text}`,
    edited: (field: string, old: string) => `修改 ${field}，原值：${old}`,
    labelled: (change: string) => `标签：${change}`,
    checked: (item: string) => `勾选 ${item}`,
    unchecked: (item: string) => `取消勾选 ${item}`,
    waitsFor: (ids: readonly string[]) => `依赖：${ids.join(", ")}`,
    noLongerWaits: (ids: readonly string[]) => `不再依赖：${ids.join(", ")}`,
    nothing: "无",
    reference: (id: string) => `- 关联 Issue：${id}`,
    forced: "（强制）",
  },
  en: {
    completed: (text: string, evidence: number) =>
      `Completed${evidence === 0 ? "" : ` (evidence: ${evidence})`}: ${text}`,
    confirmed: (evidence: number) => `Confirmed${evidence === 0 ? "" : ` (evidence: ${evidence})`}`,
    evidence: "Evidence",
    command: (command: string) => `command ${command}, `,
    commandFound: (exitCode: number, seconds: string) => `exit ${exitCode}, ${seconds} s`,
    file: (path: string) => `file ${path}, `,
    fileFound: (bytes: number, sha256: string) => `${bytes} bytes, sha256 ${sha256}`,
    transferred: (handler: string, message: string) =>
      `Transferred to @${handler}${message === "" ? "" : `: ${message}`}`,
    rejected: (text: string) => `Sent back: ${text}`,
    reopened: (text: string) => `Reopened: ${text}`,
    discarded: (text: string) => `Discarded: ${text}`,
    unblocked: () => "Unblocked",
    undone: (what: string) => `Took back ${what}`,
    tookOver: (holder: string) => `Took over the stale lease of @${holder}`,
    expired: (holder: string) => `The lease of @${holder} went stale; released by guardian`,
    released: (holder: string) => `Released the lease of @${holder}`,
    releasedStale: (holder: string) => `Released the stale lease of @${holder}`,
    escalated: (id: string) => `Escalated as ${id}`,
    escalation: (id: string) => `Escalated from ${id}`,
    decided: ({ id, text }: Decided) => `Decision of ${id}: ${text}`,
    notDecided: ({ id, text }: Decided) => `${id} was discarded without a decision: ${text}`,
    edited: (field: string, old: string) => `Changed ${field}, was: ${old}`,
    labelled: (change: string) => `Labels: ${change}`,
    checked: (item: string) => `Checked ${item}`,
    unchecked: (item: string) => `Unchecked ${item}`,
    waitsFor: (ids: readonly string[]) => `Waits for ${ids.join(", ")}`,
    noLongerWaits: (ids: readonly string[]) => `No longer waits for ${ids.join(", ")}`,
    nothing: "none",
    reference: (id: string) => `- Related issue: ${id}`,
    forced: " (forced)",
  },
} as const;

/** Remarks of one language. */
export type Phrases = (typeof PHRASES)[Language];

/** Returns the remarks in the language of the project's files. */
export function phrasesOf(language: Language): Phrases {
  return PHRASES[language];
}

/** The remarks of every language: the language of a project may have changed since a record was written. */
export const EVERY_PHRASES: readonly Phrases[] = Object.values(PHRASES);

/** Tells whether a record text of a claim is mai's own (a plain claim, or one that took over a stale lease). */
export function isClaimText(text: string): boolean {
  const takeover = /^(?:接管 @.* 的过期租约|Took over the stale lease of @.*)(?:（强制）| \(forced\))?$/;
  return text === "" || text === PHRASES.zh.forced || text === PHRASES.en.forced || takeover.test(text);
}

/** Returns the message that went with a transfer; null where there was none. */
export function transferMessage(text: string): string | null {
  return /^(?:转交给|Transferred to) @[^：:\n]+(?:：|: )(.+)$/s.exec(text)?.[1] ?? null;
}

/** Returns whom a record text of a transfer names, null when it is none. */
export function transferredTo(text: string): string | null {
  return /^(?:转交给|Transferred to) @([^：:\n]+)/.exec(text)?.[1] ?? null;
}

/** Tells whether a record text says that this holder gave the lease back, in any language. */
export function isReleaseText(text: string, holder: string): boolean {
  return EVERY_PHRASES.some(({ released }) => released(holder) === text);
}

/** Tells whether a record text says that the lease of this holder ended, whoever ended it. */
export function endsLeaseOf(text: string, holder: string): boolean {
  return EVERY_PHRASES.some(({ released, releasedStale, expired, forced }) =>
    [released(holder), released(holder) + forced, releasedStale(holder), expired(holder)].includes(text),
  );
}

/** Tells whether a record text is a rejection. */
export function isRejection(text: string): boolean {
  return rejectionReason(text) !== null;
}

/** Returns why work was sent back, null where a record text is no rejection. */
export function rejectionReason(text: string): string | null {
  return /^(?:退回重做：|Sent back: )(.*)$/s.exec(text)?.[1] ?? null;
}

/** Returns why work was opened again, null where a record text does not say that. */
export function reopeningReason(text: string): string | null {
  return /^(?:重新打开：|Reopened: )(.*)$/s.exec(text)?.[1] ?? null;
}

/** Tells whether a record text tells how an escalation ended. */
export function isDecisionText(text: string): boolean {
  return /^(?:[A-Z0-9]+-[A-Z0-9]+ (?:的决定：|未作决定，已废弃：|was discarded without a decision: )|Decision of )/.test(
    text,
  );
}

/** Tells whether a record text of a remark is of mai's own making. */
export function isOwnRemark(text: string): boolean {
  if (isEditText(text) || isLabelText(text) || isCheckText(text)) return true;
  return /^(?:依赖：|不再依赖：|撤销 issue |释放 @|Waits for |No longer waits for |Took back issue |Released the )/.test(
    text,
  );
}

/** Returns a record text as people read it: a transfer to nobody names no agent `default`. */
export function readableRecord(text: string): string {
  return text
    .replace(/^转交给 @default(?=：|$)/, "改为未分配")
    .replace(/^Transferred to @default(?=:|$)/, "Made unassigned");
}

/** Returns the issue that a record text of an escalation names, null when it is none. */
export function escalatedTo(text: string): string | null {
  return /^(?:升级为|Escalated as) ([A-Z0-9]+-[A-Z0-9]+)$/.exec(text)?.[1] ?? null;
}

/** Tells whether a record text is mai's own about an edit. */
export function isEditText(text: string): boolean {
  return /^(?:修改 [a-z]+，原值：|Changed [a-z]+, was: )/.test(text);
}

/** Tells whether a record text is mai's own about labels. */
export function isLabelText(text: string): boolean {
  return /^(?:标签：|Labels: )[+-]/.test(text);
}

/** Tells whether a record text is mai's own about a check list. */
export function isCheckText(text: string): boolean {
  return /^(?:取消勾选|勾选|Checked|Unchecked) \d+ /.test(text);
}
