import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a corpus: one command line a line, headings and empty lines left out, `⏎` for a line feed. */
export function readCorpus(name: "dangerous" | "harmless" | "accidents" | "everyday"): readonly string[] {
  return readFileSync(join(import.meta.dir, `corpus-${name}.txt`), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("## "))
    .map((line) => line.replaceAll("⏎", "\n"));
}
