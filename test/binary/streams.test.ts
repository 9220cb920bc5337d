import { afterAll, beforeAll, expect, test } from "bun:test";
import { BinaryProject, MAI, requireTool } from "../support/binary.ts";

const ISSUES = 400;
let project: BinaryProject;

beforeAll(async () => {
  project = await BinaryProject.after([["init"], ["agent", "add", "alice"]]);
  for (let number = 0; number < ISSUES; number += 1) {
    await project.ok("issue", "new", "questions", `${number} ${"x".repeat(190)}`, "-o", "alice");
  }
}, 60_000);
afterAll(() => project.remove());

/** Runs a shell line in the project with the program as $MAI. */
function shell(line: string): { code: number; stdout: string; stderr: string } {
  const child = Bun.spawnSync(["bash", "-c", line], {
    cwd: project.root,
    env: { HOME: `${project.base}/home`, PATH: process.env.PATH ?? "", MAI },
    stdout: "pipe",
    stderr: "pipe",
  });
  return { code: child.exitCode, stdout: child.stdout.toString(), stderr: child.stderr.toString() };
}

const LIST = `"$MAI" --json issue list --limit 1000`;

test("an answer larger than a pipe arrives whole through a slow reader", () => {
  const { stdout } = shell(`${LIST} | (sleep 0.3; cat)`);
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(JSON.parse(stdout).issues).toHaveLength(ISSUES);
});

test("an answer larger than a pipe arrives whole through a non-blocking pipe", () => {
  requireTool("python3", "python3");
  const program = [
    "import os,subprocess,sys,time,fcntl",
    "r,w=os.pipe()",
    "fcntl.fcntl(w,fcntl.F_SETFL,fcntl.fcntl(w,fcntl.F_GETFL)|os.O_NONBLOCK)",
    "p=subprocess.Popen([os.environ['MAI'],'--json','issue','list','--limit','1000'],stdout=w)",
    "os.close(w); time.sleep(0.3)",
    "sys.stdout.buffer.write(b''.join(iter(lambda: os.read(r,3000),b''))); sys.exit(p.wait())",
  ].join("; ");
  const { code, stdout } = shell(`python3 -c "${program}"`);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).issues).toHaveLength(ISSUES);
});

test.each(["issue amend REQ-001 - -o alice", "batch - -o alice", "import csv - -o alice"])(
  "input that is more than anything takes is refused, and not read to its end: mai %s",
  (line) => {
    const { stdout, stderr } = shell(`head -c 300M /dev/zero | "$MAI" ${line}; echo "\${PIPESTATUS[*]}"`);
    expect(stderr).toContain("ERROR: Standard input has more than 64 MiB.");
    // Killed by SIGPIPE: nobody read on.
    expect(stdout).toBe("141 1\n");
  },
);

test("input up to that bound is read whole", () => {
  const { code, stderr } = shell(`head -c 64M /dev/zero | "$MAI" batch - -o alice`);
  expect(code).toBe(1);
  expect(stderr).toContain("at most 16,777,216 bytes");
});

test("a closed pipe ends a command quietly", () => {
  const { stdout, stderr } = shell(`${LIST} | head -c 10; echo "\${PIPESTATUS[0]}"`);
  expect([stdout.slice(10), stderr]).toEqual(["0\n", ""]);
});

test("a full output is an error for a reading, and none for a change that is committed", () => {
  expect(shell(`${LIST} > /dev/full`).code).toBe(74);
  const change = shell(`"$MAI" issue amend REQ-001 "kept although nobody hears of it" -o alice > /dev/full`);
  expect(change.code).toBe(0);
  expect(change.stderr).toContain(
    "WARNING: The answer could not be printed: write: no space left on the disk (ENOSPC).",
  );
  const json = shell(`"$MAI" --json issue amend REQ-001 "and again" -o alice > /dev/full`);
  expect(json.code).toBe(0);
  expect(shell(`"$MAI" issue show REQ-001`).stdout).toContain("kept although nobody hears of it");
});

