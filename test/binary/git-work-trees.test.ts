import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI, requireBinary, requireTool } from "../support/binary.ts";

requireBinary();
requireTool("git", "git");

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "mai-git-")));
  mkdirSync(join(base, "home"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const env = () => ({
  HOME: join(base, "home"),
  PATH: process.env.PATH ?? "",
  MAI_OPERATOR: "admin",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
});

function git(cwd: string, ...argv: readonly string[]): void {
  const settings = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"];
  const ended = Bun.spawnSync(["git", ...settings, ...argv], { cwd, env: env() });
  if (ended.exitCode !== 0) throw new Error(`git ${argv.join(" ")}: ${ended.stderr}`);
}

function mai(cwd: string, ...argv: readonly string[]) {
  const { exitCode, stdout } = Bun.spawnSync([MAI, "--json", ...argv], { cwd, env: env(), stderr: "ignore" });
  return { code: exitCode, json: JSON.parse(stdout.toString()) };
}

/** Makes a repository with a commit. */
function repository(path: string, ...options: readonly string[]): string {
  mkdirSync(join(base, path), { recursive: true });
  git(base, "init", "-q", ...options, path);
  git(join(base, path), "commit", "-q", "--allow-empty", "-m", "start");
  return join(base, path);
}

/** The root of the project that is found from each of the directories. */
function roots(...directories: readonly string[]): readonly unknown[] {
  return directories.map((directory) => mai(directory, "status").json.project?.path ?? null);
}

describe("every work tree of a repository finds one project", () => {
  test("a linked work tree that of the main one, made there by init from any of them", () => {
    const main = repository("main");
    const tree = join(base, "tree");
    git(main, "worktree", "add", "-q", tree);
    expect(mai(tree, "init").json).toMatchObject({ path: main, work_tree: tree, idempotent: false });
    expect(existsSync(join(tree, ".mai"))).toBe(false);
    expect(roots(main, tree)).toEqual([main, main]);
    expect(mai(tree, "init").json).toMatchObject({ path: main, work_tree: tree, idempotent: true });
    expect(mai(main, "init").json).not.toHaveProperty("work_tree");
  });

  test("also one above the main work tree, and before a copy of .mai that a commit brought along", () => {
    const main = repository("group/main");
    const tree = join(base, "tree");
    git(main, "worktree", "add", "-q", tree);
    mai(join(base, "group"), "init");
    expect(roots(main, tree)).toEqual([join(base, "group"), join(base, "group")]);
    mai(main, "init");
    mkdirSync(join(tree, ".mai"));
    expect(roots(main, tree)).toEqual([main, main]);
  });

  test("a bare repository has it in its own directory", () => {
    const bare = join(base, "repo.git");
    git(base, "clone", "-q", "--bare", repository("seed"), bare);
    for (const name of ["one", "two"]) git(bare, "worktree", "add", "-q", "-b", name, join(base, name));
    expect(mai(join(base, "one"), "init").json.path).toBe(bare);
    expect(roots(bare, join(base, "one"), join(base, "two"))).toEqual([bare, bare, bare]);
  });

  test("a bare repository that a .git file beside it names has it in that directory", () => {
    const top = join(base, "project");
    mkdirSync(top);
    git(base, "clone", "-q", "--bare", repository("seed"), join(top, ".bare"));
    writeFileSync(join(top, ".git"), "gitdir: ./.bare\n");
    for (const name of ["one", "two"]) git(top, "worktree", "add", "-q", "-b", name, join(top, name));
    expect(mai(join(top, "one"), "init").json.path).toBe(top);
    expect(roots(top, join(top, "one"), join(top, "two"))).toEqual([top, top, top]);
  });

  test("a submodule and its work trees have that of the submodule", () => {
    const outer = repository("outer");
    git(outer, "submodule", "--quiet", "add", repository("inner"), "sub");
    const tree = join(base, "sub-tree");
    git(join(outer, "sub"), "worktree", "add", "-q", tree);
    mai(outer, "init");
    expect(roots(join(outer, "sub"), tree)).toEqual([outer, outer]);
    expect(mai(tree, "init").json.path).toBe(join(outer, "sub"));
    expect(roots(join(outer, "sub"), tree, outer)).toEqual([join(outer, "sub"), join(outer, "sub"), outer]);
  });

  test("a repository with a separate git directory has it in the main work tree, once init ran there", () => {
    const main = repository("main", "--separate-git-dir", join(base, "elsewhere"));
    const tree = join(base, "tree");
    git(main, "worktree", "add", "-q", tree);
    expect(mai(tree, "init")).toMatchObject({
      code: 1,
      json: {
        error: "INVALID_STATE",
        hint: expect.stringContaining("Run mai init in its main work tree first."),
      },
    });
    expect(mai(main, "init").json.path).toBe(main);
    expect(roots(main, tree)).toEqual([main, main]);
  });

  test("that was moved and repaired; before the repair it finds nothing, and says so", () => {
    const main = repository("main");
    const [tree, moved] = [join(base, "tree"), join(base, "moved")];
    git(main, "worktree", "add", "-q", tree);
    mai(main, "init");
    renameSync(tree, moved);
    mkdirSync(join(moved, ".mai"));
    expect(mai(moved, "agent", "list").json.warnings).toEqual([
      expect.stringContaining("git worktree repair"),
    ]);
    rmSync(join(moved, ".mai"), { recursive: true });
    expect(mai(moved, "status").json.error).toBe("PROJECT_NOT_FOUND");
    git(main, "worktree", "repair", moved);
    expect(roots(moved)).toEqual([main]);
  });
});

describe("a .git file that a repository does not know leads nowhere", () => {
  test("whether it names a work tree of others, or a directory with a way to them", () => {
    const main = repository("main");
    const tree = join(base, "tree");
    git(main, "worktree", "add", "-q", tree);
    mai(main, "init");
    const [copy, forged, liar] = ["copy", "forged", "liar"].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ];
    for (const directory of [copy, forged, liar]) mkdirSync(directory);
    writeFileSync(join(copy, ".git"), readFileSync(join(tree, ".git")));
    // A git directory of its own that claims to belong to the repository, and names the .git file as git would.
    const own = join(base, "own/worktrees/forged");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "commondir"), `${join(main, ".git")}\n`);
    writeFileSync(join(own, "gitdir"), `${join(forged, ".git")}\n`);
    writeFileSync(join(forged, ".git"), `gitdir: ${own}\n`);
    // A main work tree that names the git directory of another one.
    writeFileSync(join(liar, ".git"), `gitdir: ${join(main, ".git")}\n`);
    expect(roots(copy, forged, liar)).toEqual([null, null, null]);
    expect(roots(tree)).toEqual([main]);
  });
});

