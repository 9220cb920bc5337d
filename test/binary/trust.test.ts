import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";
import { snapshotOf } from "../support/snapshot.ts";

requireBinary();
requireTool("setpriv", "util-linux");
if (process.getuid?.() !== 0) throw new Error("These tests act as several users: run them as root.");

const EVE = 47_201;
const VICTIM = 47_202;
const TEAM = 47_203;

let base: string;
let program: string;
/** A directory that everybody may write, as /tmp is. */
let open: string;
/** A project of eve in it. */
let project: string;
let count = 0;

interface Asked {
  readonly user?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly groups?: readonly number[];
}

/** Runs mai as a user, signed as admin. The answer is the JSON document. */
function mai(argv: readonly string[], { user = VICTIM, cwd = project, env = {}, groups = [] }: Asked = {}) {
  const among = groups.length === 0 ? ["--clear-groups"] : [`--groups=${groups.join(",")}`];
  const { exitCode, stdout } = Bun.spawnSync(
    ["setpriv", `--reuid=${user}`, `--regid=${user}`, ...among, program, "--json", ...argv],
    { cwd, env: { HOME: join(base, `home-${user}`), PATH: "/usr/bin:/bin", MAI_OPERATOR: "admin", ...env } },
  );
  const text = stdout.toString();
  return { code: exitCode, json: text === "" ? null : JSON.parse(text) };
}

function ok(argv: readonly string[], asked: Asked = {}) {
  const { code, json } = mai(argv, asked);
  if (code !== 0) throw new Error(`mai ${argv.join(" ")}: ${code} ${JSON.stringify(json)}`);
  return json;
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "mai-trust-"));
  chmodSync(base, 0o755);
  program = join(base, "mai");
  cpSync(MAI, program);
  chmodSync(program, 0o755);
  open = join(base, "open");
  mkdirSync(open);
  chmodSync(open, 0o1777);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(() => {
  count += 1;
  project = join(open, `project-${count}`);
  mkdirSync(project);
  chownSync(project, EVE, EVE);
  for (const user of [EVE, VICTIM, 0]) {
    rmSync(join(base, `home-${user}`), { recursive: true, force: true });
    mkdirSync(join(base, `home-${user}`));
    chownSync(join(base, `home-${user}`), user, user);
  }
  ok(["init", "-o", "admin"], { user: EVE });
  ok(["issue", "new", "questions", "One"], { user: EVE });
  mkdirSync(join(project, "below"));
  chmodSync(join(project, "below"), 0o777);
});

const COMMANDS = [
  ["exec", "safe-check", "ls"],
  ["status"],
  ["issue", "list"],
  ["next"],
  ["doctor"],
  ["onboard"],
  ["issue", "new", "questions", "Two"],
  ["init"],
  ["project", "delete", ".", "--yes"],
] as const;

