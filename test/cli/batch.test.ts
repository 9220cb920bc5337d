import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync } from "node:fs";
import fc from "fast-check";
import { batchVerbs } from "../../src/cli/batch/batch-line.ts";
import { COMMAND_TREE } from "../../src/cli/commands.ts";
import { namesIssues } from "../../src/cli/completion/value-source.ts";
import { Sandbox } from "../support/sandbox.ts";
import { changedPaths, wholeTree } from "../support/whole-tree.ts";

type Line = Readonly<Record<string, unknown>>;

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

function batch(lines: readonly Line[], ...options: readonly string[]) {
  return batchIn(box, lines, ...options);
}

function batchIn(place: Sandbox, lines: readonly Line[], ...options: readonly string[]) {
  place.stdin = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return place.json("batch", "-o", "alice", ...options);
}

async function shown(id: string) {
  return (await box.ok("issue", "show", id)).json.issue;
}

const NEW = { command: "issue new", queue: "questions", title: "One" };

function events(place: Sandbox): readonly Record<string, unknown>[] {
  return place
    .names(".mai/events")
    .flatMap((name) => place.read(`.mai/events/${name}`).trimEnd().split("\n"))
    .map((line) => JSON.parse(line));
}

describe("a batch", () => {
  test("makes issues that refer to one another, works on them, and answers line by line", async () => {
    const { json } = await batch([
      NEW,
      { command: "issue new", queue: "requests", title: "Two", ref: "$1", priority: "P0", body: "a\nb" },
      { command: "issue claim", id: "$2" },
      { command: "issue complete", id: "$1", conclusion: "- [x] done" },
    ]);
    expect(json).toMatchObject({ ok: true, lines: 4, made: ["REQ-001", "FIX-001"], idempotent: false });
    expect(json.results).toMatchObject([
      { line: 1, command: "issue new", issue_id: "REQ-001" },
      { line: 2, issue_id: "FIX-001", priority: "P0" },
      { line: 3, issue_id: "FIX-001", fence: 1, holder: "alice" },
      { line: 4, issue_id: "REQ-001", status: "COMPLETED", previous_status: "OPEN" },
    ]);
    expect(await shown("REQ-001")).toMatchObject({ status: "COMPLETED" });
    expect(await shown("FIX-001")).toMatchObject({ ref: "REQ-001", description: "a\nb", fence: 1 });
    expect((await box.ok("doctor")).json.findings).toEqual([]);
  });

  test("a planner's 20 issues, each referring to the one before, are one change", async () => {
    const before = events(box).length;
    const lines = Array.from({ length: 20 }, (_, index) => ({
      ...NEW,
      title: `Step ${index}`,
      ...(index === 0 ? {} : { ref: `$${index}` }),
    }));
    const { json } = await batch(lines);
    expect(json.made).toHaveLength(20);
    expect(events(box).map(({ seq }) => seq)).toEqual(
      Array.from({ length: before + 20 }, (_, index) => index + 1),
    );
    expect(
      new Set(
        events(box)
          .slice(before)
          .map(({ ts }) => ts),
      ).size,
    ).toBe(1);
    expect((await shown("REQ-020")).ref).toBe("REQ-019");
  });

  test("makes issues that wait for one another, and refuses a ring that only the whole of it closes", async () => {
    const chain = [NEW, { ...NEW, title: "Two", blocked_by: ["$1"] }];
    const ring = await batch([...chain, { command: "depend", id: "$1", on: ["$2"] }]);
    expect(ring.json).toMatchObject({ error: "CYCLE", line: 3 });
    const waiting = await batch([...chain, { command: "claim", id: "$2" }]);
    expect(waiting.json).toMatchObject({ error: "ISSUE_BLOCKED", line: 3 });
    const { json } = await batch([
      ...chain,
      { command: "complete", id: "$1", conclusion: "done" },
      { command: "claim", id: "$2" },
    ]);
    expect(json.results[3]).toMatchObject({ issue_id: "REQ-002", status: "IN_PROGRESS" });
  });

  test("shows each line what the ones before it did: a claim stands in the way of another's", async () => {
    const { json, code } = await batch([
      NEW,
      { command: "claim", id: "$1" },
      { command: "claim", id: "$1", operator: "bob" },
    ]);
    expect([code, json.error, json.line, json.holder]).toEqual([2, "LOCK_HELD", 3, "alice"]);
  });

  test("with a line that is refused changes no byte, and names the line and what was wrong", async () => {
    box.write("plan.jsonl", `${JSON.stringify(NEW)}\n\n{"command":"claim","id":"REQ-009"}\n`);
    const before = wholeTree(box.base);
    const { code, json } = await box.json("batch", "plan.jsonl", "-o", "alice");
    expect([code, json.error, json.line]).toEqual([1, "NOT_FOUND", 3]);
    expect(json.message).toStartWith("Line 3: There is no issue REQ-009");
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
  });

  test("refuses half a character, which JSON can hold and UTF-8 cannot, and changes no byte", async () => {
    const before = box.tree();
    const title = await batch([{ ...NEW, title: "a \ud800" }]);
    expect([title.code, title.json.error]).toEqual([1, "INVALID_TITLE"]);
    const body = await batch([{ ...NEW, body: "\udc00 b" }]);
    expect([body.code, body.json.error]).toEqual([1, "INVALID_TEXT"]);
    expect(box.tree()).toEqual(before);
    expect((await batch([{ ...NEW, title: "a whole one: \u{1f600}" }])).code).toBe(0);
  });

  test("as a dry run answers the same and changes no byte", async () => {
    const before = wholeTree(box.base);
    const lines = [NEW, { command: "claim", id: "$1" }];
    const dry = await batch(lines, "--dry-run");
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    const { json } = await batch(lines);
    expect({ ...dry.json, dry_run: undefined }).toEqual({ ...json, dry_run: undefined });
  });

  test("with a key acts once, and gives the first answer; a key of another command is refused", async () => {
    const first = await batch([NEW], "--key", "k");
    const before = wholeTree(box.base);
    const again = await batch([NEW], "--key", "k");
    expect(again.json).toEqual({ ...first.json, idempotent: true });
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
    await box.ok("issue", "new", "questions", "Two", "-o", "alice", "--key", "other");
    expect((await batch([NEW], "--key", "other")).json.error).toBe("ALREADY_EXISTS");
  });

  test("with keys in its lines makes those once, whichever command used them", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "alice", "--key", "k");
    const { json } = await batch([
      { ...NEW, key: "k" },
      { ...NEW, key: "k" },
      { command: "amend", id: "$2", remark: "seen" },
    ]);
    expect(json.made).toEqual(["REQ-001", "REQ-001"]);
    expect(box.names(".mai/queues/questions")).toEqual(["REQ-001.md"]);
  });

  test("that finds everything as it would leave it writes nothing, and renews the lease", async () => {
    await batch([NEW, { command: "claim", id: "$1" }]);
    box.age(".mai/locks/REQ-001.lock", 20);
    const before = events(box).length;
    const { json } = await batch([{ command: "claim", id: "REQ-001" }]);
    expect(json.results[0]).toMatchObject({ idempotent: true, ttl_minutes: 45 });
    expect(events(box)).toHaveLength(before);
    expect((await box.ok("lock", "check", "REQ-001")).json.lock.age_seconds).toBeLessThan(60);
  });

  test("renews a lease by an amendment and ends it by what follows", async () => {
    await batch([NEW, { command: "claim", id: "$1" }]);
    const { json } = await batch([
      { command: "amend", id: "REQ-001", remark: "nearly" },
      { command: "transfer", id: "REQ-001", handler: "bob", message: "yours" },
    ]);
    expect(json.ok).toBe(true);
    expect(box.exists(".mai/locks/REQ-001.lock")).toBe(false);
    expect((await box.ok("doctor")).json.findings).toEqual([]);
  });

  test("moves an issue to and fro between queues that share a folder of the mirror", async () => {
    await batch([
      { ...NEW, queue: "decisions" },
      { command: "complete", id: "$1", conclusion: "yes" },
    ]);
    const { json } = await batch([
      { command: "edit", id: "REQ-001", queue: "questions" },
      { command: "edit", id: "REQ-001", queue: "decisions", title: "Back" },
      { command: "edit", id: "REQ-001", queue: "reviews" },
      { command: "edit", id: "REQ-001", queue: "decisions" },
    ]);
    expect(json.ok).toBe(true);
    expect((await box.ok("doctor")).json.findings).toEqual([]);
    expect(box.names("async/decisions")).toEqual(["REQ-001.decision.md", "REQ-001.md"]);
  });

  test("text arguments are texts: - and $1 stand for themselves there", async () => {
    await batch([
      NEW,
      { command: "amend", id: "$1", remark: "-" },
      { command: "amend", id: "$1", remark: "$1" },
    ]);
    const { records } = await shown("REQ-001");
    expect(records.map(({ text }: { text: string }) => text)).toEqual(["$1", "-", ""]);
  });

  test("notes into the audit log", async () => {
    await batch([{ command: "log write", agent: "alice", type: "note", summary: "planned", status: "done" }]);
    expect(box.read(`.mai/history/${box.names(".mai/history")[0]}`)).toContain(
      "[ALICE] [note] planned [done]",
    );
  });
});