describe("a project in a repository", () => {
  test("keeps its line ends in a clone with core.autocrlf, and tells git what belongs to one machine", () => {
    const main = repository("main");
    mai(main, "init");
    mai(main, "issue", "new", "questions", "One", "--body", "two\nlines");
    git(main, "add", "-A");
    git(main, "commit", "-q", "-m", "project");
    git(base, "-c", "core.autocrlf=true", "clone", "-q", main, "clone");
    const clone = join(base, "clone");
    for (const path of [".mai/queues/questions/REQ-001.md", "async/questions/REQ-001.md", ".mai/config.json"])
      expect(readFileSync(join(clone, path), "utf8")).toBe(readFileSync(join(main, path), "utf8"));
    const codes = mai(clone, "doctor").json.findings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual([]);
    const attributes = readFileSync(join(main, ".mai/.gitattributes"), "utf8");
    expect(attributes).toBe(
      "* -text\nevents/*.jsonl merge=union\nhistory/*.log merge=union\nsequence.json merge=union\ndependents/* merge=union\n",
    );
  });

  test("made by an older version gets the file from doctor --fix, and lines of its own stay", () => {
    const main = repository("main");
    mai(main, "init");
    writeFileSync(join(main, ".mai/.gitattributes"), "events/*.jsonl merge=ours\n*.md diff=markdown");
    expect(mai(main, "doctor").json.findings).toMatchObject([
      { code: "gitattributes_incomplete", fixable: true },
    ]);
    expect(mai(main, "doctor", "--fix").json.findings).toEqual([]);
    expect(readFileSync(join(main, ".mai/.gitattributes"), "utf8")).toBe(
      "events/*.jsonl merge=ours\n*.md diff=markdown\n* -text\nhistory/*.log merge=union\nsequence.json merge=union\ndependents/* merge=union\n",
    );
  });
});
