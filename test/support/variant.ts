import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { BunPlugin } from "bun";
import { MUTANTS, type MutantName, markOf } from "./mutants.ts";
import type { Program } from "./sandbox.ts";

const SOURCE = resolve(import.meta.dir, "../../src");
const built = new Map<string, Promise<string>>();

/**
 * Compiles the program with deliberate faults: texts of source modules are replaced while they are loaded, so that
 * no switch for them exists in the sources, and none can be in a release.
 * @returns path of the faulty program; the same faults are compiled once, until `removeVariants()`
 */
export function variant(...names: readonly MutantName[]): Promise<string> {
  const key = names.join("+");
  const known = built.get(key) ?? build(names);
  built.set(key, known);
  return known;
}

/** Removes all faulty programs; each is a hundred megabytes large. For `afterAll`. */
export async function removeVariants(): Promise<void> {
  const paths = await Promise.all(built.values());
  built.clear();
  for (const path of paths) rmSync(dirname(path), { recursive: true });
}

async function build(names: readonly MutantName[]): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "mai-variant-")), "mai");
  const sources = mutated(names);
  const result = await Bun.build({
    entrypoints: [join(SOURCE, "main.ts")],
    format: "esm",
    minify: true,
    bytecode: true,
    compile: { outfile },
    plugins: [faultsPlugin(sources)],
  });
  if (!result.success)
    throw new AggregateError(result.logs, `The variant ${names.join("+")} does not compile`);
  return outfile;
}

/**
 * Bundles the program with deliberate faults for running inside the test's own process, which takes a fraction of
 * compiling it.
 */
export async function variantInProcess(...names: readonly MutantName[]): Promise<Program> {
  const directory = mkdtempSync(join(tmpdir(), "mai-variant-"));
  const entry = join(directory, "program.ts");
  const modules = ["cli/run-cli.ts", "store/system.ts"].map((module) => JSON.stringify(join(SOURCE, module)));
  writeFileSync(
    entry,
    `export { runCli } from ${modules[0]};\nexport { machineSystem } from ${modules[1]};\n`,
  );
  const result = await Bun.build({
    entrypoints: [entry],
    format: "esm",
    target: "bun",
    outdir: join(directory, "out"),
    plugins: [faultsPlugin(mutated(names))],
  });
  if (!result.success) throw new AggregateError(result.logs, `${names.join("+")} does not compile`);
  const program: Program = await import(join(directory, "out", "program.js"));
  rmSync(directory, { recursive: true });
  return program;
}

function faultsPlugin(sources: ReadonlyMap<string, string>): BunPlugin {
  return {
    name: "deliberate faults",
    setup(builder) {
      builder.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
        contents: sources.get(path) ?? readFileSync(path, "utf8"),
        loader: "ts",
      }));
    },
  };
}

/** Returns the changed text of each module that the faults touch; the last module bears their marks. */
function mutated(names: readonly MutantName[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  const load = (module: string) => {
    const path = join(SOURCE, module);
    return { path, text: sources.get(path) ?? readFileSync(path, "utf8") };
  };
  for (const name of names) {
    for (const { module, find, put } of MUTANTS[name]) {
      const { path, text } = load(module);
      // A fault that no longer fits the source must fail loudly, or a harness would pass for want of a mutant.
      if (text.split(find).length !== 2)
        throw new Error(`${name}: ${JSON.stringify(find)} is not once in ${module}`);
      sources.set(
        path,
        text.replace(find, () => put),
      );
    }
  }
  const main = load("main.ts");
  const marks = names.map((name) => `Reflect.set(globalThis, ${JSON.stringify(markOf(name))}, true);\n`);
  sources.set(main.path, main.text + marks.join(""));
  return sources;
}
