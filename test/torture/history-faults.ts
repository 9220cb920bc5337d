import type { IssueOperation, Run } from "./actors.ts";
import { NEW_ISSUE, stepIssue } from "./issue-model.ts";
import { isLinearizable } from "./linearizable.ts";

/** Names everything that is wrong with a run. */
export function faultsOf(run: Run): readonly string[] {
  const gap = run.seqs.find((seq, index) => seq !== index + 1);
  const issues = [...run.texts].flatMap(([id, [text, mirror]]) => {
    const history = run.history.filter(({ issue }) => issue === id);
    return issueFaults(history, text, mirror).map((fault) => `${id}: ${fault}`);
  });
  return [...run.odd, ...(gap === undefined ? [] : [`event ${gap} is out of order`]), ...issues];
}

function issueFaults(history: readonly IssueOperation[], text: string, mirror: string): readonly string[] {
  return [
    ...(text === mirror ? [] : ["the mirror differs"]),
    ...history.flatMap((operation) => textFaults(operation, text)),
    ...fenceFaults(history),
    ...orderFaults(history.filter((operation) => !isKnownUndone(operation, text))),
  ];
}

/** A text that was acknowledged stands in the issue once; one that was refused does not stand there. */
function textFaults({ told: { kind, answer }, tag }: IssueOperation, text: string): readonly string[] {
  if (kind !== "amend" && kind !== "complete") return [];
  const times = text.split(tag).length - 1;
  const wanted = answer === null ? Math.min(times, 1) : answer.ok && answer.idempotent === false ? 1 : 0;
  return times === wanted
    ? []
    : [`${kind} ${tag} stands there ${times} times, it was told ${JSON.stringify(answer)}`];
}

/** Whoever began to claim after another claim had been answered got a larger token. */
function fenceFaults(history: readonly IssueOperation[]): readonly string[] {
  const claims = history.filter(
    ({ told: { kind, answer } }) => kind === "claim" && answer?.ok && !answer.idempotent,
  );
  const fenceOf = (claim: IssueOperation) => claim.told.answer?.fence ?? 0;
  const tokens = new Set(claims.map(fenceOf));
  const late = claims.filter((one) =>
    claims.some((other) => other.startMs > one.endMs && fenceOf(other) <= fenceOf(one)),
  );
  return [
    ...(tokens.size === claims.length ? [] : ["a fencing token was given twice"]),
    ...late.map(({ tag }) => `the token of ${tag} did not grow`),
  ];
}

function orderFaults(history: readonly IssueOperation[]): readonly string[] {
  try {
    return isLinearizable(history, NEW_ISSUE, stepIssue) ? [] : [`no order explains ${storyOf(history)}`];
  } catch (error) {
    return [String(error)];
  }
}

/** The history of an issue as lines, for whoever has to find out. */
function storyOf(history: readonly IssueOperation[]): string {
  const sorted = history.toSorted((one, other) => one.startMs - other.startMs);
  return sorted
    .map(({ startMs, endMs, told: { kind, agent, answer } }) => {
      const { ok, error, holder, fence, idempotent, status, records, stale } = answer ?? {};
      const heard =
        answer === null
          ? ""
          : JSON.stringify({ ok, error, holder, fence, idempotent, status, records, stale });
      return `\n${startMs.toFixed(0)}-${endMs.toFixed(0)} ${agent} ${kind} ${heard}`;
    })
    .join("");
}

/** A killed text that does not stand in the issue never happened, and a killed look changed nothing. */
function isKnownUndone({ told: { kind, answer }, tag }: IssueOperation, text: string): boolean {
  if (answer !== null || kind === "claim" || kind === "back-date") return false;
  return kind === "show" || !text.includes(tag);
}
