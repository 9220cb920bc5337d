import { parseBeads } from "../../codec/import-beads.ts";
import { parseCsvIssues } from "../../codec/import-csv.ts";
import { importedTitle, withSections } from "../../codec/import-text.ts";
import { MaiError } from "../../domain/errors.ts";
import { badLine, type ImportedIssue, importOrder } from "../../domain/imported-issue.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { possibleHandlers } from "../../domain/roles.ts";
import { sha256 } from "../../store/digest.ts";
import { readProject } from "../../store/reading/read-project.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeam } from "../team.ts";
import { moveIssue } from "./change-issue.ts";
import { createIssue } from "./create-issue.ts";
import { runBatch } from "./run-batch.ts";

/** Formats of other tools, and how they are read. */
const IMPORT_FORMATS = { beads: parseBeads, csv: parseCsvIssues } as const;

/** Most issues that one import takes: it is one change, and holds the mutex for its time. */
const MOST_ISSUES = 1000;
const MOST_CHARACTERS = 16 * 1024 * 1024;

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
  readonly format: keyof typeof IMPORT_FORMATS;
  readonly text: string;
  /** For issues whose queue the file does not name. */
  readonly queue: string | null;
}

/**
 * Makes the issues of another tool's file, in one change: all or none. Each has a key made of its id there, so that
 * the same operator can import the file again and gets only what is new.
 * @throws INVALID_TEXT with the line, CYCLE, LIMIT_REACHED, OPERATOR_REQUIRED, INVALID_QUEUE, PERMISSION_DENIED
 */
export function importIssues(call: Call, request: ImportRequest): Outcome<readonly ImportedResult[]> {
  const { format, text } = request;
  requireClaimant(call);
  if (text.length > MOST_CHARACTERS) throw tooLarge(`${text.length} characters; ${MOST_CHARACTERS}`);
  const issues = importOrder(IMPORT_FORMATS[format](text));
  if (issues.length > MOST_ISSUES) throw tooLarge(`${issues.length} issues; ${MOST_ISSUES}`);
  const { answer, ...outcome } = runBatch(call, null, (inside) => imported(inside, request, issues));
  return { ...outcome, answer: answer.results };
}

function tooLarge(what: string): MaiError {
  return new MaiError("LIMIT_REACHED", `The file has ${what} go at once.`, {
    hint: "Split it: issues that wait for each other belong into one part.",
  });
}

function imported(
  call: Call,
  request: ImportRequest,
  issues: readonly ImportedIssue[],
): readonly ImportedResult[] {
  const handlers = readProject(call.workspace, (view) => possibleHandlers(readTeam(view, call)));
  const made = new Map<string, string>();
  return issues.map((issue) =>
    atLine(issue, () => {
      const result = importOne(call, request, issue, made);
      made.set(issue.sourceId, result.issueId);
      if (!result.known) settle(call, result.issueId, issue, handlers);
      return result;
    }),
  );
}

function importOne(
  call: Call,
  { format, queue }: ImportRequest,
  issue: ImportedIssue,
  made: ReadonlyMap<string, string>,
): ImportedResult {
  const place = issue.queue ?? queue;
  if (place === null) throw badLine(issue.line, "it names no queue. Name one for all: --queue QUEUE");
  // What is not in the file cannot be waited for: it may be deleted there, or never have been exported.
  const foreign = issue.blockedBy.filter((id) => !made.has(id));
  const body = withSections(issue.body, foreign.length === 0 ? [] : [["blocked_by", foreign.join(", ")]]);
  const { answer } = createIssue(call, {
    queue: place,
    title: importedTitle(issue.title),
    body: body === "" ? null : body,
    ref: null,
    priority: issue.priority,
    labels: issue.labels,
    accept: [],
    key: `import ${format} ${sha256(issue.sourceId)}`,
    blockedBy: issue.blockedBy.flatMap((id) => made.get(id) ?? []),
  });
  const { line, sourceId, state } = issue;
  return { line, sourceId, issueId: answer.issueId, state, known: answer.idempotent };
}

/** Brings a new issue to where it stood: in whose hands, blocked, finished. */
function settle(call: Call, id: string, issue: ImportedIssue, handlers: ReadonlySet<string>): void {
  const target = { id, fence: null, force: false };
  const { assignee, state, reason } = issue;
  if (assignee !== null && handlers.has(assignee))
    moveIssue(call, target, { name: "transfer", text: null, handler: assignee });
  if (state === "blocked")
    moveIssue(call, target, { name: "block", text: reason ?? "imported as blocked", handler: null });
  if (state === "finished")
    moveIssue(call, target, { name: "complete", text: reason ?? "imported as finished", handler: null });
}

/** Says which line of the file a refusal is about. */
function atLine<Result>(issue: ImportedIssue, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MaiError) || error.fields.line !== undefined) throw error;
    const { code, message, hint, fields } = error;
    throw new MaiError(code, `Line ${issue.line} (${issue.sourceId.slice(0, 60)}): ${message}`, {
      hint: hint ?? "Nothing was imported.",
      fields: { ...fields, line: issue.line },
      cause: error,
    });
  }
}
