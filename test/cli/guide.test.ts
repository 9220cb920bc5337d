import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GUIDE_TOPICS, GUIDES, skillText } from "../../src/output/guides.ts";
import { ONBOARD_TEXT } from "../../src/output/onboard-section.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
  box.write("build.sh", "#!/bin/sh\nexit 0\n");
  chmodSync(box.path("build.sh"), 0o755);
  box.write("plan.jsonl", '{"command":"issue new","queue":"questions","title":"Plan it"}\n');
});
afterEach(() => box.remove());

/** Splits a command line at spaces outside double quotes. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/^ {2}mai (.*?)(?: {2,}.*)?$/gm)].map(([, line = ""]) => line.trim());
}

async function expectAllRun(lines: readonly string[]): Promise<void> {
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const { code, stderr } = await box.run(...words(line));
    expect([line, code, stderr]).toEqual([line, 0, ""]);
  }
}

/** How things stand when somebody opens a guide. */
const BEFORE = {
  claim: [],
  handoff: [["issue", "claim", "REQ-001", "-o", "alice"]],
  review: [
    ["issue", "claim", "REQ-001", "-o", "alice"],
    ["issue", "transfer", "REQ-001", "bob", "-o", "alice"],
  ],
  plan: [],
  recover: [["issue", "claim", "REQ-001", "-o", "alice"]],
} as const;

describe("mai guide", () => {
  test.each([...GUIDE_TOPICS])("every command of the guide %s runs, in its order", async (topic) => {
    await box.ok("issue", "new", "questions", "One", "-o", "bob");
    for (const line of BEFORE[topic]) await box.ok(...line);
    await expectAllRun(commandsIn(GUIDES[topic].text));
  });

  test("every command that prime names runs", async () => {
    await box.ok("issue", "new", "questions", "One", "--accept", "works", "-o", "alice");
    const { stdout } = await box.run("prime", "-o", "alice");
    expect(stdout).toContain("mai next -o alice\n");
    await box.ok("next", "-o", "alice");
    const typed = {
      ID: "REQ-001",
      NAME: "alice",
      TEXT: "text",
      WHY: "why",
      RESULT: "done",
      N: "1",
      CMD: "/bin/true",
    };
    const lines = [...stdout.matchAll(/^ {2}(\S.*?)(?: {2,}.*)?$/gm)].map(([, line = ""]) =>
      line.replace(/\b(?:ID|NAME|TEXT|WHY|RESULT|N|CMD)\b/g, (word) => typed[word as keyof typeof typed]),
    );
    expect(lines).toHaveLength(8);
    await box.ok("issue", "new", "questions", "Two", "-o", "alice");
    await expectAllRun(lines.map((line) => (line.includes("-o ") ? line : `${line} -o alice`)));
  });

  test("every command that the lines of onboard name runs", async () => {
    await box.ok("issue", "new", "questions", "One", "-o", "alice");
    const lines = [...ONBOARD_TEXT.matchAll(/`mai (.+?)`/g)].map(([, line = ""]) => line);
    expect(lines).toEqual(["prime -o NAME", "next -o NAME", "guide handoff", "guide recover"]);
    await expectAllRun(lines.map((line) => line.replace("NAME", "alice")));
  });

  test("needs no project, lists its topics, and refuses an unknown one with the nearest", async () => {
    box.delete(".mai");
    expect((await box.run("guide")).stdout).toContain("mai guide claim");
    expect((await box.ok("guide", "REVIEW")).json).toMatchObject({ topic: "review" });
    const { code, json } = await box.json("guide", "reviev");
    expect([code, json.error, json.hint]).toEqual([64, "USAGE", expect.stringContaining("review")]);
  });

  test("the skill file of the repository is made from the same texts", () => {
    const path = join(import.meta.dir, "../../skills/mai/SKILL.md");
    expect(readFileSync(path, "utf8")).toBe(skillText());
  });
});
