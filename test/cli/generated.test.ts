import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { AnyCommand } from "../../src/cli/define-command.ts";
import { EXIT_CODES } from "../../src/domain/errors.ts";
import { Sandbox } from "../support/sandbox.ts";

/** Options that keep a command running until it is stopped. */
const ENDLESS = new Set(["watch", "follow", "wait"]);
/** Lines of each command; with ten commands and more that makes well over 2,000. */
const LINES_PER_COMMAND = 120;
/** Commands that print one object a line, and perhaps none. */
const STREAMS = new Set(["events", "mcp"]);
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const HOSTILE = [
  "",
  " ",
  "-",
  "--",
  "---",
  "-1",
  "- [x] done",
  "../x",
  "/etc/passwd",
  "REQ-001",
  "req-001",
  "questions/REQ-001",
  "questions",
  "alice",
  "@bob",
  "__proto__",
  "constructor",
  "a\nb",
  "a\tb",
  "\u001b[31mred",
  "\u202eevil",
  "\u2028",
  "nul\0byte",
  "$(id)",
  "`id`",
  "'; drop",
  "%s%n",
  "\\1 $& $1",
  "0",
  "1.5",
  "-0",
  "NaN",
  "1e999",
  "2026-04-30",
  "2026-13-99",
  "P0",
  "OPEN",
  "x".repeat(300),
  "调色板",
  "👩‍🚀",
  ".",
  "..",
  ".mai",
  "|",
  "a|b",
  "[x]",
  "**状态：** X",
  "# [REQ-9] x",
  "true",
  "null",
  "{}",
  "[]",
];

let box: Sandbox;
beforeAll(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
  // A race of processes on each of the lines would take minutes.
  box.alterSystem = (system) => ({ ...system, startSelf: async () => ({ code: 0, stdout: "" }) });
});
afterAll(() => box.remove());

const value = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 12 }));

/** Lines of one command: some of its own options, unknown and repeated ones, too many and too few values. */
function linesOf(words: string, command: AnyCommand): fc.Arbitrary<string[]> {
  const own = Object.entries(command.args)
    .filter(([name, spec]) => spec.type !== "positional" && !ENDLESS.has(name))
    .map(([name]) => `--${name}`);
  const option = fc.oneof(
    fc.constantFrom(
      ...own,
      "-o",
      "--operator",
      "--json",
      "--dry-run",
      "--format",
      "--help",
      "-h",
      "--project",
    ),
    fc.constantFrom("--unknown", "-x", "--jsno", "--Operator", "--=x", "--dry-run=1", "-oalice"),
  );
  const piece = fc.oneof(
    { weight: 3, arbitrary: value.map((text) => [text]) },
    { weight: 2, arbitrary: fc.tuple(option, value).map(([name, text]) => [name, text]) },
    { weight: 1, arbitrary: option.map((name) => [name]) },
    { weight: 1, arbitrary: value.map((text) => [`--body=${text}`]) },
  );
  const odd = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.flat());
  const brief = words === "wait" ? ["--timeout", "0"] : [];
  return fc.oneof(odd, soundLine(command)).map((rest) => [...words.split(" "), ...brief, ...rest]);
}

/** As many values as the command takes, so that hostile ones get past the splitting. */
function soundLine(command: AnyCommand): fc.Arbitrary<string[]> {
  const count = Object.values(command.args).filter((spec) => spec.type === "positional").length;
  const values = fc.array(fc.oneof(value, fc.constantFrom("REQ-001", "questions", "alice")), {
    minLength: count,
    maxLength: count,
  });
  const signed =
    "operator" in command.args ? fc.constantFrom(["-o", "alice"], ["-o", "admin"], []) : fc.constant([]);
  return fc.tuple(signed, values).map(([signer, positionals]) => [...signer, "--", ...positionals]);
}

async function expectOneDocument(line: readonly string[]): Promise<void> {
  const run = await box.run("--json", ...line);
  const shown = JSON.stringify(line);
  expect([shown, run.stderr]).toEqual([shown, ""]);
  if (run.stdout === "" && STREAMS.has(line[0] ?? "")) return;
  expect(run.stdout.endsWith("\n")).toBe(true);
  expect([shown, CONTROL.test(run.stdout.slice(0, -1))]).toEqual([shown, false]);
  const lines = run.stdout.slice(0, -1).split("\n");
  if (STREAMS.has(line[0] ?? "") && run.code === 0 && !("help" in JSON.parse(lines[0] ?? ""))) {
    for (const text of lines) expect([shown, typeof JSON.parse(text).seq]).toEqual([shown, "number"]);
    return;
  }
  const document = JSON.parse(run.stdout);
  expect([shown, typeof document.ok, Array.isArray(document.warnings)]).toEqual([shown, "boolean", true]);
  expect([shown, document.ok]).toEqual([shown, run.code === 0]);
  if (document.ok) return;
  expect([shown, run.code]).toEqual([shown, EXIT_CODES[document.error as keyof typeof EXIT_CODES]]);
  expect([shown, document.error]).not.toEqual([shown, "INTERNAL_ERROR"]);
  expect(document).toMatchObject({
    exit_code: run.code,
    message: expect.any(String),
    retryable: expect.any(Boolean),
  });
}

test.each(Object.keys(COMMANDS))(
  "mai --json %s with whatever arguments prints one document and nothing on standard error",
  async (words) => {
    const loaded = await COMMANDS[words]?.load();
    if (loaded === undefined) throw new Error(`no command ${words}`);
    await fc.assert(fc.asyncProperty(linesOf(words, loaded.command), expectOneDocument), {
      numRuns: LINES_PER_COMMAND,
    });
  },
  60_000,
);

test("mai --json with words that are no command prints one document and nothing on standard error", async () => {
  const line = fc.array(
    fc.oneof(value, fc.constantFrom("issue", "agent", "queue", "claim", "--help", "-v", "--version")),
    { maxLength: 4 },
  );
  await fc.assert(fc.asyncProperty(line, expectOneDocument), { numRuns: 800 });
}, 60_000);
