/** Shared lock of flock(2): any number of holders. */
export const LOCK_SH = 1;
/** Exclusive lock of flock(2): one holder. */
export const LOCK_EX = 2;

/** What flock(2) is asked for; mai never waits inside the call. */
export type FlockOperation = typeof LOCK_SH | typeof LOCK_EX;
