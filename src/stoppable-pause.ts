import type { Context, StopSignal } from "./cli/context.ts";

/**
 * Makes a wait that SIGINT and SIGTERM end. Until its first call both end the process at once, as usual; from then
 * on one that arrives between two waits ends the next.
 */
export function stoppablePause(): Context["pause"] {
  let asked: StopSignal | null = null;
  let wake: (() => void) | null = null;
  const listen = (signal: StopSignal) => {
    process.on(signal, () => {
      asked ??= signal;
      wake?.();
    });
  };
  let listening = false;
  return (ms) => {
    if (!listening) {
      listen("SIGINT");
      listen("SIGTERM");
      listening = true;
    }
    if (asked !== null) return Promise.resolve(asked);
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake?.(), ms);
      wake = () => {
        wake = null;
        clearTimeout(timer);
        resolve(asked);
      };
    });
  };
}
