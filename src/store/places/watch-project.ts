import { type ErrorDetails, MaiError } from "../../domain/errors.ts";
import { pendingRecord } from "../change/journal.ts";
import { SEQUENCE_PATH } from "../project-paths.ts";
import { readText } from "../read-file.ts";
import { absolute, type Workspace } from "../workspace.ts";

/** Longest sleep between two looks at a file system that reports nothing, in milliseconds. */
const TICK_MS = 1000;

/** What a commit leaves different; null before the first one. */
export type ProjectMark = string | null;

/** What ends a sleep beside a commit. */
export interface Alarm {
  /** An instant in milliseconds since 1970, null for none. */
  readonly atMs: number | null;
  /** Asked about once a second. */
  readonly isRaised: () => boolean;
}

/**
 * Sleeps until somebody commits a change. The kernel reports the replacement of `sequence.json`, which every commit
 * does; once a second it is looked at anyway, for file systems that report nothing.
 */
export class ProjectWatch {
  readonly #workspace: Workspace;
  readonly #deadlineMs: number;
  readonly #stop: readonly (() => void)[];
  /** Says who asked for an end. */
  #end: MaiError | null = null;
  #wake: () => void = () => undefined;

  /** @param timeoutMs after which waiting fails, null for never */
  constructor(workspace: Workspace, timeoutMs: number | null) {
    this.#workspace = workspace;
    this.#deadlineMs = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
    this.#stop = [
      workspace.system.watchDirectory(absolute(workspace, ".mai"), () => this.#wake()),
      ...this.#stoppers(),
    ];
  }

  /** Takes the mark to wait from; to be taken before the project is looked at. */
  mark(): ProjectMark {
    return readText(this.#workspace.system.fs, absolute(this.#workspace, SEQUENCE_PATH));
  }

  /**
   * Waits until a commit came after the mark, or an alarm.
   * @throws TIMEOUT, INTERRUPTED
   */
  async changed(mark: ProjectMark, alarm: Alarm): Promise<void> {
    for (;;) {
      if (this.#end !== null) throw this.#end;
      const nowMs = this.#workspace.system.clock.nowMs();
      const alarmMs = alarm.atMs === null ? Number.POSITIVE_INFINITY : alarm.atMs - nowMs;
      if (this.mark() !== mark || alarmMs <= 0 || alarm.isRaised()) return;
      const leftMs = this.#deadlineMs - performance.now();
      if (leftMs <= 0) throw new MaiError("TIMEOUT", "The time is up.", { hint: "Wait longer: --timeout" });
      const woken = await this.#sleep(Math.min(TICK_MS, alarmMs, leftMs));
      // A writer that was killed after its commit point left the rest to whoever looks next.
      if (woken === "by itself" && pendingRecord(this.#workspace) !== null) return;
    }
  }

  /** Lets the commits of a busy project gather for a while, in milliseconds. */
  async pause(ms: number): Promise<void> {
    await Bun.sleep(Math.max(0, Math.min(ms, TICK_MS, this.#deadlineMs - performance.now())));
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  /** Listens to whatever may ask for an end. @returns ends to that */
  #stoppers(): readonly (() => void)[] {
    const { system, stop } = this.#workspace;
    if (stop === undefined) {
      return (["SIGINT", "SIGTERM"] as const).map((signal) =>
        system.onSignal(signal, () => this.#interrupt(signal, { signal })),
      );
    }
    const onAbort = () => this.#interrupt(String(stop.reason), {});
    if (stop.aborted) onAbort();
    stop.addEventListener("abort", onAbort);
    return [() => stop.removeEventListener("abort", onAbort)];
  }

  #interrupt(who: string, fields: ErrorDetails["fields"] & {}): void {
    this.#end ??= new MaiError("INTERRUPTED", `Waiting was ended by ${who}.`, { fields });
    this.#wake();
  }

  #sleep(ms: number): Promise<"by itself" | "by an event"> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve("by itself"), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve("by an event");
      };
    });
  }
}
