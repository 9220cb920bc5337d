const PART = String.raw`(\d{1,9}(?:\.\d{1,3})?)`;
/** Largest unit first, each at most once: `1h30m`, `90s`, `2d`, `500ms`; `0` needs no unit. */
const DURATION = new RegExp(`^(?:${PART}d)?(?:${PART}h)?(?:${PART}m)?(?:${PART}s)?(?:${PART}ms)?$`);
/** Milliseconds of the units in the order of the pattern. */
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1] as const;

/** Reads a span of time such as `90s`, `10m` or `1h30m` as milliseconds; null when `text` is none. */
export function parseDuration(text: string): number | null {
  if (text === "0") return 0;
  const match = DURATION.exec(text);
  if (match === null || text === "") return null;
  return UNITS_MS.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
}
