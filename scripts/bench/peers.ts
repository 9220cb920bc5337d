import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bench, environment } from "./mai-subjects.ts";
import { processSubject, type Start, type Subject } from "./subject.ts";

const TASKS = 1000;

/** Returns the subjects of other programs, as far as this machine has them; `note` is told what is missing. */
export function peerSubjects(bench: Bench, note: (text: string) => void): readonly Subject[] {
  const peers = [...taskwarrior(bench, note), ...backlog(bench, note), ...pythonTool(bench, note)];
  return peers.filter((peer) => works(peer, note));
}

/** A peer of another version may know other words: its rows are left out then, and that is said. */
function works(subject: Subject, note: (text: string) => void): boolean {
  try {
    subject.time(0);
    return true;
  } catch (error) {
    note(`left out: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

function taskwarrior(bench: Bench, note: (text: string) => void): readonly Subject[] {
  const task = Bun.which("task");
  if (task === null) {
    note("Taskwarrior is not installed (Debian: apt-get install taskwarrior)");
    return [];
  }
  const place = peerPlace(bench, "taskwarrior");
  const rc = join(place.cwd, "taskrc");
  writeFileSync(rc, `data.location=${place.cwd}/data\nconfirmation=off\nverbose=nothing\n`);
  mkdirSync(join(place.cwd, "data"));
  const start = (...argv: readonly string[]): Start => ({
    ...place,
    argv: [task, ...argv],
    env: { ...place.env, TASKRC: rc },
  });
  const tasks = Array.from({ length: TASKS }, (_, index) => ({ description: `Look into case ${index}` }));
  writeFileSync(join(place.cwd, "tasks.json"), JSON.stringify(tasks));
  setUp(start("import", "tasks.json"));
  return [
    processSubject({ name: "task --version" }, () => start("--version")),
    processSubject({ name: "task add, 1,000 tasks" }, () => start("add", "Look into another case")),
    processSubject({ name: "task export, 1,000 tasks" }, () => start("export")),
  ];
}

/** Backlog.md comes from npm, so it is asked for: it is installed into the scratch directory. */
function backlog(bench: Bench, note: (text: string) => void): readonly Subject[] {
  if (process.env.MAI_BENCH_BACKLOG !== "1") {
    note("Backlog.md is left out (MAI_BENCH_BACKLOG=1 installs it into a temporary directory)");
    return [];
  }
  const place = peerPlace(bench, "backlog");
  writeFileSync(join(place.cwd, "package.json"), "{}");
  const environmentOfUser = process.env as Record<string, string>;
  setUp({ argv: [process.execPath, "add", "backlog.md"], cwd: place.cwd, env: environmentOfUser });
  const program = join(place.cwd, "node_modules", ".bin", "backlog");
  const start = (...argv: readonly string[]): Start => ({ ...place, argv: [program, ...argv] });
  setUp({ ...place, argv: ["git", "init", "-q"] });
  setUp(start("init", "bench", "--defaults"));
  return [
    processSubject({ name: "backlog --version" }, () => start("--version")),
    processSubject({ name: "backlog task create" }, () => start("task", "create", "Look into another case")),
    processSubject({ name: "backlog task list" }, () => start("task", "list", "--plain")),
  ];
}

/** The Python tool whose commands and files these are, from a checkout. */
function pythonTool(bench: Bench, note: (text: string) => void): readonly Subject[] {
  const checkout = process.env.MAI_BENCH_PYTHON;
  if (!checkout) {
    note("The Python tool is left out (MAI_BENCH_PYTHON names a checkout of it)");
    return [];
  }
  const place = peerPlace(bench, "python");
  const env = { ...place.env, PYTHONPATH: `${checkout}:${checkout}/src` };
  const start = (...argv: readonly string[]): Start => ({
    cwd: place.cwd,
    env,
    argv: ["python3", "-c", entryPoint(checkout), ...argv],
  });
  setUp(start("init"));
  const issue = ["issue", "new", "questions", "Look into another case", "-o", "alice"];
  return [
    processSubject({ name: "python mai --version" }, () => start("--version")),
    processSubject({ name: "python mai issue new" }, () => start(...issue)),
    processSubject({ name: "python mai queue check" }, () => start("queue", "check")),
  ];
}

/** Returns the Python line that runs the tool's command, by what its package says. */
function entryPoint(checkout: string): string {
  const project = join(checkout, "pyproject.toml");
  const text = existsSync(project) ? readFileSync(project, "utf8") : "";
  const [, module, name] = /^"?mai(?:-cli)?"?\s*=\s*"([\w.]+):(\w+)"/m.exec(text) ?? [];
  if (module === undefined) throw new Error(`${project} names no command mai`);
  return `import sys; sys.argv[0] = "mai"; from ${module} import ${name}; sys.exit(${name}())`;
}

function peerPlace(bench: Bench, name: string): { readonly cwd: string; readonly env: Start["env"] } {
  const cwd = join(bench.scratch, name);
  mkdirSync(cwd);
  return { cwd, env: environment(bench) };
}

function setUp({ argv, cwd, env }: Start): void {
  const ended = Bun.spawnSync([...argv], { cwd, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  if (ended.exitCode !== 0) throw new Error(`${argv.join(" ")}: ${ended.stderr}`);
}
