import { expect, test } from "bun:test";
import { COMMANDS, GROUPS } from "../../src/cli/commands.ts";
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

test("mai --help fits a screen of 40 lines", async () => {
  const box = new Sandbox();
  expect((await box.run("--help")).stdout.split("\n").length).toBeLessThan(40);
  box.remove();
});
