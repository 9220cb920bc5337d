import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

/** Most bytes of a listed issue of ordinary data; JSON has room for `unassigned`, or for who holds it. */
const TEXT_BYTES = 85;
const JSON_BYTES = 340;
const TITLES = ["Look into case 17 of the import job", "Rename the flag", "为什么导入会停在一半"];
const ISSUES = 60;

let box: Sandbox;

beforeAll(async () => {
  box = await Sandbox.withTeam();
  for (let number = 0; number < ISSUES; number += 1) {
    const title = TITLES[number % TITLES.length] ?? "";
    const body = `Body ${"of many words ".repeat(50)}`;
    await box.ok(
      "issue",
      "new",
      number % 2 === 0 ? "questions" : "reviews",
      title,
      "--body",
      body,
      "-o",
      "bob",
    );
  }
  await box.ok("issue", "claim", "REQ-001", "-o", "alice");
  await box.ok("issue", "amend", "REQ-001", "a remark ".repeat(100), "-o", "alice");
  box.clock.nowMs += 3 * 3_600_000;
});
afterAll(() => box.remove());

describe.each([
  ["issue list", ["issue", "list", "--limit", "1000"]],
  ["queue check", ["queue", "check", "--limit", "1000"]],
  ["status", ["status", "--verbose"]],
])("%s tells an issue in few bytes", (_name, argv) => {
  test("of text", async () => {
    const { stdout } = await box.run(...argv);
    const lines = stdout.split("\n").filter((line) => line.includes("REQ-"));
    expect(lines.length).toBeGreaterThanOrEqual(ISSUES / 2);
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line) + 1))).toBeLessThanOrEqual(TEXT_BYTES);
  });

  test("of JSON", async () => {
    const { json, stdout } = await box.json(...argv);
    const issues = issuesIn(json);
    expect(issues.length).toBeGreaterThanOrEqual(ISSUES / 2);
    expect(
      Math.max(...issues.map((issue) => Buffer.byteLength(JSON.stringify(issue)) + 1)),
    ).toBeLessThanOrEqual(JSON_BYTES);
    expect(stdout).not.toMatch(/many words|a remark/);
  });
});

describe.each([
  ["issue list", ["issue", "list", "questions", "--limit", "2"]],
  ["queue check", ["queue", "check", "questions", "--limit", "2"]],
])("%s tells less where less is asked for", (_name, argv) => {
  test("--ids: the ids, for another command to read", async () => {
    expect((await box.run(...argv, "--ids")).stdout).toBe("REQ-001\nREQ-003\n");
    expect(issuesIn((await box.json(...argv, "--ids")).json)).toEqual(["REQ-001", "REQ-003"]);
  });

  test("--ids of nothing: nothing", async () => {
    expect((await box.run(...argv, "--ids", "--handler", "nobody-at-all")).stdout).toBe("");
  });

  test("--brief: id, status and title", async () => {
    const [first] = issuesIn((await box.json(...argv, "--brief")).json);
    expect(first).toEqual({ id: "REQ-001", status: "IN_PROGRESS", title: TITLES[0] });
    expect((await box.run(...argv, "--brief")).stdout).toMatch(/^ *REQ-001 {2}IN_PROGRESS {2}Look into/m);
  });

  test("--fields: those, in that order, absent ones as null or a dash", async () => {
    const fields = ["--fields", "owner,id", "--fields", "ref,labels,overdue"];
    const [first] = issuesIn((await box.json(...argv, ...fields)).json);
    expect(JSON.stringify(first)).toBe(
      '{"owner":"alice","id":"REQ-001","ref":null,"labels":[],"overdue":true}',
    );
    expect((await box.run(...argv, ...fields)).stdout).toMatch(/^ *alice {4}REQ-001 {2}- {2}- {2}true$/m);
  });

  test("an unknown field, or two answers to one question, is a wrong line", async () => {
    expect(await box.json(...argv, "--fields", "id,titel")).toMatchObject({
      code: 64,
      json: { error: "USAGE", hint: expect.stringContaining("title") },
    });
    expect((await box.json(...argv, "--ids", "--brief")).code).toBe(64);
    expect((await box.json(...argv, "--fields", "body")).code).toBe(64);
  });
});

function issuesIn(json: ReturnType<typeof JSON.parse>): readonly unknown[] {
  if (json.queues === undefined) return json.issues;
  const listed = Object.values(json.queues as Record<string, { issues?: unknown[] }>).flatMap(
    ({ issues }) => issues ?? [],
  );
  return [...listed, ...(json.overdue ?? [])];
}
