import type { Report } from "./report.ts";

/**
 * Runs a harness that compares what it finds with states it made before; once more where a day ended meanwhile and
 * something differed: logs that begin at midnight are no fault.
 */
export async function withinOneDay(
  run: () => Promise<Report>,
  today: () => string = daysHere,
): Promise<Report> {
  const before = today();
  const report = await run();
  return report.bad.length > 0 && today() !== before ? run() : report;
}

/** The local day and that of UTC: logs of both begin anew. */
function daysHere(): string {
  const now = new Date();
  return `${now.toDateString()} ${now.toISOString().slice(0, 10)}`;
}
