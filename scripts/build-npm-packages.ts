import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeNpmPackages } from "./release/npm-packages.ts";
import { ALL_TARGETS } from "./release/targets.ts";

const projectRoot = join(import.meta.dir, "..");
const { values } = parseArgs({ options: { release: { type: "string" }, out: { type: "string" } } });
const releaseDir = resolve(values.release ?? join(projectRoot, "dist", "release"));
const outDir = resolve(values.out ?? join(projectRoot, "dist", "npm"));
const directories = writeNpmPackages({ projectRoot, releaseDir, outDir, targets: ALL_TARGETS });
console.log(directories.join("\n"));
