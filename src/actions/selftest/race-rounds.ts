import { parseJsonObject } from "../../codec/json.ts";
import { parseLease } from "../../codec/lease-file.ts";
import { issuePath, leasePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { EndedSelf } from "../../store/self-process.ts";

/** Queue and agent of the scratch project. */
export const RACE_QUEUE = "questions";
/** Signs the commands of a race. */
export const RACER = "racer";
const LOCK_HELD = 2;

/** One round: what every process runs, and how many of the acknowledged changes the files have. */
export interface RoundPlan {
  readonly kind: "claim" | "amend" | "create";
  /** Issue that the round is about; null where each process makes one. */
  readonly issue: string | null;
  /** How many processes must be told that they did it. */
  readonly winners: "one" | "all";
}

/** What one round came to. */
export interface RoundResult {
  readonly kind: RoundPlan["kind"];
  readonly processes: number;
  /** Told that they did it. */
  readonly won: number;
  /** Told that somebody else holds it. */
  readonly refused: number;
  /** Anything else. */
  readonly failed: number;
  /** Of those who were told that they did it: whose change the files have, and whose not. */
  readonly kept: number;
  readonly lost: number;
  readonly right: boolean;
}

/** Returns the command line of one process of a round; its number makes it unlike the others. */
export function raceLine({ kind, issue }: RoundPlan, number: number): readonly string[] {
  const signed = ["-o", RACER, "--session", sessionOf(number)];
  if (kind === "claim") return ["issue", "claim", issue ?? "", ...signed];
  if (kind === "amend") return ["issue", "amend", issue ?? "", remarkOf(number), ...signed];
  return ["issue", "new", RACE_QUEUE, titleOf(number), "-o", RACER];
}

/** Holds what each process was told against what the files say. */
export function judgeRound(plan: RoundPlan, ended: readonly EndedSelf[], view: ProjectView): RoundResult {
  const winners = [...ended.entries()].filter(([, { code }]) => code === 0).map(([number]) => number);
  const refused = ended.filter(({ code }) => code === LOCK_HELD).length;
  const isKept = keeper(plan, ended, view);
  const kept = winners.filter(isKept).length;
  const won = winners.length;
  const counts = { won, refused, failed: ended.length - won - refused, kept, lost: won - kept };
  const expected = plan.winners === "one" ? 1 : ended.length;
  const right = won === expected && counts.failed === 0 && counts.lost === 0;
  return { kind: plan.kind, processes: ended.length, ...counts, right };
}

/** Tells of one process whether the files have what it was told that it did. */
function keeper(
  plan: RoundPlan,
  ended: readonly EndedSelf[],
  view: ProjectView,
): (number: number) => boolean {
  if (plan.kind === "create") {
    const ids = ended.map(({ stdout }) => String(parseJsonObject(stdout)?.issue_id));
    return (number) =>
      view.read(issuePath(RACE_QUEUE, ids[number] ?? ""))?.includes(titleOf(number)) === true;
  }
  const issue = plan.issue ?? "";
  if (plan.kind === "claim") {
    const holder = parseLease(view.read(leasePath(issue)) ?? "").session;
    return (number) => holder === sessionOf(number);
  }
  const text = view.read(issuePath(RACE_QUEUE, issue)) ?? "";
  return (number) => text.includes(remarkOf(number));
}

function sessionOf(number: number): string {
  return `s${number}`;
}

function remarkOf(number: number): string {
  return `Remark ${number}.`;
}

function titleOf(number: number): string {
  return `Issue of process ${number}.`;
}