describe("a batch is refused whole", () => {
  test.each([
    ["x", "USAGE", /no JSON object/],
    ["[1]", "USAGE", /no JSON object/],
    ["{}", "USAGE", /"command" is missing/],
    ['{"command":"isue new"}', "USAGE", /Did you mean 'issue new'/],
    ['{"command":"issue show","id":"REQ-001"}', "USAGE", /cannot stand in a batch/],
    ['{"command":"project delete","target":"."}', "USAGE", /cannot stand in a batch/],
    ['{"command":"new","queue":"questions"}', "USAGE", /needs the field "title"/],
    ['{"command":"claim","id":"$1"}', "USAGE", /make 0 issues/],
    ['{"command":"claim","id":7}', "USAGE", /takes a text/],
    ['{"command":"claim","id":"REQ-001","fence":"x"}', "USAGE", /whole number/],
    ['{"command":"claim","id":"REQ-001","force":"yes"}', "USAGE", /true or false/],
    ['{"command":"claim","id":"REQ-001","__proto__":1}', "USAGE", /no field/],
    ['{"command":"new","queue":"questions","title":"T","body_file":"/etc/passwd"}', "USAGE", /no field/],
    ['{"command":"new","queue":"questions","title":"T","priorty":"P0"}', "USAGE", /Did you mean 'priority'/],
    ['{"command":"new","queue":"questions","title":"a\\nb"}', "INVALID_TITLE", /^Line 1: /],
    ['{"command":"claim","id":"REQ-001","operator":"a/b"}', "INVALID_NAME", /^Line 1: /],
    ["", "INVALID_TEXT", /empty/],
    ["\n \n", "INVALID_TEXT", /empty/],
  ])("%j: %s", async (text, error, told) => {
    box.stdin = text;
    const before = wholeTree(box.base);
    const { json } = await box.json("batch", "-o", "alice");
    expect(json.error).toBe(error);
    expect(`${json.message} ${json.hint}`).toMatch(told);
    expect(changedPaths(before, wholeTree(box.base))).toEqual([]);
  });

  test("with 1,001 lines; 1,000 are taken", async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, () => ({ command: "claim", id: "REQ-001" }));
    await batch([NEW]);
    expect((await batch(lines(1001))).json).toMatchObject({ error: "INVALID_TEXT", limit: 1000 });
    expect((await batch(lines(1000))).json).toMatchObject({ ok: true, lines: 1000 });
    expect((await shown("REQ-001")).fence).toBe(1);
  });

  test("when nobody signs a line, or the key", async () => {
    box.stdin = JSON.stringify(NEW);
    expect((await box.json("batch")).json).toMatchObject({ error: "OPERATOR_REQUIRED", line: 1 });
    expect((await box.json("batch", "--key", "k")).json).toMatchObject({ error: "OPERATOR_REQUIRED" });
  });
});

