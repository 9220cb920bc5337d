/** Sizes of the harnesses: the check's, or the large ones of `bun run torture`. */
export const IS_LARGE = process.env.MAI_TORTURE === "large";

/** Returns the size of this run. */
export function sized<Size>(check: Size, large: Size): Size {
  return IS_LARGE ? large : check;
}

/** Longest time that one test may take, in milliseconds. */
export const TEST_TIMEOUT_MS = sized(10 * 60_000, 10 * 3_600_000);
