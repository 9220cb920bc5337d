import { MaiError } from "../../domain/errors.ts";
import {
  commandFailed,
  type Evidence,
  type EvidenceRequest,
  supposedEvidence,
} from "../../domain/evidence.ts";
import { digestOfFile } from "../../store/digest.ts";
import { findExecutable } from "../../store/find-executable.ts";
import { isSystemError } from "../../store/io-error.ts";
import { resolvePath } from "../../store/places/find-project.ts";
import { runChild } from "../../store/run-child.ts";
import { KeptOutput } from "../agent-loop/kept-output.ts";
import type { Call } from "../call.ts";

/** Where a shell is looked for when the environment does not say. */
const STANDARD_PATH = "/usr/bin:/bin";

/** Where and how the commands run. */
export interface EvidencePlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
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
  const { cwd, env, stdinIsTerminal, write } = place;
  const executable = findExecutable("sh", { system, cwd, path: env.PATH ?? STANDARD_PATH });
  const output = new KeptOutput();
  const tee = (kept: KeptOutput["stdout"]) => (bytes: Uint8Array) => {
    kept.add(bytes);
    write(bytes);
  };
  const startMs = performance.now();
  const end = await runChild(system, {
    ...{ argv: ["sh", "-c", command], executable, cwd, env, stdinIsTerminal },
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
  try {
    const digest = digestOfFile(fs, resolvePath(cwd, path));
    if (digest !== null) return { kind: "file", path, ...digest };
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof MaiError)) throw error;
    throw new MaiError("INVALID_TEXT", `Cannot read ${path}: ${error.message}`, { cause: error });
  }
  throw new MaiError("NOT_FOUND", `There is no file ${path}.`, { fields: { path } });
}
