import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { BinaryProject } from "./binary.ts";

/** One event as the stream prints it. */
export interface StreamEvent {
  readonly seq: number;
  readonly actor: string;
  readonly type: string;
  readonly issue: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** Makes a project with workers w0, w1 … and so many issues in the queue questions. */
export async function projectWithWork(size: { workers: number; issues: number }): Promise<BinaryProject> {
  const project = await BinaryProject.after([["init", "-o", "admin"]]);
  for (let worker = 0; worker < size.workers; worker += 1) {
    await project.ok("agent", "add", `w${worker}`, "-o", "admin");
  }
  for (let issue = 1; issue <= size.issues; issue += 1) {
    await project.ok("issue", "new", "questions", `Issue ${issue}`, "-o", "admin");
  }
  return project;
}

/** Reads the event stream through the program. */
export async function eventsOf(
  project: BinaryProject,
  ...argv: readonly string[]
): Promise<readonly StreamEvent[]> {
  const { stdout } = await project.ok("--json", "events", ...argv);
  return parseEvents(stdout);
}

/** Parses what `mai --json events` printed. */
export function parseEvents(stdout: string): readonly StreamEvent[] {
  return stdout === ""
    ? []
    : stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}

/** Returns the numbers from one to the other. */
export function numbers(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Waits for a file to be there; the test's own time limit is the end of it. */
export async function untilThere(project: BinaryProject, path: string): Promise<string> {
  while (!existsSync(join(project.root, path))) await Bun.sleep(5);
  return readFileSync(join(project.root, path), "utf8");
}

/** Waits until a process has a handler for a signal: before that the signal would end it unheard. */
export async function untilCaught(child: Bun.Subprocess, signal: "SIGINT" | "SIGTERM"): Promise<void> {
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  while (child.exitCode === null && (caughtBy(child.pid) & bit) === 0n) await Bun.sleep(5);
}

function caughtBy(pid: number): bigint {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
  return BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
}
