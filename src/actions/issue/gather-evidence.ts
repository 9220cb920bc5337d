import {
  commandFailed,
  type Evidence,
  type EvidenceRequest,
  supposedEvidence,
} from "../../domain/evidence.ts";
import { digestOfFile } from "../../store/digest.ts";
import { findExecutable } from "../../store/find-executable.ts";
import { runChild } from "../../store/run-child.ts";
import { KeptOutput } from "../agent-loop/kept-output.ts";
import type { Call } from "../call.ts";
import { fromUserFile } from "../projects/user-file.ts";

/** Where a shell is looked for when the environment does not say. */
const STANDARD_PATH = "/usr/bin:/bin";

/** Where and how the commands run. */
export interface EvidencePlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  /** The input of mai is a protocol: the commands get an empty one. */
  readonly withoutInput: boolean;
  /** Takes what the commands say, for whoever watches. */
  readonly write: (bytes: Uint8Array) => void;
}

/**
 * Runs the commands and looks at the files, in their order, so that a command can make a file that is looked at next.
 * A dry run only looks at the files.
 * @throws EVIDENCE_FAILED for a command that does not succeed, INTERRUPTED, NOT_FOUND and INVALID_TEXT for a file
 */
export async function gatherEvidence(
  call: Call,
  issueId: string,
  { requests, place }: { readonly requests: readonly EvidenceRequest[]; readonly place: EvidencePlace },
): Promise<readonly Evidence[]> {
  const found: Evidence[] = [];
  for (const request of requests) {
    if (request.kind === "file") found.push(fileEvidence(call, place.cwd, request.path));
    else if (call.workspace.dryRun) found.push(supposedEvidence(request));
    else found.push(await commandEvidence(call, issueId, { command: request.command, place }));
  }
  return found;
}

async function commandEvidence(
  call: Call,
  issueId: string,
  { command, place }: { readonly command: string; readonly place: EvidencePlace },
): Promise<Evidence> {
  const { system } = call.workspace;
  const { cwd, env, stdinIsTerminal, withoutInput, write } = place;
  const executable = findExecutable("sh", { system, cwd, path: env.PATH ?? STANDARD_PATH });
  const output = new KeptOutput();
  const tee = (kept: KeptOutput["stdout"]) => (bytes: Uint8Array) => {
    kept.add(bytes);
    write(bytes);
  };
  const startMs = performance.now();
  const end = await runChild(system, {
    ...{ argv: ["sh", "-c", command], executable, cwd, env, stdinIsTerminal, withoutInput },
    stdout: tee(output.stdout),
    stderr: tee(output.stderr),
  });
  const durationMs = Math.round(performance.now() - startMs);
  const found = {
    kind: "command",
    command,
    exitCode: end.exitCode,
    durationMs,
    tail: output.text(),
  } as const;
  if (end.exitCode !== 0) throw commandFailed(issueId, found, end.signal);
  return found;
}

function fileEvidence(call: Call, cwd: string, path: string): Evidence {
  const { fs } = call.workspace.system;
  const digest = fromUserFile(cwd, path, (absolutePath) => digestOfFile(fs, absolutePath));
  return { kind: "file", path, ...digest };
}
