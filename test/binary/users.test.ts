import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, MAI, requireBinary, requireTool } from "../support/binary.ts";
import { counted } from "../support/report.ts";

requireBinary();
requireTool("setpriv", "util-linux");
if (process.getuid?.() !== 0) throw new Error("These tests act as several users: run them as root.");

/** Group that the users share; the numbers have no names on purpose. */
const TEAM = 47_100;
const MINUTE_MS = 60_000;
const RENEWED_MS = 10_000;
const TIMEOUT_MS = 120_000;

/** A user of the machine: a number, groups, a umask. */
interface User {
  readonly name: string;
  readonly uid: number;
  readonly umask: string;
  readonly groups: readonly number[];
}

const alice: User = { name: "alice", uid: 47_001, umask: "002", groups: [TEAM] };
const bob: User = { name: "bob", uid: 47_002, umask: "002", groups: [TEAM] };
const carol: User = { name: "carol", uid: 47_003, umask: "077", groups: [TEAM] };
const stranger: User = { name: "stranger", uid: 47_009, umask: "002", groups: [] };
const MEMBERS = [alice, bob, carol];

let base: string;
let root: string;
/** A copy that every user may run, wherever this repository lies. */
let program: string;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "mai-users-"));
  chmodSync(base, 0o755);
  program = join(base, "mai");
  cpSync(MAI, program);
  chmodSync(program, 0o755);
  for (const { name, uid } of [...MEMBERS, stranger]) {
    mkdirSync(join(base, name));
    chownSync(join(base, name), uid, uid);
  }
  root = join(base, "shared");
  mkdirSync(root);
  chownSync(root, alice.uid, TEAM);
  chmodSync(root, 0o2770);
  await ok(alice, "init", "-o", "admin");
  for (const { name } of MEMBERS) await ok(alice, "agent", "add", name, "-o", "admin");
  for (const user of MEMBERS) await ok(user, "project", "trust", root);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Runs a command line as a user, signed with the user's name. */
