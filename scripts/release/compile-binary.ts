import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { closeRuntime } from "./close-runtime.ts";
import { runOrThrow } from "./run-command.ts";
import type { Target } from "./targets.ts";

/** Says which source tree is compiled, where to, and on which runtime; this machine's own Bun when left out. */
export interface CompileOptions {
  readonly projectRoot: string;
  readonly outFile: string;
  readonly runtime?: { readonly target: Target; readonly executable: string };
}

// A compiled program would read `.env` and `bunfig.toml` (which may name code to preload) from the directory that
// it runs in. mai runs in directories that others write to.
const CLOSED_TO_ITS_DIRECTORY = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];

// How many times longer than usual code is interpreted before it is compiled to machine code: a command is over before
// that pays, and long lists still get it (docs/decisions/0120).
const JIT_PATIENCE = 32;

/**
 * Compiles `src/main.ts` with everything it imports into one executable file. The same source and runtime give the
 * same bytes wherever they lie: the file is built under the name `mai`, which Bun writes into it, and renamed.
 * @throws Error with the compiler's messages when it fails.
 */
export async function compileBinary(options: CompileOptions): Promise<void> {
  const parent = dirname(options.outFile);
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, ".compile-"));
  try {
    const built = join(scratch, "mai");
    const runtime = join(scratch, "runtime");
    closeRuntime(options.runtime?.executable ?? process.execPath, runtime);
    await runOrThrow([process.execPath, ...compilerArguments(options, runtime), "--outfile", built], {
      cwd: options.projectRoot,
      env: compilerEnvironment(),
    });
    chmodSync(built, 0o755);
    renameSync(built, options.outFile);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function compilerArguments({ runtime }: CompileOptions, executable: string): readonly string[] {
  // Split: what a command does not import is not even decoded (docs/performance.md).
  const form = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting"];
  const mode = [...form, `--compile-jit-policy=${JIT_PATIENCE}`, ...CLOSED_TO_ITS_DIRECTORY];
  const target = runtime === undefined ? [] : [`--target=${runtime.target.bunTarget}`];
  return ["build", ...mode, ...target, `--compile-executable-path=${executable}`, "src/main.ts"];
}

// Only what the compiler needs to run: a variable such as BUN_OPTIONS or NODE_ENV would change what it builds.
function compilerEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR"].map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
