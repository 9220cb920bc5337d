import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completionScript } from "../../src/output/completion-scripts.ts";
import { BinaryProject, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
for (const shell of ["bash", "zsh", "fish"]) requireTool(shell, shell);

/** A queue whose name would do something if any shell ever evaluated it. */
const HOSTILE = "$(touch hacked)`touch hacked`; touch hacked";

let project: BinaryProject;
beforeAll(async () => {
  project = new BinaryProject();
  await project.ok("init", "-o", "admin");
  await project.ok("agent", "add", "alice", "-o", "admin");
  await project.ok("queue", "create", HOSTILE, "--owner", "alice", "-o", "admin");
  await project.ok("issue", "new", "questions", "Technical review", "-o", "alice");
  const bin = join(project.base, "bin");
  mkdirSync(bin);
  symlinkSync(project.binary, join(bin, "mai"));
  writeFileSync(join(project.root, "team.toml"), "");
});
afterAll(() => project.remove());

/** Runs a script in a shell, as in a fresh session of a user. */
function shell(argv: readonly string[], script: string): string {
  const path = join(project.base, "script");
  writeFileSync(path, script);
  const child = Bun.spawnSync([...argv, path], {
    cwd: project.root,
    // The environment asks for JSON: what shells are told must not follow it.
    env: {
      HOME: project.base,
      PATH: `${join(project.base, "bin")}:/usr/bin:/bin`,
      TERM: "dumb",
      MAI_FORMAT: "json",
      LC_ALL: "C.UTF-8",
    },
    stdin: "ignore",
    timeout: 60_000,
  });
  return child.stdout.toString() + child.stderr.toString();
}

const LINES = [
  ["mai issue cla", "mai issue claim "],
  ["mai issue claim req", "mai issue claim REQ-001 "],
  ["mai issue claim REQ-001 -o al", "mai issue claim REQ-001 -o alice "],
  ["mai issue list --status=OP", "mai issue list --status=OPEN "],
  ["mai --form", "mai --format "],
  ["mai config apply tea", "mai config apply team.toml "],
] as const;

describe("bash", () => {
  const ask = (line: string, then: string) =>
    shell(
      ["bash", "--norc", "--noprofile"],
      `set -o nounset
eval "$(mai --format text completions bash)"
complete -p mai
${line}
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_mai
${then}`,
    );
  const SHOW = `printf '<%s>' "\${COMPREPLY[@]}"`;

  test.each([
    [`mai issue cla`, ["claim"]],
    [`mai issue claim req`, ["REQ-001"]],
    [`mai issue list --status = O`, ["OPEN"]],
    [`mai complet`, ["completions"]],
  ])("completes %s", (line, words) => {
    const output = ask(`COMP_WORDS=(${line})`, SHOW);
    expect(output).toBe(`complete -F _mai mai\n${words.map((word) => `<${word}>`).join("")}`);
  });

  test("without compopt, as in bash 3.2, files are completed where mai knows no words", () => {
    const output = shell(
      ["bash", "--norc", "--noprofile"],
      `enable -n compopt
eval "$(mai --format text completions bash)"
complete -p mai
COMP_WORDS=(mai config apply tea)
COMP_CWORD=3
_mai
echo "${"$"}{#COMPREPLY[@]}"`,
    );
    expect(output).toBe("complete -o default -F _mai mai\n0\n");
  });

  test("the script keeps to what bash 3.2 knows", () => {
    const script = completionScript("bash");
    const LATER: Readonly<Record<string, RegExp>> = {
      "associative arrays and references": /\b(?:declare|local|typeset)\s+-[a-zA-Z]*[Ang]/,
      "mapfile and readarray": /\b(?:mapfile|readarray)\b/,
      "other case": /\$\{\w+(?:\^|,)/,
      "transformations and negative indexes": /\$\{\w+(?:@|\[-)/,
      "both streams": /&>>|\|&/,
      "case that goes on": /;;?&/,
      coproc: /\bcoproc\b/,
      "variables that are set": /\[\[?\s+-v\b/,
      "times of printf": /%\(/,
    };
    expect(Object.keys(LATER).filter((name) => LATER[name]?.test(script))).toEqual([]);
    expect(script).not.toContain("source <(");
  });

  test("a hostile name is quoted, so that pressing Enter passes it on as it is", () => {
    const output = ask(`COMP_WORDS=(mai issue new '$(touch')`, `eval "printf '<%s>' \${COMPREPLY[0]}"; ls`);
    expect(output).toContain(`<${HOSTILE}>`);
    expect(output).not.toMatch(/^hacked$/m);
  });
});

describe("fish", () => {
  const ask = (line: string) =>
    shell(
      ["fish", "--no-config"],
      `mai --format text completions fish | source
complete --do-complete ${JSON.stringify(line)}
`,
    );

  test.each(LINES)("completes %s", (line, completed) => {
    const words = ask(line)
      .trimEnd()
      .split("\n")
      .map((told) => told.split("\t")[0]);
    expect(words).toEqual([completed.trimEnd().split(" ").at(-1) ?? ""]);
  });

  test("tells titles, and offers a hostile name as a word", () => {
    expect(ask("mai issue claim ")).toBe("REQ-001\tOPEN  Technical review\n");
    expect(ask("mai issue new ")).toContain(`${HOSTILE}\towned by @alice\n`);
    expect(shell(["fish", "--no-config"], "ls")).not.toContain("hacked");
  });
});

describe("zsh", () => {
  // An interactive zsh behind a terminal of its own: a key completes the line and shows it.
  const ask = (line: string) =>
    shell(
      ["zsh", "-f"],
      `zmodload zsh/zpty
zpty -b session zsh -f -i
zpty -w session 'PROMPT=; autoload -Uz compinit; compinit -u -D; eval "$(mai --format text completions zsh)"
show-line() { zle complete-word; print -r -- "LINE<$BUFFER>END"; zle kill-buffer }
zle -N show-line; bindkey "^T" show-line; print RE""ADY'
zpty -r session seen '*READY*'
zpty -w -n session '${line}'$'\\x14'
zpty -r session seen '*LINE<*>END*'
print -rn -- "\${\${seen##*LINE<}%%>END*}"
zpty -d session
`,
    );

  test.each(LINES)("completes %s", (line, completed) => {
    expect(ask(line)).toBe(completed);
  });

  test("a hostile name is quoted", () => {
    const line = ask("mai issue new \\$");
    expect(line).toStartWith("mai issue new \\$\\(touch\\ hacked\\)\\`touch");
    expect(shell(["zsh", "-f"], "ls")).not.toContain("hacked");
  });
});

test("outside a project commands complete, and nothing else is said", () => {
  const script = `cd /; mai --format text complete-words -- mai issue claim ''; mai --format text complete-words -- mai issue cla`;
  expect(shell(["bash", "--norc"], script)).toBe("claim\tTake an issue, exclusively\n");
});

test.each([
  ["bash", ["bash", "-n"]],
  ["zsh", ["zsh", "-n"]],
  ["fish", ["fish", "--no-execute"]],
])("the script for %s is sound by its own shell", async (name, check) => {
  const { stdout } = await project.ok("completions", name);
  expect(shell(check, stdout)).toBe("");
});

test("shellcheck finds nothing in the script for bash", async () => {
  const { stdout } = await project.ok("completions", "bash");
  expect(shell(["shellcheck", "--shell=bash"], stdout)).toBe("");
});
