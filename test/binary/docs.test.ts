import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { COMMANDS, GROUPS } from "../../src/cli/commands.ts";
import { EXIT_CODES } from "../../src/domain/errors.ts";
import { answerFaults } from "../support/answer-check.ts";
import { requireBinary } from "../support/binary.ts";
import { commandLinesOf } from "../support/documents/command-lines.ts";
import { anchorsOf, linksOf } from "../support/documents/links.ts";
import { documents, playScene } from "../support/documents/play-scene.ts";
import { readScenes } from "../support/documents/scenes.ts";
import { Stage } from "../support/documents/stage.ts";

requireBinary();
const ROOT = resolve(import.meta.dir, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const stage = new Stage();
afterAll(() => stage.remove());

for (const path of pages().filter((page) => readScenes(read(page)).length > 0)) {
  describe(`the examples of ${path}`, () => {
    for (const scene of readScenes(read(path))) {
      test(`${scene.title}: every line prints what is shown, every JSON answer has what is shown and is as mai schema says`, () => {
        const seen = playScene(stage, scene);
        const wrong = seen.filter(({ problems }) => problems.length > 0);
        expect(wrong.map(({ what, problems }) => [what, ...problems].join("\n"))).toEqual([]);
        const answers = seen
          .filter(({ what }) => what.includes("mai --json "))
          .flatMap(({ real }) => documents(real));
        const words = scene.title.startsWith("mai ") ? scene.title.slice("mai ".length) : null;
        expect(answers.flatMap((answer) => answerFaults(answer, words))).toEqual([]);
      });
    }
  });
}

test("every command has its section in docs/commands.md, in the order of the help, with an example and a JSON answer", () => {
  const page = read("docs/commands.md");
  const headings = [...page.matchAll(/^### mai (.+)$/gm)].map(([, words]) => words);
  expect(headings).toEqual(Object.keys(COMMANDS));
  const scenes = readScenes(page).filter(({ title }) => title.startsWith("mai "));
  expect(scenes.map(({ title }) => title.slice("mai ".length))).toEqual(Object.keys(COMMANDS));
  for (const { title, steps } of scenes) {
    const consoles = steps.filter((step) => step.kind === "console");
    const lines = consoles.flatMap((step) => step.lines.map(({ command }) => command));
    expect([title, lines.some((line) => line.includes(title))]).toEqual([title, true]);
    expect([title, consoles.every((step) => step.answers.length > 0)]).toEqual([title, true]);
  }
});

test("the README shows the main job, each line of it run", () => {
  const lines = readScenes(read("README.md")).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "console" ? step.lines : [])),
  );
  expect(lines.map(({ command }) => command)).toContain("mai queue check --overdue");
  expect(lines).toHaveLength((read("README.md").match(/^\$ mai /gm) ?? []).length);
});

test("the table of exit codes has every error with its code", () => {
  const rows = [...read("docs/commands.md").matchAll(/^\| (\d+) +\|[^|]*\| (.*?) *\|$/gm)];
  const shown = rows.flatMap(([, code, errors = ""]) =>
    [...errors.matchAll(/`(\w+)`/g)].map(([, error = ""]) => [error, Number(code)] as const),
  );
  expect(Object.fromEntries(shown)).toEqual(EXIT_CODES);
  expect(shown).toHaveLength(Object.keys(EXIT_CODES).length);
});

/** Each line that waits takes two seconds of it. */
const PAGE_TIMEOUT_MS = 60_000;

/** A command that a page makes up, to show how one is made. */
const IMAGINED = ["mai queue oldest questions"];

describe("every line of mai in a document, in blocks and in sentences, is one that mai takes", () => {
  // The lines of docs/commands.md are run for real, above; its sentences show what is wrong, too.
  for (const page of pages().filter((path) => path !== "docs/commands.md")) {
    const lines = commandLinesOf(read(page)).filter((line) => !IMAGINED.includes(line) && !isName(line));
    if (lines.length === 0) continue;
    test(
      page,
      () => {
        stage.start("claimed");
        const taken = lines.map((line) => [line, stage.play(tried(line))] as const);
        const wrong = taken.filter(([, { code }]) => code === 64 || code === 70);
        expect(wrong.map(([line, { output }]) => [line, output])).toEqual([]);
      },
      PAGE_TIMEOUT_MS,
    );
  }
});

/** The words of a command or of a group alone: a name and no line. */
function isName(line: string): boolean {
  const words = line.replace(/^mai /, "");
  return Object.hasOwn(COMMANDS, words) || Object.hasOwn(GROUPS, words);
}

/** Changes nothing, and does not wait for what never comes. */
function tried(line: string): string {
  return `export MAI_OPERATOR=alice; timeout --signal=INT 2 ${line.replace(/^(.*?)mai /, "env $1mai --dry-run ")}`;
}

test("CHANGELOG.md names every command", () => {
  const text = read("CHANGELOG.md");
  expect(Object.keys(COMMANDS).filter((words) => !text.includes(`\`${words}\``))).toEqual([]);
});

test("every relative link of every page leads to a file and a heading that exist", () => {
  const broken = pages().flatMap((page) =>
    linksOf(read(page)).flatMap((link) => (leadsSomewhere(page, link) ? [] : [`${page}: ${link}`])),
  );
  expect(broken).toEqual([]);
});

test("no page speaks of places of one machine", () => {
  expect(pages().filter((page) => /(^|[\s"'`(=:])\/(work|farm)\b/m.test(read(page)))).toEqual([]);
});

function pages(): readonly string[] {
  const found = ["*.md", "docs/**/*.md", "examples/**/*.md", "skills/**/*.md", "packaging/npm/*.md"].flatMap(
    (pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)],
  );
  if (!found.includes("docs/commands.md")) throw new Error("The pages were not found.");
  return found.toSorted();
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor);
}
