import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generateProject, type ProjectSize, writeIssue } from "./generate-project.ts";
import { PhysicalLimit } from "./physical-limit.ts";
import type { Programs } from "./programs.ts";
import { processSubject, type Start, type Subject } from "./subject.ts";

/** Name of the subject that all others are compared with. */
export const FLOOR = "empty program";
/** Name of the loop that a claim is compared with. */
export const LIMIT = "flock, writes and fsyncs of a claim";

/** What the subjects are made from. */
export interface Bench {
  readonly programs: Programs;
  /** A directory of this bench alone. */
  readonly scratch: string;
  /** Numbers of finished issues that claim and check are measured with, beside 100. */
  readonly large: readonly number[];
}

/** Returns the subjects that are `mai` itself, the floor first. */
export function maiSubjects(bench: Bench): readonly Subject[] {
  const { empty, mai } = bench.programs;
  const small = project(bench, "small", { issues: 100 });
  const env = environment(bench);
  const limit = new PhysicalLimit(join(bench.scratch, "limit"));
  const run = (...argv: readonly string[]) => ({ argv: [mai, ...argv], cwd: small, env });
  return [
    processSubject({ name: FLOOR }, () => ({ argv: [empty], cwd: small, env })),
    processSubject({ name: "mai --version", target: { ratio: 1.3, to: FLOOR } }, () => run("--version")),
    processSubject({ name: "mai --help" }, () => run("--help")),
    processSubject({ name: "completing an issue's id" }, () =>
      run("complete-words", "--", "mai", "issue", "claim", "REQ-0"),
    ),
    processSubject({ name: "mai isue (a wrong line)", failing: true }, () => run("isue")),
    processSubject({ name: "mai issue show", target: { ratio: 2, to: FLOOR } }, () =>
      run("issue", "show", "REQ-050"),
    ),
    processSubject({ name: "mai queue check, 100 issues", target: { ratio: 2, to: FLOOR } }, () =>
      run("queue", "check"),
    ),
    ...writeSubjects({ root: project(bench, "writes", { issues: 100 }), mai, env }),
    { name: LIMIT, time: () => limit.once() },
    ...listSubjects(bench, mai, env),
    ...bench.large.flatMap((issues) => largeSubjects(bench, issues)),
  ];
}

/** The changes; each round has an issue that nobody has touched yet. */
function writeSubjects(place: { root: string; mai: string; env: Start["env"] }): readonly Subject[] {
  const { root, mai, env } = place;
  const target = { ratio: 3, to: FLOOR };
  const run = (...argv: readonly string[]) => ({ argv: [mai, ...argv, "-o", "alice"], cwd: root, env });
  return [
    processSubject({ name: "mai issue new", target }, () =>
      run("issue", "new", "questions", "Look into another case"),
    ),
    claimSubject("mai issue claim", place, { first: 1, target }),
    processSubject({ name: "mai issue amend", target }, (round) =>
      run("issue", "amend", idOf(51 + (round % 50)), `seen it again, ${round}`),
    ),
  ];
}

function claimSubject(
  name: string,
  place: { root: string; mai: string; env: Start["env"] },
  facts: { readonly first: number; readonly target?: Subject["target"] },
): Subject {
  const { root, mai, env } = place;
  const numberOf = (round: number) => facts.first + (round % 50);
  return processSubject(
    { name, ...(facts.target === undefined ? {} : { target: facts.target }) },
    (round) => ({ argv: [mai, "issue", "claim", idOf(numberOf(round)), "-o", "alice"], cwd: root, env }),
    (round) => {
      const id = writeIssue(root, numberOf(round), "OPEN");
      rmSync(`${root}/.mai/locks/${id}.lock`, { force: true });
      rmSync(`${root}/.mai/processing/${id}.md`, { force: true });
    },
  );
}

function listSubjects(bench: Bench, mai: string, env: Start["env"]): readonly Subject[] {
  const cwd = project(bench, "thousand", { issues: 1000 });
  const list = ["issue", "list", "--limit", "1000"];
  return [
    processSubject({ name: "mai issue list, 1,000 issues" }, () => ({ argv: [mai, ...list], cwd, env })),
    processSubject({ name: "mai --json issue list, 1,000 issues" }, () => ({
      argv: [mai, "--json", ...list],
      cwd,
      env,
    })),
  ];
}

/** Claim, check and lists where much work is finished and 100 issues are not. */
function largeSubjects(bench: Bench, issues: number): readonly Subject[] {
  const root = project(bench, `large-${issues}`, { issues, unfinished: 100 });
  const env = environment(bench);
  const { mai } = bench.programs;
  const size = `${issues.toLocaleString("en")} issues`;
  const first = issues - 99;
  const claim = { ratio: 1.2, to: "mai issue claim" };
  const check = { ratio: 2, to: "mai queue check, 100 issues" };
  const run = (...argv: readonly string[]) => ({ argv: [mai, ...argv], cwd: root, env });
  return [
    claimSubject(`mai issue claim, ${size}`, { root, mai, env }, { first, target: claim }),
    processSubject({ name: `mai queue check, ${size}`, target: check }, () => run("queue", "check")),
    processSubject({ name: `mai issue list of ${size}` }, () => run("issue", "list")),
    processSubject({ name: `mai issue list --search in ${size}` }, () =>
      run("issue", "list", "--search", "in no issue"),
    ),
    processSubject(
      { name: `mai queue check, ${size}, no cache` },
      () => run("queue", "check"),
      () => rmSync(`${root}/.mai/cache`, { recursive: true, force: true }),
    ),
  ];
}

function project(bench: Bench, name: string, size: ProjectSize): string {
  const root = join(bench.scratch, name);
  mkdirSync(root);
  generateProject(root, size);
  return root;
}

/** Returns what every timed process sees of the environment: a home of its own, and nothing of the user's. */
export function environment(bench: Pick<Bench, "scratch">): Readonly<Record<string, string>> {
  const home = join(bench.scratch, "home");
  mkdirSync(home, { recursive: true });
  return { HOME: home, PATH: process.env.PATH ?? "/usr/bin:/bin", TZ: "UTC" };
}

function idOf(number: number): string {
  return `REQ-${String(number).padStart(3, "0")}`;
}