test("every verb of a batch answers at once, and its issues can be named by $1", async () => {
  const verbs = batchVerbs(COMMAND_TREE);
  expect(verbs).toContain("issue new");
  for (const words of verbs) {
    const { command } = (await COMMAND_TREE.commands[words]?.load()) ?? {};
    const named = Object.keys(command?.args ?? {}).filter((name) => namesIssues(words, name));
    expect([words, words === "log write" || named.length > 0]).toEqual([words, true]);
  }
});

/** Lines of any kind on three issues, of which some will be refused. */
const anyLine: fc.Arbitrary<Line> = fc
  .tuple(
    fc.constantFrom<Line>(
      { command: "issue new", queue: "questions", title: "Another" },
      { command: "issue claim" },
      { command: "issue amend", remark: "seen" },
      { command: "issue block", reason: "stuck" },
      { command: "issue unblock" },
      { command: "issue transfer", handler: "bob", message: "yours" },
      { command: "issue complete", conclusion: "good" },
      { command: "issue reject", reason: "not yet" },
      { command: "issue reopen", reason: "broken" },
      { command: "issue discard", reason: "no" },
      { command: "issue edit", queue: "decisions" },
      { command: "issue edit", queue: "reviews", title: "Moved" },
      { command: "issue escalate" },
      { command: "log write", agent: "alice", type: "note", summary: "noted" },
    ),
    fc.constantFrom("REQ-001", "REQ-002", "FIX-001"),
    fc.constantFrom("alice", "bob", "admin"),
  )
  .map(([line, id, operator]) => {
    const isFree = line.command === "issue new" || line.command === "log write";
    return { ...line, ...(isFree ? {} : { id }), operator };
  });

