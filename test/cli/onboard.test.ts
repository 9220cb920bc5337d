import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { ONBOARD_SECTION, ONBOARD_TEXT } from "../../src/output/onboard-section.ts";
import { Sandbox } from "../support/sandbox.ts";

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

describe("mai onboard", () => {
  test("writes at most 60 words into AGENTS.md, and nothing more when it is done again", async () => {
    expect(ONBOARD_TEXT.split(/\s+/).length).toBeLessThanOrEqual(60);
    expect((await box.ok("onboard")).json.files).toEqual([{ path: "AGENTS.md", change: "created" }]);
    expect(box.read("AGENTS.md")).toBe(`${ONBOARD_SECTION}\n`);
    expect(box.exists("CLAUDE.md")).toBe(false);
    const before = box.tree();
    expect((await box.ok("onboard")).json).toMatchObject({ idempotent: true });
    expect(box.tree()).toEqual(before);
  });

  test.each([
    ["a last line feed", "# Rules\n\nBe kind.\n"],
    ["no last line feed", "# Rules"],
    ["CRLF", "# Rules\r\n\r\nBe kind.\r\n"],
    ["CRLF, no last one", "# Rules\r\nBe kind."],
    ["empty lines at the end", "# Rules\n\n\n"],
    ["a byte order mark", "\ufeff# Rules\n"],
  ])("--remove gives the bytes back of a file with %s", async (_what, text) => {
    box.write("AGENTS.md", text);
    box.write("CLAUDE.md", text);
    await box.ok("onboard");
    expect(box.read("AGENTS.md").startsWith(text)).toBe(true);
    expect(box.read("CLAUDE.md")).toContain("mai prime -o NAME");
    await box.ok("onboard", "--check");
    await box.ok("onboard", "--remove");
    expect([box.read("AGENTS.md"), box.read("CLAUDE.md")]).toEqual([text, text]);
  });

  test("brings an older section up to date and keeps what stands around it", async () => {
    const old = "<!-- mai:onboard v0 -->\nold words\n<!-- /mai:onboard -->";
    box.write("AGENTS.md", `before\n\n${old}\nafter \\ $& $1\n`);
    box.chmod("AGENTS.md", 0o640);
    expect((await box.json("onboard", "--check")).json).toMatchObject({
      error: "PROBLEMS_FOUND",
      exit_code: 1,
    });
    await box.ok("onboard");
    expect(box.read("AGENTS.md")).toBe(`before\n\n${ONBOARD_SECTION}\nafter \\ $& $1\n`);
    expect(box.mode("AGENTS.md")).toBe(0o640);
    await box.ok("onboard", "--remove");
    expect(box.read("AGENTS.md")).toBe("before\n\nafter \\ $& $1\n".replace("\n\nafter", "\nafter"));
  });

  test.each([
    ["a beginning without an end", "<!-- mai:onboard v1 -->\nmine\n"],
    ["an end before the beginning", "<!-- /mai:onboard -->\n<!-- mai:onboard v1 -->\n"],
    ["two sections", `${ONBOARD_SECTION}\n${ONBOARD_SECTION}\n`],
  ])("refuses a file with %s and changes no byte, not of the other file either", async (_what, text) => {
    box.write("CLAUDE.md", text);
    const before = box.tree();
    expect((await box.json("onboard")).json).toMatchObject({ error: "CORRUPT_FILE", path: "CLAUDE.md" });
    expect(box.tree()).toEqual(before);
  });

  test("follows no symbolic link: it is named, and its target stays", async () => {
    writeFileSync(`${box.base}/outside.md`, "mine\n");
    symlinkSync(`${box.base}/outside.md`, box.path("CLAUDE.md"));
    const { json } = await box.ok("onboard");
    expect(json.warnings).toEqual(["CLAUDE.md is no regular file and was left alone."]);
    expect(readFileSync(`${box.base}/outside.md`, "utf8")).toBe("mine\n");
    box.delete("AGENTS.md");
    symlinkSync(`${box.base}/outside.md`, box.path("AGENTS.md"));
    expect((await box.json("onboard")).json).toMatchObject({ error: "CORRUPT_FILE" });
    expect(readFileSync(`${box.base}/outside.md`, "utf8")).toBe("mine\n");
  });

  test("--print, --check and --dry-run write nothing; a file that only mai made goes with --remove", async () => {
    const before = box.tree();
    expect((await box.run("onboard", "--print")).stdout).toBe(`${ONBOARD_SECTION}\n`);
    expect((await box.run("onboard", "--check")).code).toBe(1);
    await box.ok("--dry-run", "onboard");
    expect((await box.run("onboard", "--print", "--remove")).code).toBe(64);
    expect(box.tree()).toEqual(before);
    await box.ok("onboard");
    await box.ok("onboard", "--remove");
    expect(box.tree()).toEqual(before);
  });

  test("--skill writes the skill file below a directory, made where it is missing", async () => {
    const { json } = await box.ok("onboard", "--skill", ".claude/skills");
    expect(json.files[0]).toMatchObject({ path: box.path(".claude/skills/mai/SKILL.md"), change: "created" });
    expect(box.read(".claude/skills/mai/SKILL.md")).toContain("name: mai");
    expect((await box.ok("onboard", "--skill", ".claude/skills")).json).toMatchObject({ idempotent: true });
  });
});
