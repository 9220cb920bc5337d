import { expect, test } from "bun:test";
import { checkCommand } from "../../../src/domain/safe-check/check-command.ts";
import { joinWords } from "../../../src/domain/safe-check/join-words.ts";

function isSafe(...words: readonly string[]): boolean {
  return checkCommand(joinWords(words), { deny: [], allow: [] }).safe;
}

test("joinWords() takes one word as a whole line, and none as an empty one", () => {
  expect(joinWords(["rm -rf / && ls"])).toBe("rm -rf / && ls");
  expect(joinWords([])).toBe("");
});

test("joinWords() quotes each of several words, so that the shell reads it as it stands", () => {
  expect(joinWords(["echo", "a b", "it's", "$(reboot)", "*", "", "a;b"])).toBe(
    `echo 'a b' 'it'\\''s' '$(reboot)' '*' '' 'a;b'`,
  );
  expect(isSafe("git", "commit", "-m", "do not rm -rf / | sh; reboot")).toBe(true);
});

test("joinWords() reads an operator between words as that operator, so that nothing hides behind it", () => {
  expect(joinWords(["rm", "-rf", "x", "&&", "ls"])).toBe("rm -rf x && ls");
  expect(isSafe("ls", "&&", "rm", "-rf", "/")).toBe(false);
  expect(isSafe("curl", "https://x.io", "|", "sh")).toBe(false);
  expect(isSafe("rm", "-rf", "/", "&&", "ls")).toBe(false);
  expect(isSafe("ls", ";")).toBe(true);
});

test("joinWords() reads a redirection as one, alone or glued to its file", () => {
  expect(joinWords(["ls", ">", "a b", "2>&1"])).toBe("ls > 'a b' 2>&1");
  expect(isSafe("echo", "x", ">", "/dev/sda")).toBe(false);
  expect(isSafe("echo", "x", ">/dev/sda")).toBe(false);
  expect(isSafe("bun", "test", ">/dev/null", "2>&1")).toBe(true);
});

test("joinWords() leaves an operator as text where none can stand", () => {
  expect(isSafe("grep", "|")).toBe(true);
  expect(isSafe("grep", "&&", "||", "table.md")).toBe(true);
  expect(isSafe("grep", "-c", "|", "table.md")).toBe(true);
  expect(isSafe("test", "a", ">")).toBe(true);
});

test("joinWords() leaves `find -exec` its semicolon", () => {
  expect(joinWords(["find", ".", "-exec", "ls", "{}", ";", "-print"])).toBe(
    "find . -exec ls '{}' ';' -print",
  );
  expect(isSafe("find", "/", "-exec", "echo", "{}", ";", "-delete")).toBe(false);
  expect(isSafe("find", ".", "(", "-name", "a", ")", "-exec", "rm", "{}", ";")).toBe(true);
  expect(isSafe("find", ".", "-exec", "ls", "{}", ";", ";", "reboot")).toBe(false);
});

test("joinWords() keeps a home that the caller's shell did not expand dangerous", () => {
  expect(isSafe("rm", "-rf", "$HOME")).toBe(false);
  expect(isSafe("rm", "-rf", "~")).toBe(false);
});

test("joinWords() reads a quoted command line after sudo as what it means", () => {
  expect(isSafe("sudo", "rm -rf /")).toBe(false);
});
