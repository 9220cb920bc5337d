import { afterAll, beforeAll, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeAll(async () => {
  box = await Sandbox.withTeam();
  await box.ok("issue", "new", "questions", "One", "-o", "alice");
});
afterAll(() => box.remove());

/** Every kind of wrong command line: the line, what the message says, and the hint. */
const WRONG: readonly [kind: string, line: readonly string[], message: RegExp, hint: RegExp][] = [
  ["unknown command", ["isue", "list"], /no command "isue"/, /Did you mean 'issue'\?/],
  ["unknown verb", ["issue", "clam", "REQ-001"], /no command "clam"/, /Did you mean 'claim'\?/],
  ["group without a verb", ["issue"], /needs a command/, /claim/],
  ["nothing at all", [], /No command given/, /issue claim, run/],
  [
    "unknown long option",
    ["issue", "list", "--statsu", "OPEN"],
    /no option --statsu/,
    /Did you mean '--status'\?/,
  ],
  ["unknown short option", ["issue", "claim", "REQ-001", "-x"], /no option -x/, /--help/],
  ["misspelt global option", ["--jsno", "issue", "list"], /no option --jsno/, /Did you mean '--json'\?/],
  ["option of another command", ["issue", "show", "REQ-001", "--overdue"], /no option --overdue/, /--help/],
  [
    "short option with its value attached",
    ["issue", "claim", "REQ-001", "-oalice"],
    /no option -oalice/,
    /--help/,
  ],
  ["missing argument", ["issue", "claim", "-o", "alice"], /ID is missing/, /mai issue claim --help/],
  [
    "second argument missing",
    ["issue", "complete", "REQ-001", "-o", "alice"],
    /CONCLUSION is missing/,
    /--help/,
  ],
  [
    "surplus argument",
    ["issue", "complete", "REQ-001", "all", "good", "-o", "alice"],
    /"good" is one argument too many/,
    /Quote/,
  ],
  [
    "repeated option",
    ["issue", "claim", "REQ-001", "-o", "alice", "-o", "bob"],
    /-o is given twice/,
    /--help/,
  ],
  [
    "repeated by its other name",
    ["issue", "claim", "REQ-001", "-o", "alice", "--operator", "bob"],
    /--operator is given twice/,
    /--help/,
  ],
  ["option without its value", ["issue", "list", "--limit"], /--limit needs a value/, /--help/],
  ["flag with a value", ["queue", "check", "--overdue=yes"], /--overdue takes no value/, /--help/],
  [
    "value that is no number",
    ["issue", "list", "--limit", "many"],
    /--limit takes a whole number, not "many"/,
    /--help/,
  ],
  ["negative number", ["issue", "list", "--limit", "-1"], /--limit takes a whole number/, /--help/],
  [
    "value that is no choice",
    ["issue", "list", "--status", "OPNE"],
    /--status takes OPEN, /,
    /Did you mean 'OPEN'\?/,
  ],
  ["format that is none", ["--format", "yaml", "issue", "list"], /--format takes text, json/, /one of those/],
  [
    "an option behind --",
    ["issue", "claim", "REQ-001", "--", "-o"],
    /"-o" is one argument too many/,
    /Quote/,
  ],
  [
    "a bad duration",
    ["wait", "--timeout", "10"],
    /--timeout takes a duration such as 90s, 10m or 1h30m, not "10"/,
    /mai wait --help/,
  ],
  [
    "a state that is none",
    ["wait", "--issue", "REQ-001", "--until", "DONE"],
    /--until takes OPEN, /,
    /Give one of those/,
  ],
  ["a state without an issue", ["wait", "--until", "OPEN"], /--until goes with --issue/, /mai wait --help/],
  [
    "a time-out without waiting",
    ["next", "-o", "alice", "--timeout", "1m"],
    /--timeout goes with --wait/,
    /mai next --help/,
  ],
  [
    "a follow-up that is none",
    ["issue", "run", "REQ-001", "-o", "alice", "--on-success", "ship", "--", "true"],
    /--on-success takes complete or transfer:NAME/,
    /issue run --help/,
  ],
  [
    "a project for what makes one",
    ["--project", "elsewhere", "init", "-o", "admin"],
    /--project does not go with init/,
    /mai project init PATH/,
  ],
  [
    "a project for what makes a directory one",
    ["project", "init", "there", "--project", "elsewhere", "-o", "admin"],
    /--project does not go with project init/,
    /mai project init PATH/,
  ],
  [
    "a project for a race in a directory",
    ["selftest", "race", "--project", "elsewhere"],
    /--project does not go with selftest race/,
    /--dir PATH/,
  ],
  [
    "no command to run",
    ["issue", "run", "REQ-001", "-o", "alice", "--"],
    /COMMAND is missing/,
    /issue run --help/,
  ],
];

test.each(WRONG)("%s exits 64 with the nearest help", async (_kind, line, message, hint) => {
  const before = box.tree();
  const text = await box.run(...line);
  expect(text.code).toBe(64);
  expect(text.stdout).toBe("");
  expect(text.stderr).toMatch(message);
  expect(text.stderr).toMatch(hint);
  const json = await box.json(...line);
  expect(json).toMatchObject({
    code: 64,
    stderr: "",
    json: { ok: false, error: "USAGE", exit_code: 64, retryable: false },
  });
  expect(json.json.message).toMatch(message);
  expect(box.tree()).toEqual(before);
});

test("the help that a group without a verb shows stands in lines", async () => {
  for (const line of [[], ["issue"]]) expect((await box.run(...line)).stderr).toContain("\n\nSee: mai ");
});

const RIGHT: readonly [what: string, line: readonly string[]][] = [
  ["a remark that is a check list item", ["issue", "amend", "REQ-001", "- [x] done", "-o", "alice"]],
  ["a remark that is a number", ["issue", "amend", "REQ-001", "-1", "-o", "alice"]],
  ["a remark of dashes", ["issue", "amend", "REQ-001", "---", "-o", "alice"]],
  [
    "an option value that begins with a dash",
    ["issue", "new", "questions", "T", "-o", "alice", "--body", "--force is needed"],
  ],
  [
    "an option value that is an option's name",
    ["issue", "new", "questions", "T", "-o", "alice", "--body", "--json"],
  ],
  [
    "a remark that looks like an option, behind --",
    ["issue", "amend", "REQ-001", "-o", "alice", "--", "--force"],
  ],
  ["--option=value", ["issue", "amend", "REQ-001", "x", "--operator=alice"]],
  [
    "options before, between and after the words",
    ["--dry-run", "issue", "--format", "text", "list", "--limit", "3"],
  ],
  ["a choice in small letters", ["issue", "list", "--status", "open", "--priority", "p2"]],
  ["an id in small letters", ["issue", "show", "req-001"]],
];

test.each(RIGHT)("%s is taken as it is", async (_what, line) => {
  expect(await box.run(...line)).toMatchObject({ code: 0, stderr: "" });
});

test("the texts that begin with a dash are in the issue as typed", async () => {
  const { json } = await box.ok("issue", "show", "REQ-001");
  const texts = json.issue.records.map((record: { text: string }) => record.text);
  expect(texts).toEqual(expect.arrayContaining(["- [x] done", "-1", "---", "--force"]));
});

test("- reads standard input, less one line feed at the end", async () => {
  box.stdin = "from a pipe\n\n";
  await box.ok("issue", "amend", "REQ-001", "-", "-o", "alice");
  const { json } = await box.ok("issue", "show", "REQ-001");
  expect(json.issue.records[0].text).toBe("from a pipe\n");
});

test("--help at every level exits 0; -v is the version only as the first argument", async () => {
  for (const line of [["--help"], ["-h"], ["issue", "--help"], ["issue", "claim", "--help"]]) {
    expect(await box.run(...line)).toMatchObject({ code: 0, stderr: "" });
  }
  expect((await box.run("-v")).stdout).toMatch(/^mai \d+\.\d+\.\d+\n$/);
  expect((await box.json("--version")).json).toMatchObject({ ok: true, version: expect.any(String) });
  expect((await box.run("issue", "list", "-v")).code).toBe(64);
});

test("a body file may be a symbolic link, and one that is missing is named", async () => {
  box.write("notes.md", "from a file");
  symlinkSync("notes.md", box.path("link.md"));
  const { json } = await box.ok("issue", "new", "questions", "T", "-o", "alice", "--body-file", "link.md");
  expect((await box.ok("issue", "show", json.issue_id)).json.issue.description).toBe("from a file");
  const missing = await box.json("issue", "new", "questions", "T", "-o", "alice", "--body-file", "none.md");
  expect(missing.json).toMatchObject({ error: "NOT_FOUND", path: "none.md" });
});
