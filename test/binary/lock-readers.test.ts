import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, chownSync, cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
requireTool("setpriv", "util-linux");
requireTool("flock", "util-linux");
if (process.getuid?.() !== 0) throw new Error("These tests act as several users: run them as root.");

const ALICE = 47_401;
const READER = 47_402;

let base: string;
let program: string;
let project: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "mai-lock-readers-"));
  chmodSync(base, 0o755);
  program = join(base, "mai");
  cpSync(MAI, program);
  project = join(base, "project");
  for (const [name, uid] of [
    ["project", ALICE],
    [`home-${ALICE}`, ALICE],
    [`home-${READER}`, READER],
  ] as const) {
    mkdirSync(join(base, name), { mode: 0o755 });
    chownSync(join(base, name), uid, uid);
  }
  ok(["init"]);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function as(user: number): readonly string[] {
  return ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
}

function mai(argv: readonly string[], user = ALICE) {
  const { exitCode, stdout } = Bun.spawnSync([...as(user), program, "--json", ...argv], {
    cwd: project,
    env: {
      HOME: join(base, `home-${user}`),
      PATH: "/usr/bin:/bin",
      MAI_OPERATOR: "admin",
      MAI_TRUST: project,
      MAI_LOCK_TIMEOUT: "0.2",
    },
  });
  return { code: exitCode, json: JSON.parse(stdout.toString()) };
}

function ok(argv: readonly string[], user = ALICE) {
  const { code, json } = mai(argv, user);
  if (code !== 0) throw new Error(`mai ${argv.join(" ")}: ${code} ${JSON.stringify(json)}`);
  return json;
}

/** Runs `act` while a reader has locked a path, or has tried to. @returns whether the reader got the lock */
async function whileReaderLocks(path: string, act: () => void): Promise<boolean> {
  const line = ["flock", "--nonblock", join(project, path), "sh", "-c", "echo locked; read -r _"];
  const holder = Bun.spawn([...as(READER), ...line], { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
  const { value } = await holder.stdout.getReader().read();
  try {
    act();
  } finally {
    holder.stdin.end();
    await holder.exited;
  }
  return value !== undefined;
}

test("a reader cannot open the mutex, also one that an older version made for everybody to read", async () => {
  const nothing = () => undefined;
  expect(await whileReaderLocks(".mai/mutex", nothing)).toBe(false);
  chmodSync(join(project, ".mai/mutex"), 0o644);
  expect(await whileReaderLocks(".mai/mutex", nothing)).toBe(true);
  ok(["issue", "new", "questions", "One"]);
  expect(lstatSync(join(project, ".mai/mutex")).mode & 0o777).toBe(0o600);
  expect(await whileReaderLocks(".mai/mutex", nothing)).toBe(false);
});

test("the directory that a reader has locked is named, and doctor says who may lock it", async () => {
  const got = await whileReaderLocks(".mai", () => {
    expect(mai(["issue", "new", "questions", "One"]).json).toMatchObject({
      error: "BUSY",
      locked: ".mai",
      message: expect.stringContaining("the directory .mai"),
    });
  });
  expect(got).toBe(true);
  expect(ok(["doctor"]).findings).toContainEqual(
    expect.objectContaining({
      code: "lockable_by_readers",
      path: ".mai",
      message: expect.stringContaining("and everybody may lock it"),
    }),
  );
});

test("the mutex that another mai has locked is named", async () => {
  const holder = Bun.spawn(["flock", join(project, ".mai/mutex"), "sh", "-c", "echo locked; read -r _"], {
    stdin: "pipe",
    stdout: "pipe",
  });
  await holder.stdout.getReader().read();
  expect(mai(["issue", "new", "questions", "One"]).json).toMatchObject({
    error: "BUSY",
    locked: ".mai/mutex",
  });
  holder.stdin.end();
  await holder.exited;
});

test("after chmod go-r .mai a reader reads on, also what is new, and locks nothing", async () => {
  chmodSync(join(project, ".mai"), 0o711);
  const got = await whileReaderLocks(".mai", () => void ok(["issue", "new", "questions", "One"]));
  expect(got).toBe(false);
  expect(ok(["issue", "list"], READER).total).toBe(1);
  expect(ok(["issue", "show", "REQ-001"], READER).issue.title).toBe("One");
  expect(ok(["doctor"]).findings.map(({ code }: { code: string }) => code)).not.toContain(
    "lockable_by_readers",
  );
});
