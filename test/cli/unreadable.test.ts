import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { failing } from "../support/failing.ts";
import { Sandbox } from "../support/sandbox.ts";

const FIRST = ".mai/queues/questions/REQ-001.md";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  for (const title of ["One", "One more"]) await box.ok("issue", "new", "questions", title, "-o", "admin");
});
afterEach(() => box.remove());

/** Adds a byte that is no UTF-8, far below the header. */
function spoil(path: string): void {
  appendFileSync(box.path(path), Buffer.from([0xff, 0x0a]));
}

describe("an issue whose text is not UTF-8 below its header", () => {
  test("is passed over by `next`, with a warning, and stays as it is", async () => {
    spoil(FIRST);
    const before = box.tree().get(FIRST);
    const { json } = await box.ok("next", "-o", "alice");
    expect(json).toMatchObject({ issue_id: "REQ-002", warnings: [expect.stringContaining("REQ-001.md")] });
    expect(box.tree().get(FIRST)).toBe(before);
  });

  test("is passed over by `next` although the operator holds it", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    spoil(FIRST);
    expect((await box.ok("next", "-o", "alice")).json).toMatchObject({ issue_id: "REQ-002" });
  });

  test("wakes nobody who waits for work: `next` would not give it out", async () => {
    spoil(FIRST);
    expect((await box.ok("wait", "--timeout", "0")).json).toMatchObject({ issue_id: "REQ-002" });
    await box.ok("issue", "claim", "REQ-002", "-o", "bob");
    expect((await box.json("wait", "--timeout", "0")).json).toMatchObject({ error: "TIMEOUT" });
    expect((await box.json("next", "-o", "alice")).json).toMatchObject({ error: "NOTHING_READY" });
  });

  test("is named in a warning by a search, which shows the rest", async () => {
    spoil(FIRST);
    for (const line of [
      ["issue", "list"],
      ["issue", "list", "--ready"],
    ]) {
      const { json } = await box.ok(...line, "--search", "one");
      expect(JSON.stringify(json)).toContain("REQ-002");
      expect(json.warnings).toEqual([expect.stringContaining("REQ-001.md is not UTF-8")]);
    }
  });

  test("hides no other blocker, and no other handover", async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "alice");
    await box.ok("issue", "block", "REQ-001", "stuck", "-o", "alice");
    spoil(FIRST);
    for (const line of [
      ["queue", "blockers"],
      ["prime", "-o", "alice"],
    ])
      expect((await box.ok(...line)).json.warnings).toEqual([expect.stringContaining("REQ-001.md")]);
  });
});

const LEASE = ".mai/locks/REQ-001.lock";

/** What may stand in the place of a lease, or keep it from being read. */
const UNREADABLE = {
  "a text that is not UTF-8": () => spoil(LEASE),
  "a symbolic link": () => symlinkSync("/etc/passwd", bare(LEASE)),
  "a FIFO": () => void Bun.spawnSync(["mkfifo", bare(LEASE)]),
  "a directory": () => mkdirSync(bare(LEASE)),
  "a file of somebody else": () => {
    box.alterSystem = failing("openSync", (path) => String(path).endsWith(LEASE), "EACCES");
  },
};

/** Takes a file away. @returns its absolute path */
function bare(path: string): string {
  rmSync(box.path(path));
  return box.path(path);
}

describe.each(Object.keys(UNREADABLE) as (keyof typeof UNREADABLE)[])("a lease that is %s", (kind) => {
  beforeEach(async () => {
    await box.ok("issue", "claim", "REQ-001", "-o", "bob");
    UNREADABLE[kind]();
  });

  test("is told by whoever looks, and stops nobody's work", async () => {
    const lines = [
      ["status"],
      ["prime", "-o", "alice"],
      ["issue", "show", "REQ-001"],
      ["lock", "check", "REQ-001"],
      ["lock", "guardian"],
      ["lock", "renew", "-o", "alice"],
      ["issue", "list", "--ready"],
      ["wait", "--timeout", "0"],
      ["next", "-o", "alice"],
      ["agent", "remove", "alice", "-o", "admin"],
    ];
    const told = [];
    for (const line of lines.slice(0, -1))
      told.push([line.join(" "), (await box.ok(...line)).json.warnings.join()]);
    expect(told.filter(([, warnings]) => !warnings?.includes("REQ-001"))).toEqual([]);
    await box.ok("lock", "release", "REQ-002", "-o", "alice");
    expect((await box.ok(...(lines.at(-1) ?? []))).json.warnings.join()).toContain("REQ-001.lock");
  });

  test("counts as held: nobody is given its issue, and a claim of it is refused", async () => {
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-002");
    await box.ok("issue", "block", "REQ-002", "stuck", "-o", "alice");
    expect((await box.json("next", "-o", "alice", "--any")).json.error).toBe("NOTHING_READY");
    expect((await box.json("wait", "--timeout", "0")).json.error).toBe("TIMEOUT");
    expect((await box.json("wait", "--issue", "REQ-001", "--timeout", "0")).json.error).toBe("TIMEOUT");
    const claim = await box.json("issue", "claim", "REQ-001", "-o", "alice");
    expect(["CORRUPT_FILE", "IO_ERROR"]).toContain(claim.json.error);
  });

  test("is shown as one that cannot be read", async () => {
    for (const line of [["status"], ["lock", "check", "REQ-001"]])
      expect((await box.run(...line)).stdout).toContain("held by somebody unknown: its file cannot be read");
  });
});

