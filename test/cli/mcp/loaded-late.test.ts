import { expect, test } from "bun:test";
import { resolve } from "node:path";

const MAIN = resolve(import.meta.dir, "../../../src/main.ts");

test("what the protocol's library needs is loaded for this command alone", async () => {
  const { outputs } = await Bun.build({ entrypoints: [MAIN], target: "bun", splitting: true, minify: true });
  const texts = new Map<string, string>();
  for (const output of outputs) texts.set(output.path.replace("./", ""), await output.text());
  const imports = (name: string, pattern: RegExp) =>
    [...(texts.get(name) ?? "").matchAll(pattern)].map(([, file]) => file ?? "");
  // Reached at once: `import … from`. Reached when asked for: `import(…)`.
  const needs = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const file of imports(name, /(?:from|import)"\.\/([^"]+)"/g)) needs(file, seen);
    return seen;
  };
  const heavy = [...texts.keys()].filter((name) => /"(?:node:)?async_hooks"/.test(texts.get(name) ?? ""));
  expect(heavy).toHaveLength(1);
  const reaching = [...texts.keys()].filter((name) => [...needs(name)].some((file) => heavy.includes(file)));
  const asking = [...texts.keys()].filter((name) =>
    imports(name, /import\("\.\/([^"]+)"\)/g).some((file) => reaching.includes(file)),
  );
  expect(asking.map((name) => /words:"([a-z ]+)"/.exec(texts.get(name) ?? "")?.[1])).toEqual(["mcp"]);
});