/** The same as typed: fields in the order of the command's positionals. */
async function asTyped(line: Line): Promise<readonly string[]> {
  const { command: words, ...fields } = line;
  const { command } = (await COMMAND_TREE.commands[String(words)]?.load()) ?? {};
  const positionals = Object.entries(command?.args ?? {})
    .filter(([name, spec]) => spec.type === "positional" && fields[name] !== undefined)
    .map(([name]) => String(fields[name]));
  const options = Object.entries(fields)
    .filter(([name]) => command?.args[name]?.type !== "positional")
    .flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [...String(words).split(" "), ...options, "--", ...positionals];
}

test("any lines that succeed one by one leave, as a batch, every file byte for byte the same", async () => {
  for (const queue of ["questions", "reviews", "requests"])
    await box.ok("issue", "new", queue, "Issue", "-o", "alice");
  const start = () => {
    const place = new Sandbox();
    cpSync(box.cwd, place.cwd, { recursive: true, preserveTimestamps: true });
    place.clock.nowMs = box.clock.nowMs;
    return place;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { minLength: 2, maxLength: 12 }), async (lines) => {
      const [one, other] = [start(), start()];
      const done: Line[] = [];
      for (const line of lines) {
        if ((await one.json(...(await asTyped(line)))).json.ok) done.push(line);
      }
      if (done.length > 0) expect((await batchIn(other, done)).json).toMatchObject({ ok: true });
      const files = (place: Sandbox) =>
        new Map(
          [...place.tree()].map(([path, text]) => [path, text.replace(/\d{4}-\d\d-\d\dT[\d:.+]+/g, "T")]),
        );
      expect(files(other)).toEqual(files(one));
      one.remove();
      other.remove();
    }),
    { numRuns: 40 },
  );
}, 120_000);
