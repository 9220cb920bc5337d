/** Returns the candidate nearest to `word` by edit distance, null when none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Writes the hint for a misspelt word: the nearest one where there is one, and the command that lists the valid ones.
 * @param listing null where the message itself lists them
 */
export function didYouMean(word: string, candidates: Iterable<string>, listing: string | null): string {
  const near = nearest(word, candidates);
  if (listing === null) return near === null ? "Give one of those." : `Did you mean '${near}'?`;
  return near === null
    ? `See the valid ones: ${listing}`
    : `Did you mean '${near}'? See the valid ones: ${listing}`;
}

/** Optimal string alignment distance (a swap counts as one), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, at(before, j - 2) + 1);
      current.push(distance);
    }
    [before, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
