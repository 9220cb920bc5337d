import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BinaryProject, MAI, requireBinary } from "../support/binary.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { eventsOf, numbers, parseEvents, projectWithWork, untilCaught, untilThere } from "../support/work.ts";

const TIMEOUT_MS = 120_000;
const HOLD = ".mai/locks/REQ-001.hold";
/** Longest that anything here waits for a change that happened: generous, since the machine may be busy. */
const SOON_S = 20;

let project: BinaryProject | null = null;
beforeAll(requireBinary);
afterAll(removeVariants);
afterEach(() => {
  project?.remove();
  project = null;
});

async function withWork(size: { workers: number; issues: number }): Promise<BinaryProject> {
  project = await projectWithWork(size);
  return project;
}

/** Lets 32 agents ask for work at once. @returns exit statuses and the issues they got */
async function rush(binary?: string): Promise<{ codes: readonly (number | null)[]; got: readonly string[] }> {
  const team = await withWork({ workers: 32, issues: 100 });
  const start = binary === undefined ? {} : { binary };
  const ended = await Promise.all(
    numbers(0, 31).map((worker) => team.run(["--json", "next", "-o", `w${worker}`], start)),
  );
  return {
    codes: ended.map(({ code }) => code),
    got: ended.map(({ stdout }) => `${JSON.parse(stdout).issue_id}`),
  };
}

describe("mai next", () => {
  test(
    "32 agents ask at once: the 32 most urgent of 100 issues go to one each, and nobody gets an error",
    async () => {
      const { codes, got } = await rush();
      expect(codes).toEqual(numbers(0, 31).map(() => 0));
      expect([...got].sort()).toEqual(numbers(1, 32).map((n) => `REQ-${String(n).padStart(3, "0")}`));
    },
    TIMEOUT_MS,
  );

  test(
    "a program that chooses before it has the mutex gives issues twice, or errors",
    async () => {
      const { codes, got } = await rush(await variant("next-outside-the-mutex"));
      expect(codes.some((code) => code !== 0) || new Set(got).size < 32).toBe(true);
    },
    TIMEOUT_MS,
  );
});

/** Kills mai with SIGKILL while its command goes on. @returns how a claim by another agent ends then */
async function claimAfterKill(binary: string): Promise<{ claim: number | null; late: number | null }> {
  const team = await withWork({ workers: 2, issues: 1 });
  const script = `echo $$ > pid; while [ ! -e go ]; do sleep 0.05; done; ${MAI} issue amend REQ-001 late; echo $? > late`;
  let runner: Bun.Subprocess | null = null;
  const running = team.run(["issue", "run", "REQ-001", "-o", "w0", "--", "sh", "-c", script], {
    binary,
    started: (child) => {
      runner = child;
    },
  });
  await untilThere(team, "pid");
  (runner as Bun.Subprocess | null)?.kill("SIGKILL");
  await (runner as Bun.Subprocess | null)?.exited;
  const { code: claim } = await team.run(["issue", "claim", "REQ-001", "-o", "w1"]);
  await Bun.write(join(team.root, "go"), "");
  await running;
  await untilThere(team, "late");
  let late = "";
  while (late === "") late = readFileSync(join(team.root, "late"), "utf8").trim();
  return { claim, late: Number(late) };
}

/** Starts two runners of one agent on one issue. @returns whether both of their commands ran at once */
async function ranTwice(binary: string): Promise<boolean> {
  const team = await withWork({ workers: 1, issues: 1 });
  const runner = (name: string) =>
    team.run(
      ...([
        [
          "issue",
          "run",
          "REQ-001",
          "-o",
          "w0",
          "--",
          "sh",
          "-c",
          `touch ${name}; while [ ! -e go ]; do sleep 0.05; done`,
        ],
        { binary },
      ] as const),
    );
  const first = runner("first");
  await untilThere(team, "first");
  const second = runner("second");
  const both = await Promise.race([second.then(() => false), untilThere(team, "second").then(() => true)]);
  await Bun.write(join(team.root, "go"), "");
  await Promise.all([first, second]);
  return both;
}

