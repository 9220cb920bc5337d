import type { MountedFileSystem } from "../domain/doctor/file-systems.ts";
import type { Finding } from "../domain/doctor/finding.ts";
import { alignColumns } from "./columns.ts";

/** What the text tells. */
interface Told {
  readonly directory: string;
  readonly processes: number;
  readonly rounds: readonly {
    readonly kind: string;
    readonly processes: number;
    readonly won: number;
    readonly refused: number;
    readonly failed: number;
    readonly kept: number;
    readonly lost: number;
    readonly right: boolean;
  }[];
  readonly findings: readonly Finding[];
  readonly right: boolean;
  readonly seconds: number;
  readonly fileSystem: MountedFileSystem | null;
}

const HEAD = ["round", "processes", "won", "refused", "failed", "kept", "lost", ""];

/** Renders the table of a race: a line per round, and the verdict. */
export function raceText(told: Told): string {
  const rows = told.rounds.map(({ kind, right, ...counts }, index) => {
    const { processes, won, refused, failed, kept, lost } = counts;
    const numbers = [processes, won, refused, failed, kept, lost].map(String);
    return [`${index + 1} ${kind}`, ...numbers, right ? "right" : "WRONG"];
  });
  const type = told.fileSystem === null ? "" : ` (${told.fileSystem.type})`;
  return [
    `${told.processes} processes in ${told.directory}${type}, ${told.seconds.toFixed(1)} s`,
    ...alignColumns([HEAD, ...rows]).map((line) => line.trimEnd()),
    ...told.findings.map(({ code, path, message }) => `${code}  ${path ?? ""}: ${message}`),
    told.right
      ? "Right: every issue had one winner, and nothing was lost."
      : "WRONG: do not share a project here.",
  ].join("\n");
}