async function run(user: User, ...argv: readonly string[]): Promise<Ended> {
  const { uid, umask, groups } = user;
  const become = ["setpriv", `--reuid=${uid}`, `--regid=${uid}`];
  const among = groups.length === 0 ? ["--clear-groups"] : [`--groups=${groups.join(",")}`];
  const child = Bun.spawn(
    [...become, ...among, "sh", "-c", `umask ${umask}; exec "$@"`, "sh", program, ...argv],
    {
      cwd: base,
      env: {
        HOME: join(base, user.name),
        PATH: process.env.PATH ?? "",
        MAI_PROJECT: root,
        MAI_OPERATOR: user.name,
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

async function ok(user: User, ...argv: readonly string[]): Promise<ReturnType<typeof JSON.parse>> {
  const line =
    argv[0] === "init" ? ["--json", "project", "init", root, ...argv.slice(1)] : ["--json", ...argv];
  const ended = await run(user, ...line);
  if (ended.code !== 0)
    throw new Error(`${user.name}: mai ${line.join(" ")}: ${ended.code} ${ended.stdout}${ended.stderr}`);
  return JSON.parse(ended.stdout);
}

async function newIssue(): Promise<string> {
  return (await ok(alice, "issue", "new", "questions", "Shared work")).issue_id;
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function everything(): readonly string[] {
  const inside = (top: string) =>
    readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((name) => `${top}/${name}`);
  return [".mai", "async", ...inside(".mai"), ...inside("async")];
}

/** What the group may not do where it must: files that are not its own, or closed to it. */
function lockedOut(): readonly string[] {
  return everything().flatMap((path) => {
    const stat = lstatSync(join(root, path));
    const needed = stat.isDirectory() ? 0o2070 : 0o060;
    const fine = stat.gid === TEAM && (stat.mode & needed) === needed && (stat.mode & 0o002) === 0;
    return fine ? [] : [`${path}: ${stat.gid} ${stat.mode.toString(8)}`];
  });
}

/** The probe of the locks, which a busy machine can make inconclusive, has tests of its own. */
function isOfFiles({ code }: { readonly code: string }): boolean {
  return code !== "probe_not_run";
}

test(
  "of 30 processes of three users one claims an issue, and the 29 others exit 2",
  async () => {
    const started = performance.now();
    const id = await newIssue();
    const line = (number: number) => ["issue", "claim", id, "--session", `s${number}`];
    const ended = await Promise.all(
      Array.from({ length: 30 }, (_, number) => run(MEMBERS[number % 3] as User, ...line(number))),
    );
    const codes = ended.map(({ code }) => code).toSorted((a, b) => (a ?? -1) - (b ?? -1));
    expect(codes).toEqual([0, ...Array(29).fill(2)]);
    const winner = MEMBERS[ended.findIndex(({ code }) => code === 0) % 3] as User;
    expect(read(`.mai/locks/${id}.lock`)).toStartWith(`${winner.name}|`);
    expect(lockedOut()).toEqual([]);
    counted("several users", ended.length, started);
  },
  TIMEOUT_MS,
);

test(
  "three users amend one issue 16 times each at once: 48 remarks, the log names all three, nothing is closed to the group",
  async () => {
    const started = performance.now();
    const id = await newIssue();
    const remarks = MEMBERS.flatMap((user) =>
      Array.from({ length: 16 }, (_, number) => ({ user, text: `remark ${number} of ${user.name}.` })),
    );
    const ended = await Promise.all(remarks.map(({ user, text }) => run(user, "issue", "amend", id, text)));
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    const issue = read(`.mai/queues/questions/${id}.md`);
    expect(remarks.filter(({ text }) => !issue.includes(text))).toEqual([]);
    expect(read(`async/questions/${id}.md`)).toBe(issue);
    for (const { name } of MEMBERS) {
      const { entries } = await ok(bob, "log", "history", "--agent", name);
      expect(entries.filter((line: string) => line.includes("issue_amended"))).toHaveLength(16);
    }
    expect(lockedOut()).toEqual([]);
    counted("several users", ended.length, started);
  },
  TIMEOUT_MS,
);

test("a user renews an own lease whose file another user made, and nobody else's", async () => {
  const id = await newIssue();
  await ok(bob, "issue", "claim", id);
  const lease = join(root, `.mai/locks/${id}.lock`);
  chownSync(lease, carol.uid, TEAM);
  const backThen = (Date.now() - 20 * MINUTE_MS) / 1000;
  utimesSync(lease, backThen, backThen);
  expect((await run(alice, "lock", "renew", id)).code).not.toBe(0);
  const own = (await ok(carol, "lock", "renew")).renewed.map((entry: { issue_id: string }) => entry.issue_id);
  expect(own).not.toContain(id);
  expect(lstatSync(lease).mtimeMs).toBeLessThan(Date.now() - 19 * MINUTE_MS);
  expect((await ok(bob, "lock", "renew", id)).renewed).toEqual([{ issue_id: id, ttl_minutes: 45 }]);
  expect(lstatSync(lease).mtimeMs).toBeGreaterThan(Date.now() - RENEWED_MS);
});

test("the guardian of one user releases the stale lease of another", async () => {
  const id = await newIssue();
  await ok(bob, "issue", "claim", id);
  const longAgo = (Date.now() - 60 * MINUTE_MS) / 1000;
  utimesSync(join(root, `.mai/locks/${id}.lock`), longAgo, longAgo);
  await ok(carol, "lock", "guardian");
  expect((await ok(alice, "issue", "show", id)).issue).toMatchObject({ status: "OPEN", unassigned: true });
  expect((await ok(alice, "lock", "check", id)).lock).toBeNull();
  expect((await ok(carol, "issue", "claim", id)).fence).toBe(2);
  expect(lockedOut()).toEqual([]);
});

test("everybody finishes what is their own: claim, hand over, complete by another user", async () => {
  const id = await newIssue();
  await ok(carol, "issue", "claim", id);
  expect((await run(bob, "issue", "complete", id, "not mine")).code).not.toBe(0);
  await ok(carol, "issue", "transfer", id, "alice", "please review");
  await ok(alice, "issue", "complete", id, "fine");
  expect(read(`.mai/decisions/${id}.md`)).toContain("fine");
  expect(lockedOut()).toEqual([]);
});

test("the doctor of every member finds nothing; of a file that lost its group or its modes it tells", async () => {
  for (const user of MEMBERS) expect((await ok(user, "doctor")).findings.filter(isOfFiles)).toEqual([]);
  const [issue, config] = [".mai/queues/questions/REQ-001.md", ".mai/config.json"];
  chownSync(join(root, issue), alice.uid, alice.uid);
  chmodSync(join(root, config), 0o640);
  const ended = await run(alice, "--json", "doctor");
  expect(ended.code).toBe(1);
  const found = JSON.parse(ended.stdout)
    .findings.filter(isOfFiles)
    .map(({ code, path }: Record<string, string>) => [code, path]);
  expect(found).toEqual([
    ["other_group", issue],
    ["group_locked_out", config],
  ]);
  chownSync(join(root, issue), alice.uid, TEAM);
  chmodSync(join(root, config), 0o660);
});

test("who is not in the group finds no project, and changes nothing", async () => {
  const before = everything();
  const ended = await run(stranger, "--json", "issue", "new", "questions", "Intruder");
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: "PROJECT_NOT_FOUND" });
  expect(everything()).toEqual(before);
});

test("a project that its group may only read is read by a member, examined, and not written", async () => {
  const closed = join(base, "read-only");
  cpSync(root, closed, { recursive: true });
  const modes = { directory: 0o750, file: 0o640 };
  for (const entry of ["", ...readdirSync(closed, { recursive: true, encoding: "utf8" })]) {
    const path = join(closed, entry);
    chownSync(path, alice.uid, TEAM);
    chmodSync(path, lstatSync(path).isDirectory() ? modes.directory : modes.file);
  }
  for (const user of [alice, bob]) await ok(user, "project", "trust", closed);
  expect((await ok(bob, "--project", closed, "issue", "list")).total).toBeGreaterThan(0);
  const { findings } = await ok(bob, "--project", closed, "doctor");
  expect(findings.filter(isOfFiles).map(({ code }: { code: string }) => code)).toEqual(["not_your_own"]);
  const refused = await run(bob, "--json", "--project", closed, "issue", "new", "questions", "Two");
  expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: "IO_ERROR" });
});
