import { MaiError } from "./errors.ts";
import { checkText, hasControlCharacter } from "./text.ts";

/** What shall prove that the work is done: a command that must succeed, or a file that must be there. */
export type EvidenceRequest =
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "file"; readonly path: string };

/** What was found. */
export type Evidence =
  | {
      readonly kind: "command";
      readonly command: string;
      readonly exitCode: number;
      readonly durationMs: number;
      /** Last lines of what it said. */
      readonly tail: string;
    }
  | { readonly kind: "file"; readonly path: string; readonly bytes: number; readonly sha256: string };

/**
 * Reads `cmd:COMMAND` or `file:PATH`.
 * @throws USAGE, INVALID_TEXT
 */
export function evidenceRequest(text: string): EvidenceRequest {
  const [, kind, what = ""] = /^(cmd|file):(.+)$/s.exec(text) ?? [];
  if (kind === "cmd") return { kind: "command", command: checkText(what, "command") };
  if (kind === "file" && !/[\n\t]/.test(what) && !hasControlCharacter(what))
    return { kind: "file", path: what };
  throw new MaiError("USAGE", `--evidence takes cmd:COMMAND or file:PATH, not ${JSON.stringify(text)}.`, {
    hint: "Such as --evidence cmd:'make test' or --evidence file:report.txt",
    fields: { argument: "--evidence", value: text },
  });
}

/** Returns what will be found if all is well: enough to decide whether it is worth looking. */
export function supposedEvidence(request: EvidenceRequest): Evidence {
  return request.kind === "command"
    ? { ...request, exitCode: 0, durationMs: 0, tail: "" }
    : { ...request, bytes: 0, sha256: "" };
}

/** Returns evidence as events and answers tell it. */
export function evidenceData(evidence: Evidence): Record<string, unknown> {
  if (evidence.kind === "file") return { ...evidence };
  const { kind, command, exitCode, durationMs, tail } = evidence;
  return { kind, command, exit_code: exitCode, duration_ms: durationMs, output: tail };
}

/** Returns the refusal of a completion whose command failed. */
export function commandFailed(
  issueId: string,
  found: Extract<Evidence, { kind: "command" }>,
  signal: string | null,
): MaiError {
  const how = signal === null ? `ended with ${found.exitCode}` : `was ended by ${signal}`;
  const fields = { issue_id: issueId, evidence: { ...evidenceData(found), signal } };
  if (signal === "SIGINT" || (signal === null && found.exitCode === 130)) {
    return new MaiError(
      "INTERRUPTED",
      `${JSON.stringify(found.command)} was interrupted; nothing was changed.`,
      {
        fields,
      },
    );
  }
  return new MaiError("EVIDENCE_FAILED", `${JSON.stringify(found.command)} ${how}; nothing was changed.`, {
    hint: `Mend it, or hand ${issueId} back: mai issue reject ${issueId} "why" -o NAME`,
    fields,
  });
}
