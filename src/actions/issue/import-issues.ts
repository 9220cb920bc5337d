import { importedTitle, withSections } from "../../codec/import-text.ts";
import { itemText } from "../../domain/acceptance.ts";
import { MaiError } from "../../domain/errors.ts";
import { badLine, type ImportedFile, type ImportedIssue, importOrder } from "../../domain/imported-issue.ts";
import { labelName } from "../../domain/labels.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { possibleHandlers } from "../../domain/roles.ts";
import { checkText, checkTitle } from "../../domain/text.ts";
import { sha256 } from "../../store/digest.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { inBatches } from "../archive/in-batches.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeam, requireQueue } from "../team.ts";
import { checkIssue, moveIssue } from "./change-issue.ts";
import { createIssue } from "./create-issue.ts";
import type { ImportFormat } from "./import-sources.ts";
import { runBatch } from "./run-batch.ts";

/** Most issues that one change takes: it holds the mutex for its time. A longer file is taken in parts. */
const MOST_AT_ONCE = 1000;

/** What became of one issue of the file. */
export interface ImportedResult {
  readonly line: number;
  readonly sourceId: string;
  readonly issueId: string;
  readonly state: ImportedIssue["state"];
  /** It came with an earlier import; nothing was done. */
  readonly known: boolean;
}

/** What is to be imported. */
export interface ImportRequest {
  readonly format: ImportFormat;
  readonly file: ImportedFile;
  /** For issues whose queue the file does not name. */
  readonly queue: string | null;
}

/** What an import came to. */
export interface ImportAnswer {
  readonly results: readonly ImportedResult[];
  /** Entries of the file that are no issues, or were deleted there. */
  readonly leftOut: number;
  /** Issues behind a fault that came after the first part; the same command goes on with them. */
  readonly remaining: number;
}

/**
 * Makes the issues of another tool's file. Up to 1,000 are one change, all or none; more go in parts of 1,000, each
 * behind those that it waits for. What can be wrong with the file itself is refused before the first part. Each issue has a
 * key made of its id there, so that the same operator can import the file again and gets only what is new.
 * @throws INVALID_TEXT with the line, CYCLE, OPERATOR_REQUIRED, INVALID_QUEUE, PERMISSION_DENIED
 */
export function importIssues(call: Call, request: ImportRequest): Outcome<ImportAnswer> {
  requireClaimant(call);
  const issues = importOrder(request.file.issues);
  const handlers = checked(call, request, issues);
  const made = new Map<string, string>();
  const fresh = new Set<string>();
  // A dry run keeps nothing for a second part to build on.
  const size = call.workspace.dryRun ? Math.max(1, issues.length) : MOST_AT_ONCE;
  const { done, remaining, changed, pending } = inBatches(call, issues, (rest) => {
    const part = rest.slice(0, size);
    const run = (inside: Call) => imported(inside, { request, made, fresh, handlers }, part);
    const { answer, ...outcome } = runBatch(call, null, run);
    for (const result of answer.results) note(result, made, fresh);
    return { ...outcome, answer: { taken: part.length, done: answer.results } };
  });
  return { changed, pending, answer: { results: done, leftOut: request.file.leftOut, remaining } };
}

/** Checks all of a file before anything is made. @returns who can be handed an issue */
function checked(call: Call, request: ImportRequest, issues: readonly ImportedIssue[]): ReadonlySet<string> {
  for (const issue of issues) atLine(issue, () => checkTexts(issue, request));
  return readProject(call.workspace, (view) => {
    const team = readTeam(view, call);
    const queues = new Map(issues.map((issue) => [queueOf(issue, request), issue]));
    for (const [queue, issue] of queues) atLine(issue, () => requireQueue(view, team.config, queue));
    return possibleHandlers(team);
  });
}

function checkTexts(issue: ImportedIssue, request: ImportRequest): void {
  queueOf(issue, request);
  checkTitle(importedTitle(issue.title));
  if (issue.body !== "") checkText(issue.body, "body");
  if (issue.reason !== null) checkText(issue.reason, "reason");
  for (const label of issue.labels) labelName(label);
  for (const { text } of issue.accept) itemText(text);
}

