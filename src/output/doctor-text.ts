import type { MountedFileSystem } from "../domain/doctor/file-systems.ts";
import type { Finding } from "../domain/doctor/finding.ts";
import { visibleLine } from "../domain/text.ts";

/** Findings of one kind that are shown as text; all are in the JSON. */
const SHOWN_PER_KIND = 10;

/** What the text tells. */
interface Told {
  readonly findings: readonly Finding[];
  readonly fixed: readonly Finding[];
  readonly fileSystem: MountedFileSystem | null;
  readonly dryRun: boolean;
}

/** Renders what the doctor found: kind by kind, the worst first, each kind with what to do next. */
export function diagnosisText({ findings, fixed, fileSystem, dryRun }: Told): string {
  const mended = [...Map.groupBy(fixed, ({ code }) => code)].map(
    ([code, same]) => `${dryRun ? "would mend" : "mended"}  ${code}: ${same.length}`,
  );
  const kinds = [...Map.groupBy(findings, ({ code }) => code).values()].flatMap(kindLines);
  const place = fileSystem === null ? "unknown" : `${fileSystem.type} at ${fileSystem.mountPoint}`;
  return [...mended, ...kinds, `File system: ${place}`, summaryOf(findings)].join("\n");
}

function kindLines(same: readonly Finding[]): readonly string[] {
  const [first] = same;
  if (first === undefined) return [];
  const shown = same
    .slice(0, SHOWN_PER_KIND)
    .map(({ path, message }) => `  ${visibleLine(path === null ? message : `${path}: ${message}`)}`);
  const more = same.length > SHOWN_PER_KIND ? [`  … and ${same.length - SHOWN_PER_KIND} more`] : [];
  return [`${first.severity}  ${first.code}`, ...shown, ...more, `  → ${first.hint}`];
}

/** Counts what was found in one line. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (severity: Finding["severity"]) =>
    findings.filter((entry) => entry.severity === severity).length;
  const parts = [
    counted(count("error"), "error"),
    counted(count("warning"), "warning"),
    counted(count("note"), "note"),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "Nothing is wrong." : `${parts.join(", ")}.`;
}

function counted(count: number, what: string): string | null {
  if (count === 0) return null;
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
