import { expect, test } from "bun:test";
import { isJournalPlace } from "../../src/codec/journal-places.ts";

const WRITTEN = [
  ".mai/config.json",
  ".mai/sequence.json",
  ".mai/.gitignore",
  ".mai/queues/questions/REQ-001.md",
  ".mai/queues/问题 2/REQ-001.md",
  ".mai/locks/REQ-001.lock",
  ".mai/processing/REQ-001.md",
  ".mai/decisions/REQ-001.md",
  ".mai/dependents/REQ-001",
  `.mai/keys/${"0f".repeat(32)}`,
  ".mai/events/2026-04-30.jsonl",
  ".mai/history/2026-04-30.log",
  ".mai/history/daily-2026-04-30/alice.md",
  ".mai/daily-summary/status.json",
  ".mai/archive/queues/questions/REQ-001.md",
  ".mai/archive/decisions/REQ-001.md",
  ".mai/archive/events/2026-04-30.jsonl.gz",
  ".mai/archive/history/2026-04-30.log.gz",
  "async/config.json",
  "async/questions/REQ-001.md",
  "async/decisions/REQ-001.md",
  "async/decisions/REQ-001.decision.md",
  "async/history/2026-04-30.log",
  "async/history/notes.log",
  "async/history/daily-2026-04-30/alice.md",
  "async/daily-summary/status.json",
  "async/daily-2026-04-30-summary.md",
  "reports/daily-2026-04-30-summary.md",
];

const NEVER = [
  "",
  ".mai",
  ".mai/mutex",
  ".mai/journal/commit.json",
  ".mai/journal/bad-1.json",
  ".mai/tmp/0123",
  ".mai/cache/issues",
  ".mai/locks/REQ-001.hold",
  ".mai/locks/REQ-001.md",
  ".mai/config.json/x",
  ".mai/hooks/run.sh",
  ".mai/queues/questions",
  ".mai/queues/questions/notes.md",
  ".mai/queues/questions/REQ-001.md.orig",
  ".mai/queues/questions/deep/REQ-001.md",
  ".mai/queues/../REQ-001.md",
  ".mai/queues/.hidden/REQ-001.md",
  ".mai/queues//REQ-001.md",
  ".mai/queues/a\nb/REQ-001.md",
  ".mai/queues/__proto__/REQ-001.md",
  ".mai/history/daily-2026-04-30/../../config.json",
  ".mai/history/daily-2026-04-30/.profile.md",
  ".mai/keys/../config.json",
  "async",
  "async/index.html",
  "async/Makefile",
  "async/questions/run.sh",
  "async/history",
  "async/history/../../.profile",
  "async/history/.profile",
  "async/.git/config",
  "reports/evil.md",
  "reports/../AGENTS.md",
  "AGENTS.md",
  "/etc/passwd",
  "../x",
  "src/main.ts",
];

test.each(WRITTEN)("a change may write %j", (path) => {
  expect(isJournalPlace(path)).toBe(true);
});

test.each(NEVER)("no change writes %j", (path) => {
  expect(isJournalPlace(path)).toBe(false);
});
