import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileBinary } from "../release/compile-binary.ts";

/** The programs that are timed. */
export interface Programs {
  /** An empty program: what starting anything compiled by Bun costs. */
  readonly empty: string;
  readonly mai: string;
}

/** Compiles both, in one go and with the flags of a release. */
export async function compilePrograms(scratch: string): Promise<Programs> {
  const project = join(scratch, "empty-program");
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src", "main.ts"), "");
  const empty = join(scratch, "empty");
  const mai = join(scratch, "mai");
  await compileBinary({ projectRoot: project, outFile: empty });
  await compileBinary({ projectRoot: join(import.meta.dir, "..", ".."), outFile: mai });
  return { empty, mai };
}