function queueOf({ queue, line, unit }: ImportedIssue, request: ImportRequest): string {
  const place = queue ?? request.queue;
  if (place !== null) return place;
  throw badLine(line, "it names no queue. Name one for all: --queue QUEUE", unit);
}

/** What the parts of an import share. */
interface Import {
  readonly request: ImportRequest;
  /** Ids of earlier parts, by the ids of the file. */
  readonly made: ReadonlyMap<string, string>;
  /** Ids of the file whose issues this import made: they wait for one another alone. */
  readonly fresh: ReadonlySet<string>;
  readonly handlers: ReadonlySet<string>;
}

function note(
  { sourceId, issueId, known }: ImportedResult,
  ...[made, fresh]: [Map<string, string>, Set<string>]
): void {
  made.set(sourceId, issueId);
  if (!known) fresh.add(sourceId);
}

function imported(
  call: Call,
  { request, made: before, fresh: freshBefore, handlers }: Import,
  issues: readonly ImportedIssue[],
): readonly ImportedResult[] {
  const made = new Map(before);
  const fresh = new Set(freshBefore);
  return issues.map((issue) =>
    atLine(issue, () => {
      const result = importOne(call, { request, made, fresh, handlers }, issue);
      note(result, made, fresh);
      if (!result.known) settle(call, result.issueId, issue, handlers);
      return result;
    }),
  );
}

function importOne(
  call: Call,
  { request, made, fresh, handlers }: Import,
  issue: ImportedIssue,
): ImportedResult {
  // What is not in the file cannot be waited for: it may be deleted there, or never have been exported.
  const foreign = issue.blockedBy.filter((id) => !made.has(id));
  const strangers = issue.assignees.some((name) => handlers.has(name)) ? [] : issue.assignees;
  const kept = [["blocked_by", foreign.join(", ")] as const, ["assignee", strangers.join(", ")] as const];
  const body = withSections(
    issue.body,
    kept.filter(([, text]) => text !== ""),
  );
  const { answer } = createIssue(call, {
    queue: queueOf(issue, request),
    title: importedTitle(issue.title),
    body: body === "" ? null : body,
    ref: null,
    priority: issue.priority,
    labels: issue.labels,
    accept: issue.accept.map(({ text }) => text),
    key: `import ${request.format} ${sha256(issue.sourceId)}`,
    blockedBy: issue.blockedBy.flatMap((id) => made.get(id) ?? []),
    // A known issue may have got others to wait for since it came.
    blockersAreNew: fresh.size === made.size,
  });
  const { line, sourceId, state } = issue;
  return { line, sourceId, issueId: answer.issueId, state, known: answer.idempotent };
}

/** Brings a new issue to where it stood: in whose hands, blocked, finished. */
function settle(call: Call, id: string, issue: ImportedIssue, handlers: ReadonlySet<string>): void {
  const target = { id, fence: null, force: false };
  const { state, reason } = issue;
  const ticked = issue.accept.flatMap(({ done }, index) => (done ? [index + 1] : []));
  if (ticked.length > 0) checkIssue(call, target, { numbers: ticked, done: true });
  const assignee = issue.assignees.find((name) => handlers.has(name));
  if (assignee !== undefined) moveIssue(call, target, { name: "transfer", text: null, handler: assignee });
  if (state === "blocked")
    moveIssue(call, target, { name: "block", text: reason ?? "imported as blocked", handler: null });
  if (state === "finished")
    moveIssue(call, target, { name: "complete", text: reason ?? "imported as finished", handler: null });
  if (state === "discarded")
    moveIssue(call, target, { name: "discard", text: reason ?? "imported as discarded", handler: null });
}

/** Says which line of the file a refusal is about. */
function atLine<Result>(issue: ImportedIssue, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MaiError) || error.fields.line !== undefined) throw error;
    const { code, message, hint, fields } = error;
    throw new MaiError(code, `${issue.unit} ${issue.line} (${issue.sourceId.slice(0, 60)}): ${message}`, {
      hint: hint ?? "Nothing was imported.",
      fields: { ...fields, line: issue.line },
      cause: error,
    });
  }
}
