import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryProject, type Ended } from "../support/binary.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { numbers, parseEvents } from "../support/work.ts";

const HOURS_AGO_S = 10 * 3600;
const DELETE_EVERY_MS = 20;
/** What a crowd came to: how many processes, and what was wrong. */
export interface CrowdResult {
  readonly processes: number;
  readonly bad: readonly string[];
}

/**
 * Rounds of claimers who race for one issue whose lease went stale, with guardians among them and the mutex file
 * deleted again and again. In each one claimer wins, tokens grow, and the stream tells of the expiry and of one claim.
 */
export async function takeOver(
  size: { readonly rounds: number; readonly claimers: number; readonly guardians: number },
  binary?: string,
): Promise<CrowdResult> {
  const project = await teamOf(size.claimers);
  await project.ok("issue", "new", "questions", "One", "-o", "admin");
  await project.ok("issue", "claim", "REQ-001", "-o", "a0", "--session", "dead");
  const start = binary === undefined ? {} : { binary };
  const deleting = setInterval(
    () => rmSync(join(project.root, ".mai/mutex"), { force: true }),
    DELETE_EVERY_MS,
  );
  const bad: string[] = [];
  let fence = 1;
  for (const round of numbers(1, size.rounds)) {
    const past = Date.now() / 1000 - HOURS_AGO_S;
    utimesSync(join(project.root, ".mai/locks/REQ-001.lock"), past, past);
    const claims = numbers(0, size.claimers - 1).map((who) =>
      project.run(["--json", "issue", "claim", "REQ-001", "-o", `a${who}`, "--session", `r${round}`], start),
    );
    const guardians = numbers(1, size.guardians).map(() => project.run(["lock", "guardian"], start));
    const [ended, tidied] = await Promise.all([Promise.all(claims), Promise.all(guardians)]);
    const won = ended.filter(({ code }) => code === 0);
    const refused = ended.filter(({ code }) => code === 2);
    if (won.length !== 1 || refused.length !== size.claimers - 1)
      bad.push(`round ${round}: ${won.length} won, ${refused.length} were refused`);
    if (tidied.some(({ code }) => code !== 0)) bad.push(`round ${round}: a guardian failed`);
    const token = Number(/"fence":(\d+)/.exec(won[0]?.stdout ?? "")?.[1]);
    if (!(token > fence)) bad.push(`round ${round}: the token ${token} is not above ${fence}`);
    fence = token;
  }
  clearInterval(deleting);
  bad.push(...(await streamFaults(project, size.rounds)));
  project.remove();
  return { processes: size.rounds * (size.claimers + size.guardians), bad };
}

async function streamFaults(project: BinaryProject, rounds: number): Promise<readonly string[]> {
  const events = parseEvents((await project.run(["--json", "events"])).stdout);
  const order = events.map(({ type }) => type).filter((type) => /claimed|expired|released/.test(type));
  const expected = ["issue.claimed", ...numbers(1, rounds).flatMap(() => ["lease.expired", "issue.claimed"])];
  return [
    ...(order.join() === expected.join() ? [] : [`the stream tells ${order.join()}`]),
    ...(events.every(({ seq }, index) => seq === index + 1) ? [] : ["the stream has gaps"]),
  ];
}

/** Names of the teams of {@link everything}, two digits so that they sort. */
const each = (count: number) => numbers(10, 9 + count);

/**
 * Lets everything that is not an issue change at once: summaries, agents, queues, settings, projects that come and go
 * in one registry; and says what of it is missing afterwards.
 */
export async function everything(count: number, binary?: string): Promise<CrowdResult> {
  const project = await teamOf(count);
  await project.ok("daily-summary", "trigger", "-o", "admin");
  for (const n of each(count)) {
    mkdirSync(join(project.base, `new${n}`));
    mkdirSync(join(project.base, `old${n}`));
    await project.ok("project", "init", `../old${n}`, "-o", "admin");
    writeFileSync(join(project.root, `t${n}.toml`), `[queues.toml${n}]\nowner = "admin"\n`);
  }
  const lines = each(count).flatMap((n) => [
    ["daily-summary", "write", `a${n - 10}`, `day of ${n}`],
    ["agent", "add", `late${n}`, "-o", "admin"],
    ["queue", "create", `queue${n}`, "--owner", "admin", "-o", "admin"],
    ["config", "apply", `t${n}.toml`, "-o", "admin"],
    ["project", "init", `../new${n}`, "-o", "admin"],
    ["project", "delete", `../old${n}`, "--yes", "-o", "admin"],
    ["issue", "new", "questions", `Issue ${n}`, "-o", "admin"],
    ["log", "write", "admin", "note", `note ${n}`],
  ]);
  const start = binary === undefined ? {} : { binary };
  const ended = await Promise.all(lines.map((line) => project.run(line, start)));
  const bad = [...failures(lines, ended), ...missing(project, count)];
  project.remove();
  return { processes: lines.length, bad };
}

function failures(lines: readonly (readonly string[])[], ended: readonly Ended[]): readonly string[] {
  return ended.flatMap(({ code, stderr }, index) =>
    code === 0 && stderr === "" ? [] : [`${lines[index]?.join(" ")}: ${code} ${stderr}`],
  );
}

function missing(project: BinaryProject, count: number): readonly string[] {
  const files = snapshotOf(project.root, { modes: false });
  const read = (path: string) => files.get(path) ?? "";
  const config = read(".mai/config.json");
  const lines = (pattern: RegExp) => [...files].flatMap(([path, text]) => (pattern.test(path) ? text : ""));
  const history = lines(/^\.mai\/history\/.*\.log$/).join("");
  const registry = readFileSync(join(project.base, "home/.mai-cli/registry.json"), "utf8");
  const seqs = [
    ...lines(/^\.mai\/events\//)
      .join("")
      .matchAll(/"seq":(\d+)/g),
  ].map(([, seq]) => Number(seq));
  const facts = each(count).flatMap((n): readonly (readonly [what: string, holds: boolean])[] => [
    [`summary ${n}`, history.includes(`[A${n - 10}] [summary_write]`)],
    [`agent late${n}`, config.includes(`"late${n}": {\n      "heartbeat_minutes"`)],
    [`queue${n}`, config.includes(`"queue${n}"`)],
    [`settings toml${n}`, config.includes(`"toml${n}"`)],
    [`project new${n}`, readdirSync(join(project.base, `new${n}`)).includes(".mai")],
    [`new${n} in the registry`, registry.includes(`/new${n}"`)],
    // A deleted project leaves its backup.
    [`no project old${n}`, !readdirSync(join(project.base, `old${n}`)).includes(".mai")],
    [`no old${n} in the registry`, !registry.includes(`/old${n}"`)],
    [`issue ${n}`, files.has(`.mai/queues/questions/REQ-0${n - 9 < 10 ? "0" : ""}${n - 9}.md`)],
    [`note ${n}`, history.includes(`note ${n}`)],
    [`the mirror of the settings`, config === read("async/config.json")],
    ["every number of the stream", seqs.every((seq, index) => seq === index + 1)],
  ]);
  return [...new Set(facts.filter(([, holds]) => !holds).map(([what]) => `lost: ${what}`))];
}

/** Makes a project with so many agents, a0 and on, by the sound program. */
async function teamOf(agents: number): Promise<BinaryProject> {
  const steps = numbers(0, agents - 1).map((who) => ["agent", "add", `a${who}`, "-o", "admin"]);
  return BinaryProject.after([["init", "-o", "admin"], ...steps]);
}