describe("mai issue run", () => {
  test(
    "killed, it leaves an issue that can be claimed at once, and its command is refused by its fence",
    async () => {
      expect(await claimAfterKill(MAI)).toEqual({ claim: 0, late: 1 });
    },
    TIMEOUT_MS,
  );

  test(
    "a program whose command inherits the lock keeps the issue from others",
    async () => {
      expect((await claimAfterKill(await variant("hold-inherited"))).claim).toBe(2);
    },
    TIMEOUT_MS,
  );

  test(
    "ends when its command has ended and its output is there, not when the wait for that is over",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const binary = await variant("patient-with-output");
      const line = ["issue", "run", "REQ-001", "-o", "w0"];
      expect((await team.run([...line, "--", "true"], { binary })).code).toBe(0);
      const told = await team.run([...line, "--on-failure", "block", "--", "sh", "-c", "echo no; exit 3"], {
        binary,
      });
      expect(told).toMatchObject({ code: 3, stdout: expect.stringContaining("no") });
    },
    TIMEOUT_MS,
  );

  test.each([
    ["issue run", ["run", "REQ-001", "-o", "admin", "--on-success", "complete", "--", "sh", "-c"], ""],
    ["a completion", ["complete", "REQ-001", "done", "-o", "admin", "--evidence"], "cmd:"],
  ] as const)(
    "%s ends although something left running holds the output of its command",
    async (_, line, before) => {
      const team = await withWork({ workers: 0, issues: 1 });
      const script = "while [ ! -e go ]; do sleep 0.05; done & echo $! > left; echo hi";
      expect(await team.run(["issue", ...line, `${before}${script}`])).toMatchObject({ code: 0 });
      // It was left alone, and is waited for by nobody.
      process.kill(Number(await untilThere(team, "left")), 0);
      await Bun.write(join(team.root, "go"), "");
    },
    TIMEOUT_MS,
  );

  test(
    "two runners of one agent: the second is refused while the first runs",
    async () => {
      expect(await ranTwice(MAI)).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    "a program that does not lock the hold file lets both run",
    async () => {
      expect(await ranTwice(await variant("hold-not-locked"))).toBe(true);
    },
    TIMEOUT_MS,
  );

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
    "%s goes to the command, whose answer to it counts",
    async (signal) => {
      const team = await withWork({ workers: 1, issues: 1 });
      const name = signal.slice(3);
      const script = `trap 'echo caught; exit 42' ${name}; touch ready; while :; do sleep 0.05; done`;
      let runner: Bun.Subprocess | null = null;
      const running = team.run(["issue", "run", "REQ-001", "-o", "w0", "--", "sh", "-c", script], {
        started: (child) => {
          runner = child;
        },
      });
      await untilThere(team, "ready");
      (runner as Bun.Subprocess | null)?.kill(signal);
      expect(await running).toMatchObject({ code: 42, stdout: "caught\n" });
      expect(readFileSync(join(team.root, ".mai/locks/REQ-001.lock"), "utf8")).not.toContain("hold");
    },
    TIMEOUT_MS,
  );

  test(
    "the output of the command is its own, byte for byte, teed or not; in JSON it goes to standard error",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const line = ["issue", "run", "REQ-001", "-o", "w0"];
      const command = ["--", "sh", "-c", "printf '\\377\\000x'; printf e >&2"];
      const odd = Buffer.from([0xff, 0, 0x78]).toString();
      expect(await team.run([...line, ...command])).toMatchObject({ code: 0, stdout: odd, stderr: "e" });
      const teed = await team.run([...line, "--on-failure", "block", ...command]);
      expect(teed).toMatchObject({ code: 0, stdout: odd, stderr: "e" });
      const json = await team.run(["--json", ...line, ...command]);
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, exit_code: 0 });
      expect(json.stderr).toContain("x");
    },
    TIMEOUT_MS,
  );

  test(
    "no file of mai is open in the command",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const command = ["--", "sh", "-c", "ls -l /proc/$$/fd; cat /proc/locks"];
      const { stdout } = await team.ok("issue", "run", "REQ-001", "-o", "w0", ...command);
      expect(stdout).toContain(" 0 -> ");
      expect(stdout).not.toContain(team.root);
    },
    TIMEOUT_MS,
  );
});

describe("mai wait", () => {
  test(
    "wakes when the process that holds an issue dies",
    async () => {
      const team = await withWork({ workers: 2, issues: 1 });
      let runner: Bun.Subprocess | null = null;
      const command = ["sh", "-c", "while [ ! -e go ]; do sleep 0.05; done"];
      const running = team.run(["issue", "run", "REQ-001", "-o", "w0", "--", ...command], {
        started: (child) => {
          runner = child;
        },
      });
      await untilThere(team, HOLD);
      const waiting = team.run(["wait", "--timeout", `${SOON_S}s`]);
      await Bun.sleep(100);
      (runner as Bun.Subprocess | null)?.kill("SIGKILL");
      expect(await waiting).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("REQ-001 can be claimed"),
      });
      // The command outlives the mai that was killed, and keeps its output open until it may end.
      await Bun.write(join(team.root, "go"), "");
      await running;
    },
    TIMEOUT_MS,
  );

  test(
    "wakes for each of eight waiting processes when the issue comes into the state",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const line = ["wait", "--issue", "REQ-001", "--until", "COMPLETED", "--timeout", `${SOON_S}s`];
      const waiting = numbers(1, 8).map(() => team.run(line));
      await Bun.sleep(100);
      await team.ok("issue", "complete", "REQ-001", "done", "-o", "admin");
      expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(numbers(1, 8).map(() => 0));
    },
    TIMEOUT_MS,
  );

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 130],
  ] as const)("%s ends it with %d", async (signal, status) => {
    const team = await withWork({ workers: 1, issues: 0 });
    const ended = await team.run(["--json", "wait"], {
      started: (child) => void untilCaught(child, signal).then(() => child.kill(signal)),
    });
    expect(ended.code).toBe(status);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: "INTERRUPTED", exit_code: 130 });
  });
});

