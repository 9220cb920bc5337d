import { afterEach, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "mai-environment-"));
  chmodSync(path, 0o777);
  made.push(path);
  return path;
}

/** Runs with exactly this environment; `under` comes before the program. */
function run(
  cwd: string,
  argv: readonly string[],
  options: { env?: Record<string, string>; under?: readonly string[] } = {},
): Ended {
  const child = Bun.spawnSync([...(options.under ?? []), MAI, ...argv], {
    cwd,
    env: options.env ?? {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return { code: child.exitCode, stdout: child.stdout.toString(), stderr: child.stderr.toString() };
}

function sixLines(cwd: string, options: Parameters<typeof run>[2] = {}): readonly Ended[] {
  return [
    ["init"],
    ["agent", "add", "alice", "--heartbeat-minutes", "30"],
    ["issue", "new", "questions", "Technical review", "-o", "alice"],
    ["issue", "claim", "REQ-001", "-o", "alice"],
    ["issue", "complete", "REQ-001", "Approved for implementation", "-o", "alice"],
    ["queue", "check", "--overdue"],
  ].map((line) => run(cwd, line, options));
}

const DONE = Array(6).fill(0);
const codes = (runs: readonly Ended[]) => runs.map(({ code }) => code);

test("the six lines work with an empty environment: no HOME, no USER, no PATH", () => {
  const home = scratch();
  // Without HOME the password file names one; MAI_HOME keeps this test out of it.
  expect(codes(sixLines(scratch(), { env: { MAI_HOME: join(home, "mai-home") } }))).toEqual(DONE);
});

test("a user without password entry and without HOME is uid<N>, is told that nothing is registered, and goes on", () => {
  requireTool("setpriv", "util-linux");
  const cwd = scratch();
  const under = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"];
  const runs = sixLines(cwd, { under });
  expect(codes(runs)).toEqual(DONE);
  expect(runs[0]?.stderr).toContain("WARNING: There is no home directory");
  expect(JSON.parse(readFileSync(join(cwd, ".mai/config.json"), "utf8")).root).toEqual(["uid54321"]);
});

test("the operating-system user is never $USER", () => {
  const cwd = scratch();
  run(cwd, ["init"], { env: { HOME: scratch(), USER: "mallory", LOGNAME: "mallory" } });
  expect(JSON.parse(readFileSync(join(cwd, ".mai/config.json"), "utf8")).root).not.toContain("mallory");
});

test("a home that may not be written is a warning, and the project works", () => {
  requireTool("setpriv", "util-linux");
  const home = scratch();
  chmodSync(home, 0o555);
  const under = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"];
  const runs = sixLines(scratch(), { env: { HOME: home }, under });
  expect(codes(runs)).toEqual(DONE);
  expect(runs[0]?.stderr).toContain("WARNING: The project is not registered by name");
});

test("a home that is made belongs to its user alone", () => {
  const home = scratch();
  run(scratch(), ["init"], { env: { HOME: home } });
  expect(statSync(join(home, ".mai-cli")).mode & 0o777).toBe(0o700);
  for (const name of ["config.json", "registry.json", "registry.lock"]) {
    expect(statSync(join(home, ".mai-cli", name)).mode & 0o777).toBe(0o600);
  }
});

test("without time-zone data times are UTC, and with a zone they bear its offset", () => {
  requireTool("unshare", "util-linux");
  const env = { HOME: scratch(), TZ: "Asia/Shanghai" };
  const created = (cwd: string) =>
    JSON.parse(run(cwd, ["--json", "issue", "show", "REQ-001"], { env }).stdout).issue.created;
  const here = scratch();
  sixLines(here, { env });
  expect(created(here)).toMatch(/\+08:00$/);
  const empty = scratch();
  const bare = scratch();
  const script = `mount --bind ${empty} /usr/share/zoneinfo && exec "$0" "$@"`;
  const runs = sixLines(bare, {
    env: { ...env, PATH: process.env.PATH ?? "" },
    under: ["unshare", "-rm", "sh", "-c", script],
  });
  expect(codes(runs)).toEqual(DONE);
  expect(created(bare)).toMatch(/\+00:00$/);
});

test("agents in containers of different zones agree on a deadline", () => {
  const env = { HOME: scratch(), TZ: "Asia/Shanghai" };
  const cwd = scratch();
  run(cwd, ["init"], { env });
  run(cwd, ["agent", "add", "alice"], { env });
  run(cwd, ["issue", "new", "questions", "T", "-o", "alice"], { env });
  const shown = (zone: string) => {
    const { issue } = JSON.parse(
      run(cwd, ["--json", "issue", "show", "REQ-001"], { env: { ...env, TZ: zone } }).stdout,
    );
    return [Date.parse(issue.sla_deadline) - Date.parse(issue.created), issue.overdue];
  };
  expect(shown("America/New_York")).toEqual([120 * 60_000, false]);
  expect(shown("Pacific/Auckland")).toEqual([120 * 60_000, false]);
});

test("MAI_FORMAT=json counts where no option says otherwise, for the version too", () => {
  const env = { HOME: scratch(), MAI_FORMAT: "json" };
  const cwd = scratch();
  expect(JSON.parse(run(cwd, ["--version"], { env }).stdout)).toMatchObject({
    ok: true,
    version: expect.any(String),
  });
  expect(JSON.parse(run(cwd, ["issue", "list"], { env }).stdout)).toMatchObject({
    ok: false,
    error: "PROJECT_NOT_FOUND",
    exit_code: 4,
  });
  expect(run(cwd, ["--format", "text", "init"], { env }).stdout).toMatch(/^Project /);
});

test("a .env and a bunfig.toml of the directory change nothing", () => {
  const cwd = scratch();
  const env = { HOME: scratch() };
  writeFileSync(join(cwd, ".env"), "MAI_OPERATOR=mallory\n");
  writeFileSync(join(cwd, "evil.ts"), 'require("node:fs").writeFileSync("owned", "")\n');
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  expect(codes(sixLines(cwd, { env }))).toEqual(DONE);
  expect(readFileSync(join(cwd, ".mai/config.json"), "utf8")).not.toContain("mallory");
  expect(() => statSync(join(cwd, "owned"))).toThrow("ENOENT");
});

test("a project is found from below, by path, by registered name and from a git worktree", () => {
  requireTool("git", "git");
  const base = scratch();
  const env = { HOME: scratch(), PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null" };
  const main = join(base, "main");
  const git = (...argv: string[]) => Bun.spawnSync(["git", "-C", main, ...argv], { env });
  mkdirSync(join(main, "deep/er"), { recursive: true });
  git("init", "-q");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "start");
  expect(git("worktree", "add", "-q", join(base, "tree")).exitCode).toBe(0);
  run(main, ["init"], { env });
  expect(readFileSync(join(main, ".mai/.gitignore"), "utf8")).toContain("locks/\n");
  const list = ["--json", "agent", "list"];
  for (const [cwd, argv] of [
    [join(main, "deep/er"), list],
    [join(base, "tree"), list],
    [base, ["--project", main, ...list]],
    [base, ["--project", "main", ...list]],
    ["/", ["--project", "main", ...list]],
  ] as const) {
    expect([cwd, run(cwd, argv, { env }).code]).toEqual([cwd, 0]);
  }
  expect(run(base, list, { env: { ...env, MAI_PROJECT: main } }).code).toBe(0);
  expect(run(base, list, { env }).code).toBe(4);
});

const OTHER_CODE = 'require("node:fs").writeFileSync("OTHER_CODE", "");';

for (const [name, value] of Object.entries({
  BUN_BE_BUN: "1",
  BUN_OPTIONS: "--preload ./other.js",
  BUN_INSPECT: "ws://127.0.0.1:1/x?break=1",
  BUN_INSPECT_CONNECT_TO: "ws://127.0.0.1:1",
  BUN_INSPECT_NOTIFY: "unix://./notify",
  BUN_INSPECT_PRELOAD: "./other.js",
  NODE_OPTIONS: "--require ./other.js",
  BUN_CONFIG_PRELOAD: "./other.js",
}))
  test(`the runtime does not obey ${name}`, () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "other.js"), OTHER_CODE);
    const plain = run(cwd, ["--version"]);
    expect(plain.stdout).toMatch(/^mai /);
    expect(run(cwd, ["--version"], { env: { [name]: value } })).toEqual(plain);
    expect(existsSync(join(cwd, "OTHER_CODE"))).toBe(false);
  });

test("BUN_OPTIONS does not answer for mai", () => {
  expect(run(scratch(), ["--version"], { env: { BUN_OPTIONS: "--version" } }).stdout).toMatch(/^mai /);
});
