import type { Lease } from "../domain/lease.ts";

/** Longest field of a lease file that is read. */
const MAX_FIELD = 256;

/**
 * Reads `agent|timestamp|fence=N[|session=S][|hold]`; files of the Python tool stop after the timestamp.
 * A lease that cannot be read still is one: its holder is then `unknown`, and its age decides.
 */
export function parseLease(text: string): Lease {
  const [holder = "", claimedAt = "", ...extras] = text
    .trim()
    .slice(0, MAX_FIELD * 4)
    .split("|");
  const value = (key: string) =>
    extras.find((extra) => extra.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
  const fence = value("fence");
  return {
    holder: holder.replace(/^@/, "").slice(0, MAX_FIELD) || "unknown",
    claimedAt,
    fence: fence !== null && /^\d{1,15}$/.test(fence) ? Number(fence) : null,
    session: value("session"),
    hold: extras.includes("hold"),
  };
}

/** Writes a lease file. */
export function formatLease(lease: Lease): string {
  const session = lease.session === null ? "" : `|session=${lease.session}`;
  const fence = lease.fence === null ? "" : `|fence=${lease.fence}`;
  return `${lease.holder}|${lease.claimedAt}${fence}${session}${lease.hold ? "|hold" : ""}`;
}

/** Writes `processing/<ID>.md`, which exists while an issue is leased. */
export function formatProcessing(id: string, lease: Lease): string {
  return `# Processing\n\nIssue: ${id}\nAgent: ${lease.holder}\nStarted: ${lease.claimedAt}\n`;
}
