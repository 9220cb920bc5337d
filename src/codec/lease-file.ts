import type { Lease } from "../domain/lease.ts";
import { isOperatorName } from "../domain/names.ts";
import { visibleLine } from "../domain/text.ts";

/** Longest field of a lease file that is read. */
const MAX_FIELD = 256;

/**
 * Reads `agent|timestamp|fence=N[|from=NAME][|session=S][|hold]`; files of the Python tool stop after the timestamp.
 * A lease that cannot be read still is one: its holder is then `unknown`, and its age decides. Control characters,
 * line feeds too, are written out: no name that mai takes has any.
 */
export function parseLease(text: string): Lease {
  const [holder = "", claimedAt = "", ...extras] = visibleLine(text.trim())
    .slice(0, MAX_FIELD * 4)
    .split("|");
  const fence = extraOf("fence", extras);
  return {
    holder: holder.replace(/^@/, "").slice(0, MAX_FIELD) || "unknown",
    claimedAt,
    fence: fence !== null && /^\d{1,15}$/.test(fence) ? Number(fence) : null,
    session: extraOf("session", extras),
    from: nameOf(extraOf("from", extras)),
    hold: extras.includes("hold"),
  };
}

/** A name that cannot be a handler counts as none: it would be written into an issue file. */
function nameOf(text: string | null): string | null {
  return text !== null && isOperatorName(text) ? text : null;
}

function extraOf(key: string, extras: readonly string[]): string | null {
  for (const extra of extras) if (extra.startsWith(`${key}=`)) return extra.slice(key.length + 1);
  return null;
}

/** Writes a lease file. */
export function formatLease(lease: Lease): string {
  const session = lease.session === null ? "" : `|session=${lease.session}`;
  const fence = lease.fence === null ? "" : `|fence=${lease.fence}`;
  const from = lease.from === null ? "" : `|from=${lease.from}`;
  return `${lease.holder}|${lease.claimedAt}${fence}${from}${session}${lease.hold ? "|hold" : ""}`;
}

/** Writes `processing/<ID>.md`, which exists while an issue is leased. */
export function formatProcessing(id: string, lease: Lease): string {
  return `# Processing\n\nIssue: ${id}\nAgent: ${lease.holder}\nStarted: ${lease.claimedAt}\n`;
}
