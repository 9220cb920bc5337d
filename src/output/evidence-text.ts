import { type Evidence, evidenceData } from "../domain/evidence.ts";

/** Renders what was found; a dry run runs no command, and says so. */
export function evidenceText(found: Evidence, dryRun: boolean): string {
  if (found.kind === "file") return `${found.path}: ${found.bytes} bytes, sha256 ${found.sha256}`;
  const command = JSON.stringify(found.command);
  if (dryRun) return `${command} would be run and has to succeed; a dry run does not run it`;
  return `${command}: exit ${found.exitCode}, ${(found.durationMs / 1000).toFixed(1)} s`;
}

/** Returns the JSON of what was found; in a dry run nothing is known of a command. */
export function evidenceJson(found: Evidence, dryRun: boolean): Record<string, unknown> {
  if (found.kind === "file" || !dryRun) return evidenceData(found);
  return { kind: found.kind, command: found.command, exit_code: null, duration_ms: null, output: null };
}
