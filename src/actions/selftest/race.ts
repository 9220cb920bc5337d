import type { MountedFileSystem } from "../../domain/doctor/file-systems.ts";
import type { Finding } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { mountedFileSystem } from "../../store/places/mounted-file-system.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { makeScratchDirectory, removeScratchDirectory } from "../../store/scratch-directory.ts";
import type { EndedSelf } from "../../store/self-process.ts";
import type { Call } from "../call.ts";
import { examineProject } from "../doctor/examine-project.ts";
import { judgeRound, RACE_QUEUE, RACER, type RoundPlan, type RoundResult, raceLine } from "./race-rounds.ts";

const PROCESS_TIMEOUT_MS = 120_000;
const ROOT = "admin";

/** Rounds of a race, in their order; each issue is raced for once. */
const ROUNDS: readonly RoundPlan[] = [
  ...[1, 2, 3, 4, 5].map((number) => ({ kind: "claim", issue: `REQ-00${number}`, winners: "one" }) as const),
  ...[6, 7].map((number) => ({ kind: "amend", issue: `REQ-00${number}`, winners: "all" }) as const),
  { kind: "create", issue: null, winners: "all" },
];

/** What a race came to. */
export interface RaceResult {
  /** Absolute path of the directory whose file system was proved. */
  readonly directory: string;
  readonly processes: number;
  readonly rounds: readonly RoundResult[];
  /** What the doctor says is broken in the scratch project afterwards. */
  readonly findings: readonly Finding[];
  readonly right: boolean;
  readonly seconds: number;
  readonly fileSystem: MountedFileSystem | null;
}

/**
 * Races processes of this program for issues of a scratch project in the call's directory, and removes it afterwards.
 * A dry run only says what it would do.
 * @throws a system error where nothing can be made there, INTERNAL_ERROR where the scratch project cannot be set up
 */
export async function race(call: Call, processes: number): Promise<RaceResult> {
  const { system, root: directory, dryRun } = call.workspace;
  const startedMs = system.clock.nowMs();
  const fileSystem = mountedFileSystem(system, directory);
  const facts = { directory, processes, fileSystem };
  if (dryRun) return { ...facts, rounds: [], findings: [], right: true, seconds: 0 };
  const scratch = makeScratchDirectory(system, directory, "mai-race-");
  try {
    const { rounds, findings } = await raceIn(scratchCall(call, scratch), processes);
    const right = rounds.every((round) => round.right) && findings.length === 0;
    return { ...facts, rounds, findings, right, seconds: (system.clock.nowMs() - startedMs) / 1000 };
  } finally {
    removeScratchDirectory(system, scratch);
  }
}

/** The scratch directory is project and home in one: nothing outside of it is touched. */
function scratchCall(call: Call, root: string): Call {
  return { ...call, home: null, workspace: { ...call.workspace, root } };
}

async function raceIn(call: Call, processes: number): Promise<Pick<RaceResult, "rounds" | "findings">> {
  await setUp(call);
  const rounds: RoundResult[] = [];
  for (const plan of ROUNDS) {
    const lines = Array.from({ length: processes }, (_, number) => raceLine(plan, number));
    const ended = await Promise.all(lines.map((line) => runOther(call, line)));
    rounds.push(readProject(call.workspace, (view) => judgeRound(plan, ended, view)));
  }
  const findings = await examineProject(call);
  return { rounds, findings: findings.filter(({ severity }) => severity === "error") };
}

async function setUp(call: Call): Promise<void> {
  const issues = ROUNDS.flatMap(({ issue }) => (issue === null ? [] : [issue]));
  const lines = [
    ["init", "-o", ROOT],
    ["agent", "add", RACER, "-o", ROOT],
    ...issues.map((issue) => ["issue", "new", RACE_QUEUE, `To be raced for: ${issue}`, "-o", RACER]),
  ];
  for (const line of lines) {
    const { code, stdout } = await runOther(call, line);
    if (code === 0) continue;
    throw new MaiError("INTERNAL_ERROR", `The scratch project could not be set up: mai ${line.join(" ")}`, {
      hint: "See what that command says in a directory there.",
      fields: { exit_status: code, output: stdout.slice(0, 2000) },
    });
  }
}

function runOther({ workspace }: Call, line: readonly string[]): Promise<EndedSelf> {
  const { root } = workspace;
  return workspace.system.startSelf(["--json", ...line], {
    cwd: root,
    env: { MAI_HOME: `${root}/home`, MAI_LOCK_TIMEOUT: "60" },
    timeoutMs: PROCESS_TIMEOUT_MS,
  });
}