describe("a project of another user", () => {
  test("is refused by every command, with its owner and how to trust it, and nothing in it changes", () => {
    const before = snapshotOf(project);
    for (const user of [VICTIM, 0]) {
      for (const argv of COMMANDS) {
        const { code, json } = mai(argv, { user });
        expect({ argv, code, error: json.error }).toEqual({ argv, code: 3, error: "PERMISSION_DENIED" });
        expect(json.owner.uid).toBe(EVE);
        expect(json.hint).toContain(`mai project trust ${project}`);
        expect(json.hint).toContain(`MAI_TRUST=${project}`);
      }
    }
    expect(snapshotOf(project)).toEqual(before);
  });

  test("is found from below as well, and named by --project, MAI_PROJECT or a symbolic link it is no other", () => {
    const elsewhere = join(base, `home-${VICTIM}`);
    symlinkSync(project, join(elsewhere, "link"));
    const refused = (argv: readonly string[], asked: Asked) => mai(argv, asked).json.error;
    expect(refused(["status"], { cwd: join(project, "below") })).toBe("PERMISSION_DENIED");
    expect(refused(["--project", project, "status"], { cwd: elsewhere })).toBe("PERMISSION_DENIED");
    expect(refused(["status"], { cwd: elsewhere, env: { MAI_PROJECT: project } })).toBe("PERMISSION_DENIED");
    expect(refused(["--project", "link", "status"], { cwd: elsewhere })).toBe("PERMISSION_DENIED");
    // A .mai of one's own that is a link to somebody else's.
    symlinkSync(join(project, ".mai"), join(elsewhere, ".mai"));
    expect(refused(["status"], { cwd: elsewhere })).toBe("PERMISSION_DENIED");
  });

  test("says nothing to prime and to shells that complete, and stops neither", () => {
    expect(mai(["prime"])).toMatchObject({ code: 0, json: { problem: { code: "PERMISSION_DENIED" } } });
    const words = mai(["complete-words", "--", "mai", "issue", "claim", ""]);
    expect(words).toMatchObject({ code: 0, json: { words: [] } });
  });

  test("is not finished: the record of a change in flight stays, whatever it says", () => {
    const record = join(project, ".mai/journal/commit.json");
    Bun.spawnSync(["sh", "-c", `echo '{}' > "$1"; chown ${EVE} "$1"`, "sh", record]);
    for (const argv of COMMANDS) mai(argv);
    expect(readFileSync(record, "utf8")).toBe("{}\n");
  });

  test("is used once it is trusted, and refused again when that is taken back", () => {
    chmodSync(join(project, ".mai"), 0o755);
    expect(ok(["project", "trust", project])).toMatchObject({
      path: project,
      owners: [EVE],
      idempotent: false,
    });
    expect(ok(["project", "trust"], { cwd: project }).idempotent).toBe(true);
    expect(ok(["issue", "list"]).total).toBe(1);
    expect(ok(["issue", "list"], { cwd: join(project, "below") }).total).toBe(1);
    expect(ok(["--project", project, "issue", "list"], { cwd: base }).total).toBe(1);
    expect(ok(["project", "trust", "--list"]).projects).toEqual([
      { path: project, owners: [EVE], group: null },
    ]);
    expect(ok(["project", "trust", "--remove", project]).trusted).toBe(false);
    expect(mai(["issue", "list"]).json.error).toBe("PERMISSION_DENIED");
    expect(ok(["project", "trust", "--list"]).total).toBe(0);
  });

  test("is refused again when it has another owner than the one who was trusted", () => {
    ok(["project", "trust", project]);
    chownSync(join(project, ".mai"), EVE + 100, EVE);
    expect(mai(["issue", "list"]).json).toMatchObject({
      error: "PERMISSION_DENIED",
      owner: { uid: EVE + 100 },
    });
  });

  test("is used where MAI_TRUST names it, or any", () => {
    chmodSync(join(project, ".mai"), 0o755);
    for (const value of [project, `/nowhere:${project}`, ".", "*"])
      expect(ok(["issue", "list"], { env: { MAI_TRUST: value } }).total).toBe(1);
    for (const value of ["", "/nowhere", open, `${project}2`])
      expect(mai(["issue", "list"], { env: { MAI_TRUST: value } }).json.error).toBe("PERMISSION_DENIED");
  });

  test("is refused where a directory between it and the current one is somebody else's", () => {
    chownSync(project, VICTIM, VICTIM);
    Bun.spawnSync(["chown", "-R", `${VICTIM}:${VICTIM}`, join(project, ".mai"), join(project, "async")]);
    chownSync(join(project, "below"), EVE, EVE);
    expect(ok(["issue", "list"]).total).toBe(1);
    expect(mai(["issue", "list"], { cwd: join(project, "below") }).json.path).toBe(join(project, "below"));
    ok(["project", "trust"], { cwd: join(project, "below") });
    expect(ok(["issue", "list"], { cwd: join(project, "below") }).total).toBe(1);
  });
});

