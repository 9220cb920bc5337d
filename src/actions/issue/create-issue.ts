import { formatIssueFile } from "../../codec/issue-write.ts";
import { itemText } from "../../domain/acceptance.ts";
import { type Config, queueOwner, queueSettings } from "../../domain/config.ts";
import { requireNoCycle } from "../../domain/dependencies.ts";
import type { EventDraft } from "../../domain/events.ts";
import type { Issue, Priority } from "../../domain/issue.ts";
import { labelName, sortedLabels } from "../../domain/labels.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { phrasesOf } from "../../domain/phrases.ts";
import { requireRole } from "../../domain/roles.ts";
import { checkText, checkTitle } from "../../domain/text.ts";
import { formatTimestamp } from "../../domain/time.ts";
import { changeProject } from "../../store/change/change-project.ts";
import type { Plan } from "../../store/change/change-set.ts";
import { issuePath } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange, requireQueue } from "../team.ts";
import { allocateId } from "./allocate-id.ts";
import { blockerIds } from "./depend-issue.ts";
import { dependentsEdits } from "./dependents.ts";
import { requireRoom } from "./issue-size.ts";
import { answerOfKey, type KeyedCommand, keyFiles } from "./keys.ts";
import { locateForReading } from "./locate-issue.ts";
import { surroundingsOf } from "./surroundings.ts";

const MINUTE_MS = 60_000;

/** What a new issue is made of. */
export interface NewIssue {
  readonly queue: string;
  readonly title: string;
  /** The title again where none is given. */
  readonly body: string | null;
  readonly ref: string | null;
  readonly priority: Priority;
  /** As typed. */
  readonly labels: readonly string[];
  /** Items of its check list. */
  readonly accept: readonly string[];
  readonly key: string | null;
  /** Issues that it waits for, as typed. */
  readonly blockedBy: readonly string[];
  /** The blockers, and all that they wait for, were made by the same operation: no cycle needs to be looked for. */
  readonly blockersAreNew?: boolean;
}

/** What `issue new` answers. */
export interface NewIssueAnswer {
  readonly issueId: string;
  readonly queue: string;
  readonly title: string;
  readonly handler: string;
  readonly priority: Priority;
  readonly slaDeadline: string | null;
  /** Ids of the issues that it waits for; absent in what older keys remember. */
  readonly blockedBy?: readonly string[];
  readonly idempotent: boolean;
}

/**
 * Makes an issue with the next id of its queue's prefix; with a key it does so once.
 * @throws INVALID_QUEUE, NOT_FOUND, AMBIGUOUS_ID, CYCLE, PERMISSION_DENIED
 */
export function createIssue(call: Call, request: NewIssue): Outcome<NewIssueAnswer> {
  const claimant = requireClaimant(call);
  const title = checkTitle(request.title);
  const body = request.body === null ? title : checkText(request.body, "body");
  const labels = sortedLabels(request.labels.map(labelName));
  const accept = request.accept.map(itemText);
  const keyed: KeyedCommand = { key: request.key, command: "issue new", operator: claimant.operator };
  return changeProject(call.workspace, "issue new", (view) => {
    const team = readTeamForChange(view, call);
    // A repeat is one whatever has become of queues and roles since.
    const earlier = answerOfKey<NewIssueAnswer>(view, keyed);
    if (earlier !== null) return { answer: { ...earlier, idempotent: true }, changes: null };
    const queue = requireQueue(view, team.config, request.queue);
    requireRole("new", claimant.operator, team, { issue: null, queue });
    const blockedBy = blockerIds(view, team.config, request.blockedBy);
    const ref = request.ref === null ? null : locateForReading(view, team.config, request.ref, call).id;
    return plannedIssue(view, call, team.config, {
      creator: claimant.operator,
      keyed,
      ...{ queue, title, body, ref, priority: request.priority, labels, accept, blockedBy },
      blockersAreNew: request.blockersAreNew ?? false,
    });
  });
}

