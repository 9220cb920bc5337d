import { mkdirSync, writeFileSync } from "node:fs";
import { formatConfigFile, newConfigFile } from "../../src/codec/config-file.ts";
import { formatIssueFile } from "../../src/codec/issue-write.ts";
import { DEFAULT_EMOJI } from "../../src/domain/config.ts";
import { sequentialId } from "../../src/domain/ids.ts";
import type { Issue } from "../../src/domain/issue.ts";
import { mirrorPath } from "../../src/store/project-paths.ts";

const STYLE = { language: "zh", emoji: DEFAULT_EMOJI } as const;
const QUEUE = "questions";
const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 0, 1);
const DIRECTORIES = ["journal", "tmp", "events", "history", "locks", "processing", `queues/${QUEUE}`];

/** How large a project is made. */
export interface ProjectSize {
  readonly issues: number;
  /** How many of them, the newest, are OPEN; the rest is COMPLETED. All when left out. */
  readonly unfinished?: number;
}

/** Writes a project with an agent `alice` in the format of the files themselves: far quicker than asking `mai`. */
export function generateProject(root: string, size: ProjectSize): void {
  for (const directory of DIRECTORIES) mkdirSync(`${root}/.mai/${directory}`, { recursive: true });
  for (const directory of [QUEUE, "history"]) mkdirSync(`${root}/async/${directory}`, { recursive: true });
  const config = newConfigFile({
    name: "bench",
    initializedAt: timestamp(0),
    durability: "full",
    root: ["admin"],
  });
  const agents = { ...config.agents, alice: { heartbeat_minutes: 30 } };
  writeBoth(root, ".mai/config.json", formatConfigFile({ ...config, agents }));
  const unfinished = size.unfinished ?? size.issues;
  for (let number = 1; number <= size.issues; number += 1) {
    writeIssue(root, number, number > size.issues - unfinished ? "OPEN" : "COMPLETED");
  }
  writeFileSync(
    `${root}/.mai/sequence.json`,
    `${JSON.stringify({ seq: size.issues, ids: { REQ: size.issues } })}\n`,
  );
}

/** Writes one issue and its mirror, as it stands before anybody claims it. @returns its id */
export function writeIssue(root: string, number: number, status: "OPEN" | "COMPLETED"): string {
  const id = sequentialId("REQ", number);
  writeBoth(root, `.mai/queues/${QUEUE}/${id}.md`, formatIssueFile(issueOf(id, number, status), STYLE));
  return id;
}

function issueOf(id: string, number: number, status: "OPEN" | "COMPLETED"): Issue {
  const created = timestamp(number);
  const done = { ts: timestamp(number), actor: "alice", word: "COMPLETED", text: "完成：checked and merged" };
  return {
    id,
    queue: QUEUE,
    title: `Look into case ${number} of the import job`,
    status,
    priority: number % 10 === 0 ? "P0" : number % 3 === 0 ? "P1" : "P2",
    handler: number % 2 === 0 ? "alice" : "default",
    creator: "alice",
    ref: null,
    blockedBy: [],
    labels: [],
    keptRules: [],
    created,
    slaDeadline: timestamp(number + 2),
    body: `Case ${number} stops half way.\n\n- [ ] find out why\n- [ ] mend it\n- [ ] tell whoever waits for it`,
    context: "",
    acceptance: [],
    handover: null,
    records: [
      ...(status === "COMPLETED" ? ([done] as Issue["records"]) : []),
      { ts: created, actor: "alice", word: "CREATED", text: "" },
    ],
    fence: 0,
  };
}

function timestamp(hours: number): string {
  return `${new Date(FIRST_MS + hours * HOUR_MS).toISOString().slice(0, 23)}+00:00`;
}

function writeBoth(root: string, path: string, text: string): void {
  writeFileSync(`${root}/${path}`, text);
  const mirror = mirrorPath(path);
  if (mirror !== null) writeFileSync(`${root}/${mirror}`, text);
}