describe("who may exchange a directory", () => {
  const of = (user: number, ...paths: readonly string[]) =>
    void Bun.spawnSync(["chown", "-hR", `${user}:${user}`, ...paths.map((path) => join(project, path))]);

  test("a link in place of .mai that leads nowhere yet is its maker's", () => {
    chownSync(project, VICTIM, VICTIM);
    rmSync(join(project, ".mai"), { recursive: true });
    symlinkSync(join(open, "later"), join(project, ".mai"));
    of(EVE, ".mai");
    expect(mai(["status"]).json).toMatchObject({ error: "PERMISSION_DENIED", owner: { uid: EVE } });
  });

  test("async of somebody else is refused as .mai is, also where it is a link", () => {
    of(VICTIM, ".");
    expect(ok(["issue", "list"]).total).toBe(1);
    of(EVE, "async");
    expect(mai(["issue", "list"]).json).toMatchObject({
      error: "PERMISSION_DENIED",
      path: join(project, "async"),
    });
    rmSync(join(project, "async"), { recursive: true });
    symlinkSync(join(base, `home-${EVE}`), join(project, "async"));
    of(VICTIM, "async");
    expect(mai(["issue", "list"]).json.error).toBe("PERMISSION_DENIED");
  });

  test.each([
    ["0777", ".mai"],
    ["1777", ".mai"],
    ["1777", ".mai/journal"],
    ["1777", ".mai/queues/questions"],
    ["0777", "async"],
  ])(
    "a directory of mode %s in the place of %s is not written to, and its record not finished",
    (mode, path) => {
      of(VICTIM, ".");
      chmodSync(join(project, path), Number.parseInt(mode, 8));
      writeFileSync(join(project, ".mai/journal/commit.json"), "{}\n");
      const refused = mai(["issue", "amend", "REQ-001", "seen"]).json;
      if (path !== ".mai/queues/questions" && path !== "async") {
        expect(ok(["issue", "list"]).total).toBe(1);
        expect(readFileSync(join(project, ".mai/journal/commit.json"), "utf8")).toBe("{}\n");
      }
      expect(refused).toMatchObject({ error: "PERMISSION_DENIED", path });
      expect(refused.hint).toStartWith(`chmod o-w ${join(project, path)}`);
      expect(mai(["doctor"]).json.findings).toContainEqual(
        expect.objectContaining({ code: "open_to_all", severity: "error", path }),
      );
    },
  );
});

describe("a path with a symbolic link in it", () => {
  test("means the same project to trust, MAI_TRUST and --project", () => {
    chmodSync(join(project, ".mai"), 0o755);
    const link = join(base, `link-${count}`);
    symlinkSync(open, link);
    const typed = join(link, `project-${count}`);
    expect(ok(["issue", "list"], { env: { MAI_TRUST: typed } }).total).toBe(1);
    expect(ok(["project", "trust", typed]).path).toBe(project);
    expect(ok(["issue", "list"]).total).toBe(1);
    expect(ok(["--project", typed, "issue", "list"], { cwd: base }).total).toBe(1);
    ok(["project", "trust", "--remove", typed]);
    expect(mai(["issue", "list"]).json.error).toBe("PERMISSION_DENIED");
  });
});

describe("trust is kept in a home", () => {
  test("that is the user's own: a home of somebody else says nothing", () => {
    const home = join(base, `home-${EVE}`);
    ok(["project", "trust", "/"], { user: EVE, cwd: base });
    Bun.spawnSync([
      ...["sh", "-c", 'printf "%s" "$1" > "$2"; chmod 755 "$3"; chmod 644 "$2"', "sh"],
      JSON.stringify({ projects: [{ path: project, owners: [EVE], group: null }] }),
      ...[join(home, ".mai-cli/trusted.json"), join(home, ".mai-cli")],
    ]);
    expect(mai(["issue", "list"], { user: 0, env: { HOME: home } }).json.error).toBe("PERMISSION_DENIED");
    expect(mai(["project", "trust", "."], { user: 0, env: { HOME: home } }).json).toMatchObject({
      error: "PERMISSION_DENIED",
      hint: expect.stringContaining("MAI_HOME=DIRECTORY"),
    });
  });

  test("for a setgid team directory of the user's group: whatever member makes directories there", () => {
    for (const name of ["", ".mai", "below"]) {
      chownSync(join(project, name), EVE, TEAM);
      chmodSync(join(project, name), 0o2770);
    }
    const asked = { groups: [TEAM] };
    expect(mai(["project", "trust", "."], asked).json).toMatchObject({ owners: [EVE], group: TEAM });
    chownSync(join(project, "below"), EVE + 100, TEAM);
    expect(mai(["issue", "list"], { ...asked, cwd: join(project, "below") }).json.error).not.toBe(
      "PERMISSION_DENIED",
    );
    chmodSync(join(project, "below"), 0o777);
    expect(mai(["issue", "list"], { ...asked, cwd: join(project, "below") }).json.error).toBe(
      "PERMISSION_DENIED",
    );
  });
});
