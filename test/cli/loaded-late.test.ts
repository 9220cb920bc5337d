import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const SRC = resolve(import.meta.dir, "../../src");
const TRANSPILER = new Bun.Transpiler({ loader: "ts" });

/** Returns what is loaded with a file, itself included: our own files by their path in `src/`, others by their name. */
async function loadedWith(files: readonly string[]): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  const load = async (file: string): Promise<void> => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!file.endsWith(".ts")) return;
    for (const { path, kind } of TRANSPILER.scanImports(await Bun.file(join(SRC, file)).text())) {
      if (kind !== "import-statement") continue;
      await load(path.startsWith(".") ? join(dirname(file), path) : path);
    }
  };
  for (const file of files) await load(file);
  return loaded;
}

/** What no command needs that looks at one issue, and where it would come from. */
const LATE = [
  "actions/leases/embedded-guardian.ts",
  "domain/config-schema.ts",
  "output/messages.ts",
  "store/change/apply-changes.ts",
  "store/change/journal.ts",
  "store/issue-cache/issue-index.ts",
  "store/issue-cache/write-index.ts",
  "store/lock/libc.ts",
  "consola",
  "valibot",
  "node:path",
  "node:util",
  "node:zlib",
];

test("a command that looks at one issue loads neither what changes need nor what lists need", async () => {
  const loaded = await loadedWith(["process-context.ts", "cli/issue/show.ts"]);
  expect(loaded).toContain("store/reading/read-project.ts");
  const missing = LATE.filter((name) => name.endsWith(".ts") && !existsSync(join(SRC, name)));
  expect(missing).toEqual([]);
  expect(LATE.filter((name) => loaded.has(name))).toEqual([]);
});

test("a change loads the journal, and no list of all issues", async () => {
  const loaded = await loadedWith(["process-context.ts", "cli/issue/amend.ts"]);
  expect(loaded).toContain("store/change/journal.ts");
  expect(loaded).not.toContain("store/issue-cache/issue-index.ts");
});
