import { expect, test } from "bun:test";
import { COMMANDS, GROUPS } from "../../src/cli/commands.ts";
import { commandsByTopic } from "../../src/cli/help-topics.ts";
import { Sandbox } from "../support/sandbox.ts";

/** 400 tokens of four bytes. */
const MOST_BYTES = 1600;

const LEVELS = ["", ...Object.keys(GROUPS), ...Object.keys(COMMANDS)];

test.each(LEVELS)("the help of mai %s is under 400 tokens, plain, and the same in JSON", async (words) => {
  const box = new Sandbox();
  const line = [...words.split(" ").filter((word) => word !== ""), "--help"];
  const text = await box.run(...line);
  expect(text).toMatchObject({ code: 0, stderr: "" });
  expect(Buffer.byteLength(text.stdout)).toBeLessThan(MOST_BYTES);
  expect(text.stdout).not.toMatch(/\u001b|[ \t]\n/);
  expect((await box.json(...line)).json).toMatchObject({ ok: true, help: text.stdout.trimEnd() });
  box.remove();
});

test.each(Object.keys(COMMANDS))(
  "the help of mai %s has its arguments, exit codes and two examples",
  async (words) => {
    const box = new Sandbox();
    const { stdout } = await box.run(...words.split(" "), "--help");
    expect(stdout).toContain(`USAGE mai ${words}`);
    expect(stdout).toMatch(/\nEXIT {2}0 done.*64 USAGE/);
    expect(
      stdout
        .split("\nEXAMPLES\n")[1]
        ?.split("\n")
        .filter((line) => line.startsWith("  ")),
    ).toHaveLength(2);
    box.remove();
  },
);

test("mai help fits a screen of 24 lines and 80 columns, names every command once, and is what mai --help shows", async () => {
  const box = new Sandbox();
  const { stdout } = await box.run("help");
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(45);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect((await box.run("--help")).stdout).toBe(stdout);
  const visible = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.hidden !== true);
  const told = commandsByTopic(visible);
  expect(told.flatMap(({ names }) => names).toSorted()).toEqual(visible.toSorted());
  for (const { title } of told) expect(stdout).toMatch(new RegExp(`^  ${title} `, "m"));
  box.remove();
});

test.each([["issue claim"], ["lock"], ["help"]])("mai help %s shows what --help shows", async (words) => {
  const box = new Sandbox();
  const line = words.split(" ");
  const { stdout } = await box.run("help", ...line);
  expect(stdout).toBe((await box.run(...line, "--help")).stdout);
  box.remove();
});

test("mai help refuses words that are no command, with the nearest name", async () => {
  const box = new Sandbox();
  const misspelt = await box.json("help", "issue", "clam");
  expect(misspelt.json).toMatchObject({ error: "USAGE", hint: expect.stringContaining("claim") });
  const surplus = await box.json("help", "issue", "claim", "REQ-001");
  expect(surplus.json).toMatchObject({ error: "USAGE", argument: "REQ-001" });
  box.remove();
});

test("mai --json help tells every argument of every command, with a schema that its declaration fulfils", async () => {
  const box = new Sandbox();
  const { json } = await box.ok("help");
  expect(json.commands.map(({ command }: { command: string }) => command)).toEqual(Object.keys(COMMANDS));
  for (const told of json.commands) {
    const { command } = (await COMMANDS[told.command]?.load()) ?? {};
    const names = told.arguments.map(({ name }: { name: string }) => name);
    expect(names.toSorted()).toEqual(Object.keys(command?.args ?? {}).toSorted());
    for (const argument of told.arguments) expect(Object.keys(argument.schema)).not.toEqual([]);
  }
  const claim = json.commands.find(({ command }: { command: string }) => command === "issue claim");
  expect(claim.arguments[0]).toEqual({
    name: "id",
    spelling: "ID",
    alias: null,
    positional: true,
    required: true,
    many: false,
    description: "Issue, such as REQ-001",
    schema: { type: "string" },
  });
  expect(claim.arguments).toContainEqual(
    expect.objectContaining({ spelling: "--fence", schema: { type: "integer", minimum: 0 } }),
  );
  expect(json.global_arguments.map(({ spelling }: { spelling: string }) => spelling)).toContain("--dry-run");
  expect(json.exit_codes.LOCK_HELD).toBe(2);
  box.remove();
});
