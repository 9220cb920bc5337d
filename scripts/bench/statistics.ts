/** Summary of the times of one subject, in milliseconds. */
export interface Summary {
  readonly runs: number;
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  /** Distance of the quartiles as a part of the median: how much the machine itself wavered. */
  readonly spread: number;
}

/** Summarises times in milliseconds. @throws Error without any */
export function summarise(times: readonly number[]): Summary {
  const sorted = times.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const lowerQuartile = quantile(sorted, 0.25);
  const upperQuartile = quantile(sorted, 0.75);
  return {
    runs: times.length,
    median,
    lowerQuartile,
    upperQuartile,
    spread: (upperQuartile - lowerQuartile) / median,
  };
}

/** Linear interpolation between the two nearest ranks. */
function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error("no times to summarise");
  return below + (above - below) * (place - Math.floor(place));
}
