import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { homebrewFormula } from "./release/homebrew-formula.ts";

const projectRoot = join(import.meta.dir, "..");
const { values } = parseArgs({ options: { release: { type: "string" }, out: { type: "string" } } });
const releaseDir = resolve(values.release ?? join(projectRoot, "dist", "release"));
const out = resolve(values.out ?? join(projectRoot, "packaging", "homebrew", "mai.rb"));
writeFileSync(out, homebrewFormula(projectRoot, releaseDir));
console.log(out);
