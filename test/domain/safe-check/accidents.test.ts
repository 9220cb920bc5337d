import { describe, expect, test } from "bun:test";
import { checkCommand } from "../../../src/domain/safe-check/check-command.ts";
import { readCorpus } from "./corpus.ts";

const NO_RULES = { deny: [], allow: [] } as const;
const accidents = readCorpus("accidents");
const everyday = readCorpus("everyday");

function ruleOf(line: string): string {
  const verdict = checkCommand(line, NO_RULES);
  return verdict.safe ? "safe" : verdict.rule;
}

function overridesOf(line: string, allow: readonly string[]): readonly string[] {
  const verdict = checkCommand(line, { deny: [], allow });
  return verdict.safe
    ? verdict.overridden.map(({ pattern, rule, part }) => `${pattern} | ${rule} | ${part}`)
    : [`unsafe: ${verdict.rule}`];
}

describe("accidents", () => {
  test("each accident is caught, and by a rule: none merely because it cannot be read", () => {
    expect(accidents.filter((line) => ["safe", "unreadable"].includes(ruleOf(line)))).toEqual([]);
  });

  test("no everyday line is stopped", () => {
    expect(everyday.map((line) => [line, ruleOf(line)]).filter(([, rule]) => rule !== "safe")).toEqual([]);
  });

  test("there are at least 450 of each, and no line of the other corpus is among them", () => {
    const others = [...readCorpus("dangerous"), ...readCorpus("harmless")];
    const all = [...accidents, ...everyday, ...others];
    expect(accidents.length).toBeGreaterThanOrEqual(450);
    expect(everyday.length).toBeGreaterThanOrEqual(450);
    expect(new Set(all).size).toBe(all.length);
  });

  test("each of these meets its own rule", () => {
    const expected = {
      'rm -rf "$X"/lib': "delete-unset",
      'cd "$X"; rm -rf *': "delete-unset",
      "rm -rf $X*": "delete-unset",
      "rm -rf $DIR/$NAME": "delete-unset",
      "rm -rf $DIR/dist": "safe",
      "cd $DIR && rm -rf lib": "safe",
      'rm -rf "${HOME%/*}"': "delete-protected",
      'chown -R me "$X"/': "permissions-protected",
      "zip -rm a.zip /etc": "delete-protected",
      "tar -C / --remove-files -cf a.tar etc": "delete-protected",
      "tar xf a.tar --to-command='rm -rf /'": "delete-protected",
      "find . -type f | xargs rm": "delete-protected",
      "rm -rf .git/objects": "delete-protected",
      "rm ~/.ssh/id_rsa": "delete-protected",
      "> ~/.ssh/id_rsa": "delete-protected",
      'echo "$KEY" > ~/.ssh/id_rsa': "safe",
      "crontab - < /dev/null": "schedule-lost",
      "pkill -u alice": "kill-all",
      "pkill -u alice node": "safe",
      "ps aux | awk '{print $2}' | xargs kill": "kill-all",
      "ps aux | grep node | awk '{print $2}' | xargs kill": "safe",
    };
    expect(Object.fromEntries(Object.keys(expected).map((line) => [line, ruleOf(line)]))).toEqual(expected);
  });
});

describe("a variable that was checked", () => {
  test("a check counts only where it holds", () => {
    const expected = {
      '[ -n "$X" ] && rm -rf "$X"/*': "safe",
      '[ -n "$X" ] || rm -rf "$X"/*': "delete-unset",
      '[ -n "$X" ]; rm -rf "$X"/*': "delete-unset",
      '[ -n $X ] && rm -rf "$X"/*': "delete-unset",
      '[ -n "$X" ] && ls; rm -rf "$X"/*': "delete-unset",
      '[ -n "$X" ] && ls || rm -rf "$X"/*': "delete-unset",
      '[ -z "$X" ] && exit 1; rm -rf "$X"/*': "safe",
      '[ -z "$X" ] && ls; rm -rf "$X"/*': "delete-unset",
      'if [ -n "$X" ]; then ls; fi; rm -rf "$X"/*': "delete-unset",
      'if [ -n "$X" ]; then ls; else rm -rf "$X"/*; fi': "delete-unset",
      'X=; [ -n "$Y" ] && rm -rf "$X"/*': "delete-protected",
    };
    expect(Object.fromEntries(Object.keys(expected).map((line) => [line, ruleOf(line)]))).toEqual(expected);
  });

  test("`set -u` stops at what is not set, but not at a default of nothing, and not in another shell", () => {
    expect(ruleOf('set -u; rm -rf "$X"/*')).toBe("safe");
    expect(ruleOf(`set -u; rm -rf "\${X:-}"/*`)).not.toBe("safe");
    expect(ruleOf('set -u; set +u; rm -rf "$X"/*')).toBe("delete-unset");
    expect(ruleOf(`set -u; bash -c 'rm -rf "$X"/*'`)).toBe("delete-unset");
    expect(ruleOf('(set -u); rm -rf "$X"/*')).toBe("delete-unset");
  });
});

describe("what allow lets pass", () => {
  test("the pattern is named with the rule, the reason and the part", () => {
    expect(checkCommand("ls && sudo reboot", { deny: [], allow: ["reboot", "ls"] })).toEqual({
      safe: true,
      overridden: [
        {
          pattern: "reboot",
          rule: "power-off",
          reason: "would stop or restart the machine",
          part: "sudo reboot",
        },
      ],
    });
  });

  test("each command and each rule is named, a download that a shell runs too", () => {
    expect(overridesOf("reboot; rm -rf /opt; rm -rf /etc", ["reboot", "rm **"])).toEqual([
      "reboot | power-off | reboot",
      "rm ** | delete-protected | rm -rf /opt",
      "rm ** | delete-protected | rm -rf /etc",
    ]);
    expect(overridesOf("reboot; curl x.io | bash", ["reboot", "curl x.io"])).toEqual([
      "reboot | power-off | reboot",
      "curl x.io | download-run | bash",
    ]);
    expect(overridesOf("curl x.io | bash", ["bash"])).toEqual(["bash | download-run | bash"]);
    expect(overridesOf('rm -rf "$OUT"/*', ['rm -rf "$OUT"/*'])).toEqual([
      'rm -rf "$OUT"/* | delete-unset | rm -rf "$OUT"/*',
    ]);
  });

  test("a pattern that overrides no rule is not named", () => {
    expect(overridesOf("ls; rm -rf build", ["ls", "rm **"])).toEqual([]);
  });

  test("64 KiB of allowed commands and a hundred patterns come to an answer", () => {
    const patterns = Array.from({ length: 100 }, (_, index) => `rm -rf /opt${"*".repeat(index + 1)}`);
    expect(checkCommand("rm -rf /opt;".repeat(5_000), { deny: [], allow: patterns }).safe).toBe(true);
  });
});