describe("mai events", () => {
  /** 32 processes write while one consumer reads, stops, and comes back with its last number. */
  async function readInPieces(binary: string): Promise<readonly number[]> {
    const team = await withWork({ workers: 1, issues: 1 });
    const writers = numbers(1, 32).map((n) =>
      team.run(["issue", "amend", "REQ-001", `remark ${n}`, "-o", "w0"]),
    );
    const done = Promise.all(writers).then(() => true);
    const seen: number[] = [];
    for (let finished = false; ; ) {
      const argv = ["--json", "events", "--since", `${seen.at(-1) ?? 0}`, "--limit", "3"];
      const { stdout } = await team.run(argv, { binary });
      const events = parseEvents(stdout);
      seen.push(...events.map(({ seq }) => seq));
      if (finished && events.length === 0) return seen;
      finished = await Promise.race([done, Bun.sleep(0).then(() => false)]);
    }
  }

  test(
    "a consumer that stops and comes back with its last number misses none and repeats none while 32 processes write",
    async () => {
      expect(await readInPieces(MAI)).toEqual([...numbers(1, 4 + 32)]);
    },
    TIMEOUT_MS,
  );

  test(
    "one that follows gets each of them once, in order",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const following = team.run(["--json", "events", "--since", "4", "--limit", "32", "--follow"]);
      await Promise.all(
        numbers(1, 32).map((n) => team.run(["issue", "amend", "REQ-001", `remark ${n}`, "-o", "w0"])),
      );
      expect(parseEvents((await following).stdout).map(({ seq }) => seq)).toEqual([...numbers(5, 36)]);
    },
    TIMEOUT_MS,
  );

  /** Puts the first two events into the file of another day, and a line behind the last one that nobody committed. */
  async function readAcrossDays(binary: string): Promise<readonly number[]> {
    const team = await withWork({ workers: 1, issues: 1 });
    const [newest = ""] = readdirSync(join(team.root, ".mai/events")).toSorted().reverse();
    const today = join(team.root, ".mai/events", newest);
    const lines = readFileSync(today, "utf8").trimEnd().split("\n");
    writeFileSync(join(team.root, ".mai/events/2026-01-01.jsonl"), `${lines.slice(0, 2).join("\n")}\n`);
    writeFileSync(today, `${[...lines.slice(2), lines.at(-1)?.replace(/\d+/, "5")].join("\n")}\n`);
    return parseEvents((await team.run(["--json", "events"], { binary })).stdout).map(({ seq }) => seq);
  }

  test(
    "prints the events of all days, and none that is not committed",
    async () => {
      expect(await readAcrossDays(MAI)).toEqual([1, 2, 3, 4]);
    },
    TIMEOUT_MS,
  );

  test(
    "a program that reads only the newest day, or what is not committed, does not",
    async () => {
      expect(await readAcrossDays(await variant("events-lost-at-midnight"))).not.toEqual([1, 2, 3, 4]);
      expect(await readAcrossDays(await variant("uncommitted-events"))).not.toEqual([1, 2, 3, 4]);
    },
    TIMEOUT_MS,
  );

  test(
    "a reader that goes away ends --follow quietly",
    async () => {
      const team = await withWork({ workers: 1, issues: 1 });
      const script = `${MAI} events --follow 2>err | head -1 >line; echo "\${PIPESTATUS[0]}" >status`;
      const shell = Bun.spawn(["bash", "-c", script], { cwd: team.root, stdin: "ignore" });
      while (!existsSync(join(team.root, "status"))) {
        await team.ok("issue", "amend", "REQ-001", `remark ${Math.random()}`, "-o", "w0");
      }
      await shell.exited;
      expect(readFileSync(join(team.root, "status"), "utf8")).toBe("0\n");
      expect(readFileSync(join(team.root, "err"), "utf8")).toBe("");
      expect((await eventsOf(team, "--limit", "1"))[0]?.type).toBe("issue.amended");
      rmSync(join(team.root, "line"));
    },
    TIMEOUT_MS,
  );
});