/** Facts of an issue that is about to be made. */
export interface Draft {
  readonly creator: string;
  readonly keyed: KeyedCommand;
  readonly queue: string;
  readonly title: string;
  readonly body: string;
  readonly ref: string | null;
  readonly priority: Priority;
  readonly labels: readonly string[];
  readonly accept: readonly string[];
  readonly blockedBy: readonly string[];
  /** The owner of the queue where it does not say. */
  readonly handler?: string;
  readonly blockersAreNew?: boolean;
}

/** Plans an issue with the next id of its queue. */
export function plannedIssue(
  view: ProjectView,
  call: Call,
  config: Config,
  draft: Draft,
): Plan<NewIssueAnswer> {
  const atMs = view.clock.nowMs();
  const { id, ids } = allocateId(view, call, config, draft.queue);
  // Somebody's hand may have made an issue wait for this id before it was given out.
  if (draft.blockersAreNew !== true)
    requireNoCycle(id, draft.blockedBy, surroundingsOf(view, config).blocker);
  const issue = newIssue(view, config, draft, { id, atMs });
  const file = { path: issuePath(draft.queue, id), text: formatIssueFile(issue, config) };
  requireRoom(view, id, [file]);
  const answer: NewIssueAnswer = {
    issueId: id,
    queue: draft.queue,
    title: draft.title,
    handler: issue.handler,
    priority: issue.priority,
    slaDeadline: issue.slaDeadline,
    blockedBy: issue.blockedBy,
    idempotent: false,
  };
  return {
    answer,
    changes: {
      atMs,
      durable: config.durability === "full",
      files: [
        file,
        ...dependentsEdits(view, { id, blockedBy: [] }, issue.blockedBy),
        ...keyFiles(draft.keyed, answer),
      ],
      history: [
        {
          actor: draft.creator,
          event: "issue_new",
          summary: `Issue ${id} created in ${draft.queue}: ${draft.title}`,
          status: "open",
        },
      ],
      events: [createdEvent(issue, draft)],
      ids,
    },
  };
}

function createdEvent({ id, handler }: Issue, draft: Draft): EventDraft {
  const { creator, queue, title, priority, labels, accept, blockedBy } = draft;
  return {
    ...{ type: "issue.created", actor: creator, issue: id, queue, to: "OPEN" },
    data: {
      ...{ title, priority, handler },
      ...(labels.length === 0 ? {} : { labels }),
      ...(accept.length === 0 ? {} : { acceptance: accept }),
      ...(blockedBy.length === 0 ? {} : { blocked_by: blockedBy }),
    },
  };
}

/** Returns the issue as its file will tell it: OPEN, handled by the owner of its queue. */
export function newIssue(
  view: ProjectView,
  config: Config,
  draft: Pick<
    Draft,
    | "creator"
    | "queue"
    | "title"
    | "body"
    | "ref"
    | "priority"
    | "labels"
    | "accept"
    | "blockedBy"
    | "handler"
  >,
  made: { readonly id: string; readonly atMs: number },
): Issue {
  const created = formatTimestamp(made.atMs, view.clock);
  return {
    id: made.id,
    queue: draft.queue,
    title: draft.title,
    status: "OPEN",
    priority: draft.priority,
    handler: draft.handler ?? queueOwner(config, draft.queue),
    creator: draft.creator,
    ref: draft.ref,
    blockedBy: draft.blockedBy,
    created,
    slaDeadline: deadlineOf(view, config, draft.queue, made.atMs),
    body: draft.body,
    context: draft.ref === null ? "" : contextOfRef(draft.ref, config),
    records: [{ ts: created, actor: draft.creator, word: "CREATED", text: "" }],
    labels: draft.labels,
    handover: null,
    keptRules: [],
    acceptance: draft.accept.map((text) => ({ text, done: false })),
    fence: 0,
  };
}

/** Returns the deadline of an issue created at this time in this queue, null without an SLA. */
export function deadlineOf(
  view: ProjectView,
  config: Config,
  queue: string,
  createdMs: number,
): string | null {
  const { slaMinutes } = queueSettings(config, queue);
  return slaMinutes === null ? null : formatTimestamp(createdMs + slaMinutes * MINUTE_MS, view.clock);
}

/** Returns the line that the context section shows for a reference. */
export function contextOfRef(ref: string, config: Config): string {
  return phrasesOf(config.language).reference(ref);
}
