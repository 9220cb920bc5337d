import { formatEventLine } from "../../codec/event-line.ts";
import { formatSequence } from "../../codec/sequence-file.ts";
import type { EventDraft, HistoryDraft } from "../../domain/events.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { formatTimestamp, utcDate } from "../../domain/time.ts";
import { namesAfter } from "../directories.ts";
import { eventsPath, mirrorPath, SEQUENCE_PATH } from "../project-paths.ts";
import { currentSequence } from "../reading/numbers.ts";
import type { ProjectView } from "../reading/project-view.ts";
import type { ChangesInside, Workspace } from "../workspace.ts";
import { changeProject } from "./change-project.ts";
import type { ChangeSet, Plan } from "./change-set.ts";

/**
 * Makes several changes one: each decides on what those before it would leave, and all are committed in one record,
 * or none is. Whatever changes the project through the workspace that `decide` gets becomes a part.
 * @param decide may run several times in a dry run; what it throws ends all of it
 */
export function changeTogether<Answer>(
  workspace: Workspace,
  operation: string,
  decide: (inside: Workspace, view: ProjectView) => TogetherPlan<Answer>,
): Outcome<Answer> {
  return changeProject(workspace, operation, (view) => {
    const changes = new ChangesTogether(view);
    const clock = changes.view.clock;
    const inside = { ...workspace, together: changes, system: { ...workspace.system, clock } };
    const { answer, files = [] } = decide(inside, view);
    return changes.close(answer, files);
  });
}

/** What the whole answers, and files of its own beside those of its parts. */
export interface TogetherPlan<Answer> {
  readonly answer: Answer;
  readonly files?: ChangeSet["files"];
}

/** Gathers changes, and shows what the project will look like after them. All of them happen at one time. */
class ChangesTogether implements ChangesInside {
  readonly view: ProjectView;
  readonly #base: ProjectView;
  readonly #atMs: number;
  /** Text of every file concerned, mirrors included: each path once, however many changes wrote it. */
  readonly #texts = new Map<string, string | null>();
  readonly #touched = new Set<string>();
  readonly #events: EventDraft[] = [];
  readonly #history: HistoryDraft[] = [];
  #ids: Readonly<Record<string, number>> = {};
  #durable = false;
  #isClosed = false;

  constructor(base: ProjectView) {
    this.#base = base;
    this.#atMs = base.clock.nowMs();
    this.view = this.#viewAfter();
  }

  take<Answer>(decide: (view: ProjectView) => Plan<Answer>): Outcome<Answer> {
    if (this.#isClosed) throw new Error("A change came too late to be a part of the whole.");
    const { answer, changes, renew = [], rewrite } = decide(this.view);
    if (rewrite !== undefined) throw new Error("A lease cannot be held for life as a part of something.");
    for (const path of [...renew, ...(changes?.touch ?? [])]) this.#touched.add(path);
    if (changes !== null) this.#lay(changes);
    return { answer, changed: changes !== null, pending: false };
  }

  close<Answer>(answer: Answer, files: ChangeSet["files"]): Plan<Answer> {
    this.#isClosed = true;
    // A lease that is written anew, or gone, needs no renewal.
    const touch = [...this.#touched].filter((path) => !this.#texts.has(path));
    if (this.#events.length === 0) return { answer, changes: null, renew: touch };
    const written = [...this.#texts].map(([path, text]) => ({ path, text, mirror: null }));
    const [atMs, durable, ids] = [this.#atMs, this.#durable, this.#ids];
    const logs = { history: this.#history, events: this.#events };
    return { answer, changes: { atMs, durable, files: [...written, ...files], ...logs, touch, ids } };
  }

  #lay({ files, history, events, ids, durable }: ChangeSet): void {
    for (const { path, text, mirror = mirrorPath(path) } of files) {
      this.#texts.set(path, text);
      if (mirror !== null) this.#texts.set(mirror, text);
    }
    this.#history.push(...history);
    this.#events.push(...events);
    this.#ids = { ...this.#ids, ...ids };
    this.#durable ||= durable;
  }

  #viewAfter(): ProjectView {
    const base = this.#base;
    const texts = this.#texts;
    const here = (path: string) => path === this.#eventsPath() && this.#events.length > 0;
    return {
      ...base,
      clock: { ...base.clock, nowMs: () => this.#atMs },
      read: (path) => this.#read(path),
      exists: (path) => (texts.has(path) ? texts.get(path) !== null : here(path) || base.exists(path)),
      list: (directory) => this.#list(directory),
      modifiedMs: (path) => {
        if (texts.get(path) === null) return null;
        return texts.has(path) || this.#touched.has(path) ? base.fileNowMs() : base.modifiedMs(path);
      },
    };
  }

  #read(path: string): string | null {
    if (path === SEQUENCE_PATH && this.#events.length > 0) return this.#sequence();
    if (path === this.#eventsPath() && this.#events.length > 0) return this.#stream(path);
    return this.#texts.has(path) ? (this.#texts.get(path) ?? null) : this.#base.read(path);
  }

  #list(directory: string): readonly string[] {
    const written: [string, string | null][] = [...this.#texts];
    if (this.#events.length > 0) written.push([this.#eventsPath(), ""]);
    return namesAfter(this.#base.list(directory), directory, written);
  }

  #sequence(): string {
    const { seq, ids } = currentSequence(this.#base);
    return formatSequence({ seq: seq + this.#events.length, ids: { ...ids, ...this.#ids } });
  }

  #stream(path: string): string {
    const { seq } = currentSequence(this.#base);
    const ts = formatTimestamp(this.#atMs, this.#base.clock);
    const before = this.#base.read(path) ?? "";
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    return (
      before + gap + this.#events.map((event, index) => formatEventLine(event, seq + 1 + index, ts)).join("")
    );
  }

  #eventsPath(): string {
    return eventsPath(utcDate(this.#atMs));
  }
}
