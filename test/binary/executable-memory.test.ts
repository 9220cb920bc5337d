import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCK_EX } from "../../src/store/lock/flock-operations.ts";
import { openLibc } from "../../src/store/lock/libc.ts";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
requireTool("python3", "python3");
requireTool("gcc", "gcc");
requireTool("flock", "util-linux");

let box = "";
beforeEach(() => {
  box = mkdtempSync(join(tmpdir(), "mai-memory-"));
});
afterEach(() => rmSync(box, { recursive: true, force: true }));

/** PR_SET_MDWE, as systemd's MemoryDenyWriteExecute= has it: mappings never become executable. */
const DENY_WRITE_EXECUTE =
  "import ctypes,os,sys\n" +
  "if ctypes.CDLL(None).prctl(65,1,0,0,0): sys.exit('prctl: kernel 6.3 or later is needed')\n" +
  "os.execv(sys.argv[1],sys.argv[1:])";

/** Ways to a process that may not make executable memory. */
const WAYS = {
  "without JIT": { under: ["env", "BUN_JSC_useJIT=0"] },
  "under MemoryDenyWriteExecute": { under: ["python3", "-c", DENY_WRITE_EXECUTE] },
  "under a small ulimit -v": { under: ["sh", "-c", 'ulimit -v 500000; exec "$@"', "sh"] },
};

function mai(under: readonly string[], argv: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawnSync([...under, MAI, ...argv], {
    cwd: box,
    env: { PATH: process.env.PATH ?? "", HOME: join(box, "home"), AGENT_NAME: "root", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return { code: child.exitCode, text: child.stdout.toString() + child.stderr.toString() };
}

for (const [name, { under }] of Object.entries(WAYS)) {
  test(`${name} mai reads and writes, and doctor says what is slow and exits 1`, () => {
    expect(mai(under, ["init"])).toMatchObject({ code: 0 });
    expect(mai(under, ["issue", "new", "questions", "One"])).toMatchObject({ code: 0 });
    expect(mai(under, ["issue", "list"]).text).toContain("REQ-001");
    const doctor = mai(under, ["doctor"]);
    expect(doctor.code).toBe(1);
    expect(doctor.text).toContain("no_executable_memory");
    expect(doctor.text).toContain("MemoryDenyWriteExecute");
    expect(mai([], ["doctor"])).toMatchObject({ code: 0 });
  });

  test(`${name} nobody gets a lock that another process holds`, () => {
    mai([], ["init"]);
    const held = openSync(join(box, ".mai/config.json"), "r+");
    expect(openLibc().tryFlock(held, LOCK_EX)).toBe(true);
    expect(mai(under, ["selftest", "flock"])).toMatchObject({ code: 75 });
    closeSync(held);
    expect(mai(under, ["selftest", "flock"])).toMatchObject({ code: 0 });
  });
}

test("no library of the current directory or of LD_LIBRARY_PATH is loaded", () => {
  writeFileSync(
    join(box, "bait.c"),
    '#include <fcntl.h>\n__attribute__((constructor)) static void f(void) { creat("LOADED", 0600); }\n',
  );
  for (const name of ["libc.so", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"])
    Bun.spawnSync(["gcc", "-shared", "-fPIC", "-o", name, "bait.c"], { cwd: box });
  expect(existsSync(join(box, "libc.so"))).toBe(true);
  for (const { under } of [{ under: [] }, ...Object.values(WAYS)]) {
    mai(under, ["init"], { LD_LIBRARY_PATH: box });
    mai(under, ["issue", "new", "questions", "One"], { LD_LIBRARY_PATH: box });
  }
  expect(existsSync(join(box, "LOADED"))).toBe(false);
});
