/**
 * Is how long a test of this folder may take, in milliseconds, before it counts as hung: far beyond what it takes on
 * a busy machine with an empty cache, since no timing decides a test.
 */
export const PATIENCE_MS = 600_000;