test("a full output leaves a command that is run its status, and what follows it", () => {
  const run = shell(
    `"$MAI" issue run REQ-002 -o alice --on-failure block -- sh -c 'echo no; sleep 0.1; exit 3' > /dev/full`,
  );
  expect(run.code).toBe(3);
  expect(run.stderr).toStartWith(
    "WARNING: What the command says could not be passed on: write: no space left on the disk (ENOSPC).\n",
  );
  expect(shell(`"$MAI" issue show REQ-002`).stdout).toMatch(/BLOCKED[\s\S]*exit 3\n *no\n/);
});

test("the version into a full output is an error too", () => {
  expect(shell(`"$MAI" --version > /dev/full`)).toMatchObject({ code: 74 });
});

test("without standard streams a change is made all the same", () => {
  expect(shell(`"$MAI" issue amend REQ-002 "no streams" -o alice <&- >&- 2>&-`).code).toBe(0);
  expect(shell(`"$MAI" issue show REQ-002`).stdout).toContain("no streams");
});

test("a standard stream of which the system tells nothing, as of a stale NFS file, keeps nobody from working", async () => {
  requireTool("strace", "strace");
  for (const stream of [1, 2, 3]) {
    const inject = `inject=statx:error=ESTALE:when=${stream}`;
    const ended = await project.run(["issue", "show", "REQ-001"], {
      under: ["strace", "-f", "-o", "/dev/null", "-e", inject],
    });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  }
});

test("on a terminal JSON is indented and errors are coloured, elsewhere neither", () => {
  requireTool("script", "bsdutils");
  const onTerminal = (line: string, env = "") => shell(`${env} script -qec '${line}' /dev/null`).stdout;
  expect(onTerminal('"$MAI" --json agent list')).toContain('{\r\n  "ok": true');
  expect(onTerminal('"$MAI" issue show REQ-999')).toContain("\u001b[31mERROR\u001b[0m");
  expect(onTerminal('"$MAI" issue show REQ-999', "NO_COLOR=1")).not.toContain("\u001b[");
  expect(shell(`"$MAI" issue show REQ-999`).stderr).not.toContain("\u001b[");
  expect(shell(`FORCE_COLOR=1 "$MAI" issue show REQ-999`).stderr).toContain("\u001b[31m");
});

test("text output shows control characters written out", () => {
  shell(`"$MAI" issue amend REQ-003 $'red \\e[31m and \\xe2\\x80\\xae turned' -o alice`);
  const { stdout } = shell(`"$MAI" issue show REQ-003`);
  expect(stdout).toContain("red \\u{1b}[31m and \\u{202e} turned");
  const json = shell(`"$MAI" --json issue show REQ-003`).stdout;
  expect(json).toContain("red \\u001b[31m and \\u202e turned");
});

test("bytes that are no UTF-8 are refused, as an argument and as input, and a replacement character is a text", () => {
  const before = shell(`"$MAI" --json issue show REQ-002`).stdout;
  const argument = shell(`"$MAI" --json issue amend REQ-002 $'caf\\xe9' -o alice`);
  expect([argument.code, JSON.parse(argument.stdout).error, argument.stderr]).toEqual([64, "USAGE", ""]);
  const input = shell(`printf 'caf\\351' | "$MAI" --json issue amend REQ-002 - -o alice`);
  expect([input.code, JSON.parse(input.stdout).error, input.stderr]).toEqual([1, "INVALID_TEXT", ""]);
  expect(shell(`"$MAI" --json issue show REQ-002`).stdout).toBe(before);
  expect(shell(`"$MAI" issue amend REQ-002 "\u00e9 \ufffd" -o alice`).code).toBe(0);
  expect(shell(`"$MAI" issue status REQ-002`).stdout).toContain("é \ufffd");
});
