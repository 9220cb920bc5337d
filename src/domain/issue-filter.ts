import {
  HANDOVER_PARTS,
  type Issue,
  type IssueHeader,
  isFinished,
  type Priority,
  type State,
} from "./issue.ts";
import type { TextSearch } from "./text-search.ts";
import { isUnassigned, meansNobody } from "./unassigned.ts";

/** What a list of issues is narrowed by; every part that is null lets all through. */
export interface IssueFilter {
  readonly queue: string | null;
  /** Part of a handler's name, any case, with or without `@`; `none`, `unassigned` and `default` mean nobody. */
  readonly handler: string | null;
  readonly status: State | null;
  readonly priority: Priority | null;
  /** What title, body, a record, an item or the note must hold. */
  readonly search: TextSearch | null;
  /** All of these. */
  readonly labels: readonly string[];
  readonly finished: "shown" | "hidden";
}

/** Lets everything through. */
export const EVERY_ISSUE: IssueFilter = {
  queue: null,
  handler: null,
  status: null,
  priority: null,
  search: null,
  labels: [],
  finished: "shown",
};

/** Tells whether an issue belongs into a list, as far as its header tells: all but the words to search for. */
export function matchesFilter(issue: IssueHeader, filter: IssueFilter): boolean {
  if (filter.finished === "hidden" && isFinished(issue.status)) return false;
  if (filter.status !== null && issue.status !== filter.status) return false;
  if (filter.priority !== null && issue.priority !== filter.priority) return false;
  if (filter.labels.length > 0 && !filter.labels.every((label) => issue.labels.includes(label))) return false;
  return filter.handler === null || matchesHandler(issue.handler, handlerPart(filter.handler));
}

/** Tells whether a part of an issue holds the text that is searched for. */
export function holdsText(issue: Issue, search: TextSearch): boolean {
  return searchedParts(issue).some(search.isIn);
}

/** Words for nobody select unassigned issues only. */
function matchesHandler(handler: string, part: string): boolean {
  return meansNobody(part) ? isUnassigned(handler) : handler.toLowerCase().includes(part);
}

function handlerPart(text: string): string {
  return text.replace(/^@/, "").toLowerCase();
}

function searchedParts({ title, body, records, acceptance, handover }: Issue): readonly string[] {
  const notes = handover === null ? [] : HANDOVER_PARTS.flatMap((part) => handover[part]);
  return [title, body, ...records.map(({ text }) => text), ...acceptance.map(({ text }) => text), ...notes];
}
