import type { Sandbox } from "../../support/sandbox.ts";

/** What follows from files that are written now by a clock that stands in the past. */
const OF_THE_CLOCK: ReadonlySet<string> = new Set([
  "from_future",
  "lease_stale",
  "probe_not_run",
  "clock_backwards",
]);

/** Runs the doctor and returns code and path of what it finds, the clock apart. */
export async function findings(box: Sandbox): Promise<readonly (readonly [string, string | null])[]> {
  const { json } = await box.json("doctor");
  return json.findings
    .filter(({ code }: { code: string }) => !OF_THE_CLOCK.has(code))
    .map(({ code, path }: { code: string; path: string | null }) => [code, path]);
}