describe("an issue that this user may not read", () => {
  beforeEach(() => {
    box.alterSystem = failing("openSync", (path) => String(path).endsWith(FIRST), "EACCES");
  });

  test("is named in a warning by whoever shows many, and the rest is shown", async () => {
    for (const line of [["issue", "list"], ["queue", "check", "--all"], ["status"], ["graph"], ["prime"]]) {
      const { json } = await box.ok(...line);
      expect(json.warnings).toEqual([expect.stringContaining("REQ-001.md: permission denied")]);
    }
    expect((await box.ok("issue", "list", "--ids")).json.issues).toEqual(["REQ-002"]);
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-002");
  });

  test("is refused by a change of it, with its path", async () => {
    const { json } = await box.json("issue", "claim", "REQ-001", "-o", "alice");
    expect(json).toMatchObject({ error: "IO_ERROR", errno: "EACCES" });
  });
});

/** Lets nobody look into a queue, as its mode 000 does. */
function shut(queue: string): void {
  const isBelow = (path: unknown) => String(path).includes(`/.mai/queues/${queue}/`);
  const isIt = (path: unknown) => String(path).endsWith(`/.mai/queues/${queue}`);
  const shutBelow = ["openSync", "lstatSync"].map((call) => failing(call, isBelow, "EACCES"));
  const shutIt = failing("readdirSync", isIt, "EACCES");
  box.alterSystem = (system) =>
    [...shutBelow, shutIt].reduce((altered, shutting) => shutting(altered), system);
}

describe("a queue that this user may not look into", () => {
  beforeEach(async () => {
    await box.ok("issue", "new", "reviews", "Other", "-o", "admin");
    shut("questions");
  });

  test("is named in a warning by whoever shows many, and the others are shown", async () => {
    for (const line of [["issue", "list"], ["queue", "check", "--all"], ["status"], ["graph"]])
      expect((await box.ok(...line)).json.warnings.join()).toContain("queues/questions: permission denied");
    expect((await box.ok("issue", "list", "--ids")).json.issues).toEqual(["REQ-003"]);
    expect((await box.ok("next", "-o", "alice")).json.issue_id).toBe("REQ-003");
  });

  test("keeps nobody from issues of other queues, and no new one gets a number twice", async () => {
    expect((await box.ok("issue", "show", "REQ-003")).json.issue.id).toBe("REQ-003");
    expect((await box.ok("issue", "new", "reviews", "Four", "-o", "admin")).json.issue_id).toBe("REQ-004");
    expect((await box.json("issue", "show", "REQ-001")).json).toMatchObject({ error: "IO_ERROR" });
    box.delete(".mai/sequence.json");
    expect((await box.json("issue", "new", "reviews", "Five", "-o", "admin")).code).toBe(74);
  });

  test("is a finding of doctor", async () => {
    const { json } = await box.json("doctor");
    expect(json.findings).toContainEqual(
      expect.objectContaining({ code: "unreadable", path: ".mai/queues/questions" }),
    );
  });

  test("is shown again as soon as it may be read", async () => {
    await box.ok("issue", "list");
    box.alterSystem = (system) => system;
    expect((await box.ok("issue", "list", "--ids")).json.issues).toEqual(["REQ-001", "REQ-002", "REQ-003"]);
  });
});

const EVENTS = () => `.mai/events/${box.names(".mai/events")[0]}`;
const HISTORY = () => `.mai/history/${box.names(".mai/history")[0]}`;

describe("a line of a log that is not UTF-8", () => {
  test("is read over in the events: they are all there, and can be undone", async () => {
    spoil(EVENTS());
    await box.ok("issue", "new", "questions", "Three", "-o", "admin");
    const lines = (await box.run("--json", "events")).stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await box.ok("stats")).json.total.created).toBe(3);
    expect((await box.ok("undo", "-o", "admin")).json.issue_id).toBe("REQ-003");
  });

  test("is shown as it can be by `log history`", async () => {
    spoil(HISTORY());
    const { json } = await box.ok("log", "history");
    expect(json.entries.slice(-2)).toEqual([expect.stringContaining("REQ-002"), "\ufffd"]);
    expect(json.records.at(-1)).toBeNull();
  });

  test("is a finding of doctor, which misses no event for it", async () => {
    spoil(EVENTS());
    const { json } = await box.json("doctor");
    const codes = json.findings.map(({ code }: { code: string }) => code);
    expect(codes).toContain("unreadable");
    expect(codes).not.toContain("events_lost");
  });
});

test("an issue that begins with a byte order mark is refused for that, since its first line looks right", async () => {
  box.write(FIRST, `\ufeff${box.read(FIRST)}`);
  const { json } = await box.json("issue", "show", "REQ-001");
  expect(json).toMatchObject({ error: "CORRUPT_FILE", path: FIRST });
  expect(json.message).toContain("begins with a byte order mark");
  expect((await box.ok("issue", "list")).json.warnings.join()).toContain("begins with a byte order mark");
});

test("a change that finds a directory in place of a log says what is wrong, and where to look", async () => {
  mkdirSync(bare(EVENTS()));
  const { json } = await box.json("issue", "new", "questions", "Three", "-o", "admin");
  expect(json).toMatchObject({ error: "CORRUPT_FILE", path: expect.stringContaining(EVENTS()) });
  expect((await box.json("doctor")).json.findings).toContainEqual(
    expect.objectContaining({ code: "unreadable", path: EVENTS() }),
  );
});
