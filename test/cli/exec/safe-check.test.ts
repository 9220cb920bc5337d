import { afterEach, beforeEach, expect, test } from "bun:test";
import { Sandbox } from "../../support/sandbox.ts";

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

async function withRules(rules: { deny?: readonly string[]; allow?: readonly string[] }): Promise<void> {
  await box.ok("init", "-o", "admin");
  const config = JSON.parse(box.read(".mai/config.json"));
  box.write(".mai/config.json", JSON.stringify({ ...config, safe_check: rules }));
}

test("a harmless command exits 0 without a project, and writes nothing", async () => {
  expect(await box.run("exec", "safe-check", "ls", "-la")).toEqual({ code: 0, stdout: "safe\n", stderr: "" });
  expect((await box.ok("exec", "safe-check", "git status && ls")).json).toMatchObject({
    command: "exec safe-check",
    safe: true,
    command_line: "git status && ls",
  });
  expect(box.tree()).toEqual(new Map());
});

test("a dangerous command exits 1 with rule, reason and part", async () => {
  const text = await box.run("exec", "safe-check", "rm", "-fr", "/");
  expect(text).toMatchObject({ code: 1, stdout: "" });
  expect(text.stderr).toStartWith("ERROR: Unsafe (delete-protected): would delete ");
  expect((await box.json("exec", "safe-check", "ls; sudo rm -r -f ~")).json).toMatchObject({
    ok: false,
    error: "UNSAFE_COMMAND",
    exit_code: 1,
    retryable: false,
    safe: false,
    rule: "delete-protected",
    command_line: "ls; sudo rm -r -f ~",
  });
});

test("options behind the first word belong to the command, with and without --", async () => {
  const line = "rm --recursive --force '--json' /";
  const words = ["rm", "--recursive", "--force", "--json", "/"];
  expect((await box.json("exec", "safe-check", ...words)).json.command_line).toBe(line.replaceAll("'", ""));
  expect((await box.json("exec", "safe-check", "--", ...words)).json.error).toBe("UNSAFE_COMMAND");
});

test("an operator that stands alone joins two commands", async () => {
  expect((await box.run("exec", "safe-check", "ls", "&&", "rm", "-rf", "/")).code).toBe(1);
});

test("deny and allow of the project at hand count, below its directory and by --project", async () => {
  await withRules({ deny: ["git push --force*"], allow: ["shutdown -r **"] });
  expect((await box.json("exec", "safe-check", "git push --force origin")).json).toMatchObject({
    rule: "denied",
  });
  expect((await box.run("exec", "safe-check", "git push origin")).code).toBe(0);
  expect((await box.run("exec", "safe-check", "shutdown -r now")).code).toBe(0);
  const other = new Sandbox();
  expect((await other.run("exec", "safe-check", "shutdown -r now")).code).toBe(1);
  expect((await other.run("--project", box.cwd, "exec", "safe-check", "shutdown -r now")).code).toBe(0);
  other.remove();
});

test("a project that was named and is not there is an error, not a check without its rules", async () => {
  const run = await box.json("--project", "/nowhere", "exec", "safe-check", "ls");
  expect(run.json).toMatchObject({ error: "PROJECT_NOT_FOUND", exit_code: 4 });
  box.env.MAI_PROJECT = "/nowhere";
  expect((await box.json("exec", "safe-check", "ls")).json).toMatchObject({ error: "PROJECT_NOT_FOUND" });
});

test("rules that cannot be read are an error, not a check without them", async () => {
  await withRules({ deny: ["x"] });
  box.write(".mai/config.json", box.read(".mai/config.json").replace('"deny":["x"]', '"deny":"x"'));
  expect((await box.json("exec", "safe-check", "ls")).json).toMatchObject({ error: "CONFIG_INVALID" });
});

test("no command is a wrong command line, and control characters of one are shown written out", async () => {
  expect((await box.json("exec", "safe-check")).json).toMatchObject({ error: "USAGE", exit_code: 64 });
  const run = await box.run("exec", "safe-check", "rm -rf / #\u001b[31m\u202e");
  expect(run.code).toBe(1);
  expect(run.stderr).not.toMatch(/[\u001b\u202e]/);
});

test("an allow pattern that overrides a built-in rule is named, in text and JSON", async () => {
  await withRules({ allow: ["shutdown -r **", "ls"] });
  const text = await box.run("exec", "safe-check", "ls && shutdown -r now");
  expect(text).toMatchObject({ code: 0, stderr: "" });
  expect(text.stdout).toBe(
    'safe\nAllowed by the project: safe_check.allow "shutdown -r **" overrides power-off (would stop or restart the machine): shutdown -r now\n',
  );
  expect((await box.ok("exec", "safe-check", "ls && shutdown -r now")).json).toMatchObject({
    safe: true,
    overridden: [{ pattern: "shutdown -r **", rule: "power-off", part: "shutdown -r now" }],
  });
  expect((await box.ok("exec", "safe-check", "ls")).json).not.toHaveProperty("overridden");
});
