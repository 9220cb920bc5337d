import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
requireTool("setpriv", "util-linux");
if (process.getuid?.() !== 0) throw new Error("These tests act as several users: run them as root.");

const ALICE = 47_301;
const GROUP = 47_302;

let base: string;
let program: string;
let project: string;
let count = 0;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "mai-as-root-"));
  chmodSync(base, 0o755);
  program = join(base, "mai");
  cpSync(MAI, program);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  project = join(base, `project-${count}`);
  for (const path of [project, join(base, `home-${count}`)]) {
    mkdirSync(path);
    chownSync(path, ALICE, GROUP);
  }
  mkdirSync(join(base, `root-${count}`));
});

/** Runs mai as alice, or as root, who trusts the project. */
function ok(user: "alice" | "root", argv: readonly string[], home = user === "alice" ? "home" : "root") {
  const become = user === "alice" ? [`--reuid=${ALICE}`, `--regid=${GROUP}`, "--clear-groups"] : [];
  const { exitCode, stdout, stderr } = Bun.spawnSync(["setpriv", ...become, program, "--json", ...argv], {
    cwd: project,
    env: {
      HOME: join(base, `${home}-${count}`),
      PATH: "/usr/bin:/bin",
      MAI_OPERATOR: "admin",
      ...(user === "root" ? { MAI_TRUST: project } : {}),
    },
  });
  if (exitCode !== 0) throw new Error(`mai ${argv.join(" ")}: ${exitCode} ${stdout}${stderr}`);
  return JSON.parse(stdout.toString());
}

/** What in a directory belongs to somebody else than alice and her group. */
function foreign(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => {
    const { uid, gid } = lstatSync(join(directory, name));
    return uid !== ALICE || gid !== GROUP;
  });
}

const WORK = [
  ["agent", "add", "bob"],
  ["issue", "new", "questions", "One", "--key", "k1"],
  ["issue", "new", "requests", "Two", "--blocked-by", "REQ-001"],
  ["issue", "claim", "REQ-001"],
  ["issue", "amend", "REQ-001", "seen"],
  ["issue", "run", "REQ-001", "--", "true"],
  ["issue", "complete", "REQ-001", "done"],
  ["escalation", "gen", "FIX-001"],
  ["log", "write", "admin", "note", "seen"],
  ["daily-summary", "trigger"],
  ["daily-summary", "write", "default", "all of it"],
  ["onboard"],
  ["archive", "--before", "2999-01-01"],
  ["doctor", "--fix"],
] as const;

test("what root makes in a project of alice is hers, whatever the command, and she works on", () => {
  ok("alice", ["init"]);
  for (let number = 0; number < 30; number += 1) ok("alice", ["issue", "new", "reviews", `Old ${number}`]);
  for (const name of ["cache", "tmp", "mutex", "journal"])
    rmSync(join(project, ".mai", name), { recursive: true, force: true });
  writeFileSync(join(project, "CLAUDE.md"), "# Mine\n");
  chownSync(join(project, "CLAUDE.md"), ALICE, GROUP);
  ok("root", ["issue", "list"]);
  expect(existsSync(join(project, ".mai/cache/issues"))).toBe(true);
  for (const argv of WORK) {
    ok("root", argv);
    expect({ argv, foreign: foreign(project) }).toEqual({ argv, foreign: [] });
  }
  ok("alice", ["issue", "complete", "FIX-001", "done"]);
  expect(
    ok("alice", ["doctor"]).findings.filter(({ severity }: { severity: string }) => severity !== "note"),
  ).toEqual([]);
  ok("root", ["project", "delete", project, "--yes"]);
  expect(readdirSync(project).some((name) => name.endsWith(".tar.gz"))).toBe(true);
  expect(foreign(project)).toEqual([]);
}, 60_000);

test("init as root in a directory of alice that root trusts makes a project of hers", () => {
  ok("root", ["init"]);
  expect(foreign(project)).toEqual([]);
  ok("alice", ["issue", "new", "questions", "One"]);
});

test("a file that an earlier command left to root goes to alice when it is replaced", () => {
  ok("alice", ["init"]);
  chownSync(join(project, ".mai/config.json"), 0, 0);
  ok("root", ["agent", "add", "bob"]);
  expect(lstatSync(join(project, ".mai/config.json")).uid).toBe(ALICE);
});

test("a file does not pass setuid and setgid on to the user who replaces it", () => {
  ok("alice", ["init"]);
  chmodSync(join(project, ".mai/config.json"), 0o6644);
  ok("alice", ["agent", "add", "bob"]);
  expect(lstatSync(join(project, ".mai/config.json")).mode & 0o7777).toBe(0o644);
});

test("root writes nothing into a home of alice, which sudo may keep, and says so", () => {
  ok("alice", ["init"]);
  const { warnings } = ok("root", ["init"], "home");
  expect(warnings.join()).toContain("mai does not write there as root");
  rmSync(join(base, `home-${count}`, ".mai-cli"), { recursive: true });
  expect(ok("root", ["init"], "home").warnings.join()).toContain("mai does not write there as root");
  expect(readdirSync(join(base, `home-${count}`))).toEqual([]);
});
