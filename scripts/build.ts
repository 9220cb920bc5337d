import { statSync } from "node:fs";
import { join } from "node:path";
import { compileBinary } from "./release/compile-binary.ts";

const projectRoot = join(import.meta.dir, "..");
const outFile = join(projectRoot, "dist", "mai");
await compileBinary({ projectRoot, outFile });
console.log(`dist/mai  ${(statSync(outFile).size / 1e6).toFixed(1)} MB`);
